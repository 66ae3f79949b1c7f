import { expect } from 'vitest';

import { Calls } from '../../src/apply/calls.js';
import type { Effort } from '../../src/apply/calls.js';
import { applyAll } from '../../src/apply/engine.js';
import { Invitations } from '../../src/apply/invitations.js';
import type { Earlier } from '../../src/apply/ledger.js';
import type { RowResult } from '../../src/apply/result.js';
import { Stop } from '../../src/apply/stop.js';
import type { Tools } from '../../src/apply/tools.js';
import type { UserPoolSettings } from '../../src/cognito/description.js';
import { Journal } from '../../src/journal/journal.js';
import { JournalError } from '../../src/journal/read-journal.js';
import type { ImportSettings } from '../../src/plan/import-plan.js';
import { ratesOf } from '../support/apply-bench.js';
import { ScriptedPool } from '../support/scripted-pool.js';
import { seeded, VirtualClock } from '../support/virtual-clock.js';
import { FaultyPool } from './faulty-pool.js';
import type { Fate, SentCall } from './faulty-pool.js';
import { MemoryDisk } from './memory-disk.js';
import { diskPrefix } from './mounted.js';

const journalPath = `${diskPrefix}/run/journal.jsonl`;

/** When and how a process dies. */
export interface Crash {
  /** At its so-manieth call or access to the disk, or after so many milliseconds. */
  readonly at: 'call' | 'disk' | 'time';
  readonly count: number;
  readonly how: 'kill' | 'power cut';
  /** Until somebody resumes. */
  readonly pauseMs: number;
}

/** What a case is made of, beside its rows. */
export interface Surroundings {
  readonly schedule: readonly Fate[];
  readonly crashes: readonly Crash[];
  readonly concurrency: number;
  readonly listLagMs: number;
  readonly clockOffsetMs: number;
  readonly byEmail: boolean;
  readonly seed: number;
}

/** What is done with the rows. */
export interface Job<A extends { readonly row: number }> {
  readonly command: 'import' | 'sync';
  readonly actions: readonly A[];
  readonly settings: ImportSettings;
  readonly apply: (
    action: A,
    earlier: Earlier | undefined,
    effort: Effort,
    tools: Tools,
  ) => Promise<RowResult>;
  /** Users whom a trigger refuses. */
  readonly refused: ReadonlySet<string>;
  /** Whether the ledger has to have a line of this row before the call is sent; undefined: no matter. */
  readonly rowOf: (call: SentCall) => number | undefined;
}

const maxAttempts = 4;

/** A pool, a disk and a clock, and the processes that come and go on them. */
export class World<A extends { readonly row: number }> {
  readonly clock = new VirtualClock();
  readonly pool: ScriptedPool;
  readonly #faulty: FaultyPool;
  readonly #disk: MemoryDisk;
  readonly #job: Job<A>;
  readonly #surroundings: Surroundings;
  readonly #random: () => number;
  /** How each create and invitation of a row that was sent ended, in order. */
  readonly #sent = new Map<number, Fate[]>();

  constructor(job: Job<A>, surroundings: Surroundings) {
    this.#job = job;
    this.#surroundings = surroundings;
    this.#random = seeded(surroundings.seed);
    const { listLagMs, clockOffsetMs, byEmail } = surroundings;
    this.pool = new ScriptedPool(this.clock, { listLagMs, clockOffsetMs, byEmail });
    this.#faulty = new FaultyPool(this.pool, this.clock, surroundings.schedule, job.refused);
    this.#disk = new MemoryDisk(this.clock, this.#random);
  }

  get disk(): MemoryDisk {
    return this.#disk;
  }

  /**
   * Lives through all that is to befall, and then through a session in which nothing does. `look` is
   * called after each session that ended in good order, with what it reported of each row.
   */
  async live(
    look: (results: readonly (RowResult | undefined)[], isLast: boolean) => void,
  ): Promise<void> {
    for (const crash of this.#surroundings.crashes) {
      const results = await this.#session(crash);
      if (results) look(results, false);
      await this.clock.advance(crash.pauseMs);
    }
    this.#faulty.calm();
    const results = await this.#session(undefined);
    if (!results) throw new Error('nothing keeps this session from its end');
    // What was under way when a client died has arrived by now.
    await this.clock.advance(60_000);
    look(results, true);
  }

  async #session(
    crash: Crash | undefined,
  ): Promise<readonly (RowResult | undefined)[] | undefined> {
    let die = (): void => undefined;
    let isOver = false;
    const dead = new Promise<undefined>((resolve) => {
      die = () => {
        if (isOver) return;
        this.#faulty.kill();
        if (crash?.how === 'power cut') this.#disk.powerCut();
        else this.#disk.kill();
        resolve(undefined);
      };
    });
    const counts = { call: 0, disk: 0, time: 0 };
    const count = (what: Crash['at']): void => {
      if (++counts[what] === crash?.count && crash.at === what) die();
    };
    this.#disk.onOperation = () => {
      count('disk');
    };
    this.#faulty.onCall = (call) => {
      this.#holdAgainstLedger(call);
      count('call');
    };
    if (crash?.at === 'time') void this.clock.sleep(crash.count * 20).then(die);
    const results = await this.clock.run(Promise.race([this.#work(), dead]));
    isOver = true;
    return results;
  }

  async #work(): Promise<readonly (RowResult | undefined)[]> {
    const journal = await this.#openJournal();
    const { clock } = this;
    const { actions, command, settings, apply } = this.#job;
    if (!journal.whole) {
      const rows = command === 'import' ? actions.length : 0;
      journal.checked({ t: 'checked', rows, sha256: '', missingGroups: [] });
      await journal.flush();
    }
    const stop = new Stop();
    const pool = this.#faulty.client();
    const rates = ratesOf(1_000);
    const probe = (): Promise<unknown> => pool.describeUserPool();
    const tools: Tools = {
      pool,
      settings: this.#poolSettings,
      importSettings: settings,
      calls: new Calls({ rates, maxAttempts, probe }, clock, this.#random, stop),
      ledger: journal,
      invitations: new Invitations(Infinity, stop),
      newPassword: () => 'Thr0wn-away!',
      clock,
      stop,
    };
    await applyAll(
      pendingOf(actions, journal),
      (action, earlier, effort) => apply(action, earlier, effort, tools),
      {
        concurrency: this.#surroundings.concurrency,
        rowsPerSecond: 1_000,
        earlier: (row) => journal.earlier(row),
        onResult: () => undefined,
      },
      tools,
    );
    await journal.seal();
    const results = actions.map(({ row }) => journal.resultOf(row));
    const outcome = stop.reason?.outcome ?? 'complete';
    journal.note({ t: 'end', at: clock.wall(), outcome, exitCode: 0 });
    await journal.close();
    return results;
  }

  get #poolSettings(): UserPoolSettings {
    const { byEmail } = this.#surroundings;
    return { Id: 'eu-west-1_Scripted', ...(byEmail && { UsernameAttributes: ['email'] }) };
  }

  /** A journal of which a power cut left nothing is one on whose word nothing was sent. */
  async #openJournal(): Promise<Journal> {
    const now = (): number => this.clock.wall();
    if (this.#disk.has(journalPath)) {
      try {
        return await Journal.resume(journalPath, now);
      } catch (error) {
        if (!(error instanceof JournalError) || !error.message.includes('nothing was begun'))
          throw error;
        expect(this.#sent.size, 'calls without a journal').toBe(0);
        this.#disk.remove(journalPath);
      }
    }
    expect(this.#sent.size, 'calls without a journal').toBe(0);
    const { command } = this.#job;
    const begin = {
      ...({ t: 'run', version: 1, run: 'model', command, at: now(), options: {} } as const),
      file: { name: 'model.csv', path: 'model.csv' },
      pool: { id: this.pool.userPoolId, region: this.pool.region },
    };
    return Journal.create(journalPath, begin, now);
  }

  /** What must not be sent twice is on the disk before it is sent, and sent again only in need. */
  #holdAgainstLedger(call: SentCall): void {
    const row = this.#job.rowOf(call);
    if (row === undefined) return;
    const tries = this.#disk
      .durableText(journalPath)
      .split('\n')
      .filter((line) => line.includes('"t":"try"') && line.includes(`[${row},`));
    expect(tries.length, `a line of row ${row} on the disk`).toBeGreaterThan(0);
    const before = this.#sent.get(row) ?? [];
    this.#sent.set(row, [...before, call.fate]);
  }
}

async function* pendingOf<A extends { readonly row: number }>(
  actions: readonly A[],
  journal: Journal,
): AsyncGenerator<readonly A[]> {
  for (const action of actions) {
    await Promise.resolve();
    const state = journal.stateOf(action.row);
    if (state === 'untouched' || state === 'tried' || state === 'open') yield [action];
  }
}
