import { expect } from 'vitest';

import { importWork } from '../../src/api/import/import-work.js';
import { plannedFrom } from '../../src/api/plans/read-planned.js';
import { carryOut } from '../../src/api/run/carry-out.js';
import { checkFile, readWholeHeader } from '../../src/api/run/check-file.js';
import type { Checked } from '../../src/api/run/check-file.js';
import { Releases } from '../../src/api/run/releases.js';
import type { Remembered } from '../../src/api/run/remembered.js';
import { sessionCalls } from '../../src/api/run/session.js';
import type { Session } from '../../src/api/run/session.js';
import { importSettings, readingSettings } from '../../src/api/run/settings.js';
import { Refusal } from '../../src/api/refusal.js';
import { makeSyncPlan } from '../../src/api/sync/make-sync-plan.js';
import { refuseRemovals } from '../../src/api/plans/before-writing.js';
import { syncRows, syncWork } from '../../src/api/sync/sync-run.js';
import type { Sync } from '../../src/api/sync/sync-run.js';
import type { RowResult } from '../../src/apply/result.js';
import { Stop } from '../../src/apply/stop.js';
import { PoolError } from '../../src/cognito/errors.js';
import type { CreateUserRequest } from '../../src/cognito/user-pool.js';
import type { Journal } from '../../src/journal/journal.js';
import type { Planned } from '../../src/plan/planned.js';
import { ratesOf } from '../support/apply-bench.js';
import type { SentCall } from './faulty-pool.js';
import { diskPrefix } from './mounted.js';
import { openJournal, resultIn, triedRows } from './open-journal.js';
import { descriptionOf, emailOf, fileOf, rowOptionsOf, settingsOf } from './sync-case.js';
import type { SyncCase } from './sync-case.js';
import type { World } from './world.js';

/** Where the model's runs are kept. */
export const runFolder = `${diskPrefix}/run`;
const journalPath = `${runFolder}/journal.jsonl`;
const planPath = `${runFolder}/plan.jsonl`;

/** What a process says at its end: why nothing was begun, or what became of everybody. */
export type Told =
  | { readonly refused: 'by the cap' | 'by the pool' }
  | { readonly refused?: undefined; readonly results: readonly (RowResult | undefined)[] };

/** Operations that change a user. */
export const changing: ReadonlySet<string> = new Set([
  ...['AdminCreateUser', 'AdminUpdateUserAttributes', 'AdminDeleteUser', 'AdminEnableUser'],
  ...['AdminDisableUser', 'AdminAddUserToGroup', 'AdminRemoveUserFromGroup'],
]);

/** A session of the model, whose calls have no quota to speak of. */
export function sessionOf({ clock, random, surroundings }: World): Session {
  const { concurrency } = surroundings;
  const rate = ratesOf(1_000);
  return {
    options: { concurrency, rate, rateShare: 1, maxAttempts: 4 },
    ...{ listener: {}, clock, random, stop: new Stop() },
    ...{ releases: new Releases(), notice: () => undefined, notices: [] },
  };
}

/** A sync or an import through the api's own parts: what its processes do, one after the other. */
export class RunLife {
  readonly #world: World;
  readonly #one: SyncCase;
  readonly remembered: Remembered;
  /** Called when a plan was made and before any of it is carried out. */
  onPlan: () => void = () => undefined;
  /** Calls that change somebody, of the run. */
  changes = 0;

  constructor(world: World, one: SyncCase) {
    this.#world = world;
    this.#one = one;
    this.remembered = { file: {}, rows: rowOptionsOf(one), pool: {} };
    world.onSent = (call) => {
      this.#holdAgainstLedger(call);
    };
  }

  /** Rows and users whose change may have been sent, as the journal says. */
  get tried(): ReadonlySet<number> {
    return triedRows(this.#world.disk.text(journalPath));
  }

  /** What the plan says, once there is one. */
  get planned(): readonly Planned[] {
    const lines = this.#world.disk.text(planPath).trim().split('\n').slice(1);
    return lines
      .map((line) => plannedFrom(JSON.parse(line)))
      .filter((line): line is Planned => line.do !== 'end');
  }

  /** One process. */
  readonly process = async (): Promise<Told> => {
    const session = sessionOf(this.#world);
    const { journal, source } = await this.open(session);
    const pool = this.#world.client();
    const { description, header, settings } = await this.#view(source);
    const parts = { source, header, pool, description, journal, settings };
    const run: Sync = {
      ...parts,
      ...{ client: undefined, passwords: undefined, retryFailed: false, plan: planPath },
    };
    if (!journal.whole) {
      const refused = await this.#begin(run, session);
      if (refused !== undefined) return { refused };
    }
    this.onPlan();
    this.onPlan = () => undefined;
    const reason =
      this.#one.command === 'sync'
        ? await carryOut(pool, [], (calls) => syncWork(run, calls, session), session)
        : await carryOut(pool, [], (calls) => importWork(run, calls, session), session);
    await journal.seal();
    const results = await this.#results(run);
    const outcome = reason?.outcome ?? 'complete';
    journal.note({ t: 'end', at: session.clock.wall(), outcome, exitCode: 0 });
    await journal.close();
    return { results };
  };

  /** Opens the run as it is; one that was never begun is begun anew. */
  async open(session: Session): Promise<{ journal: Journal; source: ReturnType<typeof fileOf> }> {
    const { disk } = this.#world;
    const about = { command: this.#one.command, options: this.remembered };
    let journal = await openJournal(this.#world, journalPath, about, this.changes);
    const isLeft = journal.rows > 0 || disk.has(planPath);
    if (!journal.whole && this.#one.command === 'sync' && isLeft) {
      expect(this.changes, 'changes before the plan was whole').toBe(0);
      await journal.close();
      disk.remove(journalPath);
      disk.remove(planPath);
      journal = await openJournal(this.#world, journalPath, about, this.changes);
    }
    session.releases.add(() => journal.close());
    return { journal, source: fileOf(this.#one) };
  }

  async #view(
    source: ReturnType<typeof fileOf>,
  ): Promise<Pick<Sync, 'description' | 'header' | 'settings'>> {
    const description = descriptionOf(this.#one);
    const rows = {
      ...rowOptionsOf(this.#one),
      onExisting: this.#one.command === 'sync' ? 'fail' : 'skip',
    } as const;
    const reading = await readingSettings(rows, new Date(0));
    const { header } = readWholeHeader(source, description, reading);
    return { description, header, settings: importSettings(rows, header) };
  }

  /** Reads the file, and for a sync the pool, and says in the journal that it may begin. */
  async #begin(run: Sync, session: Session): Promise<'by the cap' | 'by the pool' | undefined> {
    const { source, header, description, journal, pool } = run;
    if (this.#one.command === 'import') {
      await checkFile(run, session);
      return undefined;
    }
    const settings = settingsOf(this.#one);
    const planning = { source, header, description, settings, journal, pool };
    const head = ({ sha256, rows }: Checked): never =>
      ({ plan: 'cognito-bulk', file: { sha256, rows } }) as never;
    try {
      const { calls } = await sessionCalls(session, pool, []);
      const goOn = (): Promise<void> => Promise.resolve();
      const made = await makeSyncPlan(planning, planPath, head, goOn, calls, session);
      refuseRemovals(made.counts, this.#one.cap);
      journal.checked({ t: 'checked', ...made.checked });
      await journal.flush();
      return undefined;
    } catch (error) {
      if (!(error instanceof Refusal || error instanceof PoolError)) throw error;
      await journal.close();
      this.#world.disk.remove(journalPath);
      this.#world.disk.remove(planPath);
      return error instanceof Refusal ? 'by the cap' : 'by the pool';
    }
  }

  /** What the reports would say, in their order. */
  async #results(run: Sync): Promise<readonly (RowResult | undefined)[]> {
    const { journal } = run;
    if (this.#one.command === 'import') {
      return this.#one.lines.map((_, row) => resultIn(journal, row));
    }
    const results: (RowResult | undefined)[] = [];
    for await (const rows of syncRows(run, false, {}).rows) {
      for (const { otherwise } of rows) {
        const row = results.length;
        const isUnknown = journal.stateOf(row) === 'tried';
        results.push(isUnknown ? undefined : (journal.resultOf(row) ?? otherwise));
      }
    }
    return results;
  }

  /** What is changed is in the ledger and in the plan, on the disk, before it is sent. */
  #holdAgainstLedger({ operation, args }: SentCall): void {
    if (!changing.has(operation)) return;
    this.changes++;
    const { disk } = this.#world;
    const row = this.#rowOf(args);
    const tried = triedRows(disk.durableText(journalPath));
    expect(tried.has(row), `a line of row ${row} on the disk`).toBe(true);
    if (this.#one.command === 'sync') {
      expect(disk.durableText(planPath), 'the whole plan on the disk').toContain('"do":"end"');
    }
  }

  #rowOf([first]: SentCall['args']): number {
    const name = typeof first === 'string' ? first : (first as CreateUserRequest).username;
    const { users } = this.#world.pool;
    const user = users.find(({ username, sub }) => username === name || sub === name);
    const planned = this.planned.find(
      (one) =>
        ('sub' in one && one.sub === user?.sub) || ('username' in one && one.username === name),
    );
    if (planned) return planned.row;
    const email = user?.attributes.find(({ Name }) => Name === 'email')?.Value;
    return this.#one.lines.findIndex((_, row) =>
      [emailOf(row), `u${row}`].some((own) => own === name || own === email),
    );
  }
}
