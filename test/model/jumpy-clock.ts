import type { Clock } from '../../src/apply/clock.js';

/** Somebody sets a machine's time of day. */
export interface ClockJump {
  /** Since the beginning, in milliseconds. */
  readonly atMs: number;
  /** Back where it is negative. */
  readonly byMs: number;
}

/** The clock of the machine on which processes run: its time of day jumps, and intervals do not. */
export class JumpyClock implements Clock {
  readonly #time: Clock;
  readonly #jumps: readonly ClockJump[];
  /** Grows whenever the process dies. */
  #life = 0;

  constructor(time: Clock, jumps: readonly ClockJump[]) {
    this.#time = time;
    this.#jumps = jumps;
  }

  /** Whoever sleeps now never wakes. */
  kill(): void {
    this.#life++;
  }

  monotonic(): number {
    return this.#time.monotonic();
  }

  wall(): number {
    const now = this.monotonic();
    const jumped = this.#jumps.filter(({ atMs }) => atMs <= now);
    return jumped.reduce((wall, { byMs }) => wall + byMs, this.#time.wall());
  }

  async sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    const life = this.#life;
    await this.#time.sleep(milliseconds, signal);
    if (life !== this.#life) await new Promise<never>(() => undefined);
  }
}
