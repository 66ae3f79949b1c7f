import type { UserPool } from '../../src/cognito/user-pool.js';
import { ScriptedPool } from '../support/scripted-pool.js';
import { seeded, VirtualClock } from '../support/virtual-clock.js';
import { FaultyPool } from './faulty-pool.js';
import type { Fate, SentCall } from './faulty-pool.js';
import { JumpyClock } from './jumpy-clock.js';
import type { ClockJump } from './jumpy-clock.js';
import { MemoryDisk } from './memory-disk.js';

/** When and how a process dies. */
export interface Crash {
  /**
   * At its so-manieth call or access to the disk, also counted from where its reports begin, or after
   * so many milliseconds.
   */
  readonly at: 'call' | 'disk' | 'report' | 'time';
  readonly count: number;
  readonly how: 'kill' | 'power cut';
  /** Until somebody resumes. */
  readonly pauseMs: number;
}

/** What a case is made of, beside its rows. */
export interface Surroundings {
  readonly schedule: readonly Fate[];
  readonly crashes: readonly Crash[];
  readonly clockJumps: readonly ClockJump[];
  readonly concurrency: number;
  readonly listLagMs: number;
  readonly clockOffsetMs: number;
  readonly byEmail: boolean;
  readonly seed: number;
}

/** Longer than any process of the model has to do. */
const longestMs = 24 * 3_600_000;

/** A pool, a disk and a clock, and the processes that come and go on them. */
export class World {
  readonly time = new VirtualClock();
  /** The one of the machine on which the processes run. */
  readonly clock: JumpyClock;
  readonly pool: ScriptedPool;
  readonly disk: MemoryDisk;
  readonly random: () => number;
  readonly surroundings: Surroundings;
  readonly #faulty: FaultyPool;
  #crashes: readonly Crash[];
  #isCalm = false;
  #isReporting = false;
  /** Called when a call was sent, before it has an effect. */
  onSent: (call: SentCall) => void = () => undefined;

  /** @param refused users whom a trigger refuses */
  constructor(surroundings: Surroundings, refused: ReadonlySet<string>) {
    this.surroundings = surroundings;
    this.random = seeded(surroundings.seed);
    this.#crashes = surroundings.crashes;
    const { listLagMs, clockOffsetMs, byEmail, clockJumps, schedule } = surroundings;
    this.clock = new JumpyClock(this.time, clockJumps);
    this.pool = new ScriptedPool(this.time, { listLagMs, clockOffsetMs, byEmail });
    this.#faulty = new FaultyPool(this.pool, this.time, this.clock, schedule, refused);
    this.disk = new MemoryDisk(this.time, this.random);
  }

  /** The pool as a process of now sees it. */
  client(): UserPool {
    return this.#faulty.client();
  }

  /** What is to befall whatever comes now, from its first call on. */
  befall(schedule: readonly Fate[], crashes: readonly Crash[]): void {
    this.#faulty.befall(schedule);
    this.#crashes = crashes;
    this.#isCalm = false;
  }

  /** Whether nothing befalls the process of now. */
  get isCalm(): boolean {
    return this.#isCalm;
  }

  /** The process of now begins with its reports. */
  reports(): void {
    this.#isReporting = true;
  }

  /** From now on every call goes well. */
  calm(): void {
    this.#faulty.befall([]);
    this.#isCalm = true;
  }

  /**
   * Lives through all that is to befall, and then through a process that nothing befalls. `look` is
   * called after each process that ended in good order, with what it said; `between` after each.
   */
  async live<R>(
    work: () => Promise<R>,
    look: (told: R, isLast: boolean) => void,
    between: (place: number) => void = () => undefined,
  ): Promise<void> {
    await this.suffer(work, look, between);
    this.calm();
    const told = await this.process(work, undefined);
    if (told === undefined) throw new Error('nothing keeps this process from its end');
    // What was under way when a client died has arrived by now.
    await this.time.advance(60_000);
    look(told, true);
  }

  /** The first part of that: when it ends, something may be left undone. */
  async suffer<R>(
    work: () => Promise<R>,
    look: (told: R, isLast: false) => void,
    between: (place: number) => void = () => undefined,
  ): Promise<void> {
    for (const [place, crash] of this.#crashes.entries()) {
      const told = await this.process(work, crash);
      if (told !== undefined) look(told, false);
      await this.time.advance(crash.pauseMs);
      between(place);
    }
  }

  /** One process from its start to its end, which is undefined where it dies. */
  async process<R>(work: () => Promise<R>, crash: Crash | undefined): Promise<R | undefined> {
    let die = (): void => undefined;
    let isOver = false;
    const dead = new Promise<undefined>((resolve) => {
      die = () => {
        if (isOver) return;
        this.#faulty.kill();
        this.clock.kill();
        if (crash?.how === 'power cut') this.disk.powerCut();
        else this.disk.kill();
        resolve(undefined);
      };
    });
    this.#isReporting = false;
    const counts = { call: 0, disk: 0, report: 0, time: 0 };
    const count = (what: Crash['at']): void => {
      if (++counts[what] === crash?.count && crash.at === what) die();
    };
    this.disk.onOperation = () => {
      count('disk');
      if (this.#isReporting) count('report');
    };
    this.#faulty.onCall = (call) => {
      this.onSent(call);
      count('call');
    };
    if (crash?.at === 'time') void this.time.sleep(crash.count * 20).then(die);
    const over = new AbortController();
    const tooLong = this.time.sleep(longestMs, over.signal).then(() => {
      if (!over.signal.aborted) throw new Error('this process has no end');
      return undefined;
    });
    try {
      return await this.time.run(Promise.race([work(), dead, tooLong]));
    } finally {
      isOver = true;
      over.abort();
      // What it left under way is not heard of any more.
      this.clock.kill();
    }
  }
}
