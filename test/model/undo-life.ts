import { expect } from 'vitest';

import { PlanWriter } from '../../src/api/plans/plan-lines.js';
import { resultOfPlan } from '../../src/api/plans/result-of-plan.js';
import { plannedFrom } from '../../src/api/plans/read-planned.js';
import { carryOut } from '../../src/api/run/carry-out.js';
import type { Reopened } from '../../src/api/run/reopen-run.js';
import { sessionCalls } from '../../src/api/run/session.js';
import type { Session } from '../../src/api/run/session.js';
import { planUndo } from '../../src/api/undo/undo-plan.js';
import { undoWork } from '../../src/api/undo/undo-run.js';
import { UnknownUsers } from '../../src/api/undo/undo-unknown.js';
import type { RowResult } from '../../src/apply/result.js';
import { PoolError } from '../../src/cognito/errors.js';
import type { UserPool } from '../../src/cognito/user-pool.js';
import type { Journal } from '../../src/journal/journal.js';
import type { Planned } from '../../src/plan/planned.js';
import type { SentCall } from './faulty-pool.js';
import { diskPrefix } from './mounted.js';
import { openJournal, triedRows } from './open-journal.js';
import { changing, runFolder, sessionOf } from './run-life.js';
import type { RunLife, Told } from './run-life.js';
import { descriptionOf } from './sync-case.js';
import type { SyncCase } from './sync-case.js';
import type { World } from './world.js';

const journalPath = `${diskPrefix}/undo/journal.jsonl`;
const planPath = `${diskPrefix}/undo/plan.jsonl`;

/** An undo of a run through the api's own parts: what its processes do, one after the other. */
export class UndoLife {
  readonly #world: World;
  readonly #one: SyncCase;
  readonly #run: RunLife;
  /** Called when a plan was made and before any of it is carried out. */
  onPlan: () => void = () => undefined;
  #changes = 0;

  constructor(world: World, one: SyncCase, run: RunLife) {
    this.#world = world;
    this.#one = one;
    this.#run = run;
    world.onSent = (call) => {
      this.#holdAgainstLedger(call);
    };
  }

  get tried(): ReadonlySet<number> {
    return triedRows(this.#world.disk.text(journalPath));
  }

  get planned(): readonly Planned[] {
    const lines = this.#world.disk.text(planPath).trim().split('\n').slice(1);
    return lines
      .map((line) => plannedFrom(JSON.parse(line)))
      .filter((line): line is Planned => line.do !== 'end');
  }

  /** One process. */
  readonly process = async (): Promise<Told> => {
    const session = sessionOf(this.#world);
    const pool = this.#world.client();
    const description = descriptionOf(this.#one);
    const journal = await this.#open();
    if (!journal.whole && !(await this.#begin(journal, pool, session))) {
      return { refused: 'by the pool' };
    }
    this.onPlan();
    this.onPlan = () => undefined;
    const undo = { pool, description, journal, retryFailed: false };
    const reason = await carryOut(
      pool,
      [],
      (calls) => undoWork(undo, planPath, calls, session),
      session,
    );
    await journal.seal();
    const results = this.planned.map((planned): RowResult | undefined =>
      journal.stateOf(planned.row) === 'tried'
        ? undefined
        : (journal.resultOf(planned.row) ?? resultOfPlan(planned, 0, '', false)),
    );
    const outcome = reason?.outcome ?? 'complete';
    journal.note({ t: 'end', at: session.clock.wall(), outcome, exitCode: 0 });
    await journal.close();
    return { results };
  };

  /** One that died before its plan was made is begun anew. */
  async #open(): Promise<Journal> {
    const { disk } = this.#world;
    const about = { command: 'undo', options: {} };
    const journal = await openJournal(this.#world, journalPath, about, this.#changes);
    if (journal.whole || !disk.has(planPath)) return journal;
    await journal.close();
    disk.remove(journalPath);
    disk.remove(planPath);
    return openJournal(this.#world, journalPath, about, this.#changes);
  }

  async #begin(journal: Journal, pool: UserPool, session: Session): Promise<boolean> {
    const { disk } = this.#world;
    try {
      const opened = await this.#run.open(session);
      const folder: Reopened['folder'] = {
        run: 'model',
        ...{
          path: runFolder,
          journal: `${runFolder}/journal.jsonl`,
          plan: `${runFolder}/plan.jsonl`,
        },
        release: () => Promise.resolve(),
      };
      const target = { folder, journal: opened.journal, remembered: this.#run.remembered };
      const { calls } = await sessionCalls(session, pool, []);
      const options = { run: 'model' };
      const description = descriptionOf(this.#one);
      const unknown = await UnknownUsers.find(target, pool, description, calls, options, session);
      const writer = await PlanWriter.create(planPath, { undo: 'model' });
      const add = (planned: Planned): Promise<void> => {
        writer.add(planned);
        return writer.drain();
      };
      const { counts } = await planUndo(target.journal, unknown, false, add);
      await writer.finish(counts);
      await opened.journal.close();
      journal.checked({ t: 'checked', rows: 0, sha256: '', missingGroups: [] });
      await journal.flush();
      return true;
    } catch (error) {
      if (!(error instanceof PoolError)) throw error;
      await session.releases.release();
      await journal.close();
      disk.remove(journalPath);
      disk.remove(planPath);
      return false;
    }
  }

  #holdAgainstLedger({ operation }: SentCall): void {
    if (!changing.has(operation)) return;
    this.#changes++;
    const { disk } = this.#world;
    expect(triedRows(disk.durableText(journalPath)).size, 'a line on the disk').toBeGreaterThan(0);
    expect(disk.durableText(planPath), 'the whole plan on the disk').toContain('"do":"end"');
    expect(['AdminDeleteUser', 'AdminEnableUser']).toContain(operation);
  }
}
