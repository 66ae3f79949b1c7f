import type { Clock } from '../../src/apply/clock.js';

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

/**
 * Time that passes only when nothing is left to do at its present moment, so that hours take no time
 * and every run is the same. Good only for work that waits for this clock and for nothing outside.
 */
export class VirtualClock implements Clock {
  #now = 0;
  readonly #startedAt: number;
  readonly #lateBy: () => number;
  readonly #sleepers = new Set<Sleeper>();

  /** `lateBy`: how many milliseconds after its time each timer fires. */
  constructor(startedAt = Date.UTC(2026, 0, 1), lateBy: () => number = () => 0) {
    this.#startedAt = startedAt;
    this.#lateBy = lateBy;
  }

  monotonic(): number {
    return this.#now;
  }

  wall(): number {
    return this.#startedAt + this.#now;
  }

  /** How many wait for time to pass. */
  get sleeping(): number {
    return this.#sleepers.size;
  }

  sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted === true) return Promise.resolve();
    return new Promise((resolve) => {
      const finish = (): void => {
        this.#sleepers.delete(sleeper);
        signal?.removeEventListener('abort', finish);
        resolve();
      };
      const sleeper: Sleeper = {
        at: this.#now + Math.max(0, milliseconds) + this.#lateBy(),
        wake: finish,
      };
      this.#sleepers.add(sleeper);
      signal?.addEventListener('abort', finish);
    });
  }

  /** Lets time pass until the work has ended. Rejects when nothing could ever end it. */
  async run<T>(work: Promise<T>): Promise<T> {
    const ends: true[] = [];
    const noteEnd = (): void => void ends.push(true);
    work.then(noteEnd, noteEnd);
    for (;;) {
      await quiet();
      if (ends.length > 0) return work;
      if (!this.#step(Infinity)) throw new Error('the work waits, and not for this clock');
    }
  }

  /** Lets so much time pass. */
  async advance(milliseconds: number): Promise<void> {
    const until = this.#now + milliseconds;
    do await quiet();
    while (this.#step(until));
    this.#now = until;
    await quiet();
  }

  /** Goes on to the next sleeper; the first that fell asleep wakes first. */
  #step(until: number): boolean {
    let next: Sleeper | undefined;
    for (const sleeper of this.#sleepers) {
      if (sleeper.at <= until && (!next || sleeper.at < next.at)) next = sleeper;
    }
    if (!next) return false;
    this.#now = Math.max(this.#now, next.at);
    next.wake();
    return true;
  }
}

/** Resolves when everything that can go on without time has gone on. */
export function quiet(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Numbers from 0 up to but not 1, the same for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
