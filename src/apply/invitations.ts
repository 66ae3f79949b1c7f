import { PoolError } from '../cognito/errors.js';
import { Stopped } from './stop.js';
import type { Stop } from './stop.js';

/**
 * Counts invitations against `--invite-limit`. A place is taken before the call and given back when
 * nobody was messaged, so that the limit is met exactly whatever is in flight.
 */
export class Invitations {
  readonly #limit: number;
  readonly #stop: Stop;
  #sent = 0;
  #inFlight = 0;
  #waiting: (() => void)[] = [];

  constructor(limit: number, stop: Stop) {
    this.#limit = limit;
    this.#stop = stop;
    stop.signal.addEventListener('abort', () => {
      this.#wake();
    });
  }

  /** Sends one: after a lost answer it counts as sent. Rejects as `send` does, and as `#take`. */
  async sendOne<T>(send: () => Promise<T>): Promise<T> {
    await this.#take();
    let mayBeSent = true;
    try {
      return await send();
    } catch (error) {
      mayBeSent = error instanceof PoolError && error.kind === 'lost';
      throw error;
    } finally {
      this.#settle(mayBeSent);
    }
  }

  /** Resolves when one more may be sent; rejects with `Stopped`, and ends the run, when none may. */
  async #take(): Promise<void> {
    while (this.#sent + this.#inFlight >= this.#limit) {
      this.#stop.throwIfRequested();
      if (this.#inFlight === 0) {
        const message = `${this.#limit} invitations were sent, as --invite-limit says`;
        this.#stop.request({ outcome: 'stopped', code: 'invite-limit', message });
        throw new Stopped(message);
      }
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    this.#inFlight++;
  }

  /** Says what came of a place that was taken. */
  #settle(sent: boolean): void {
    this.#inFlight--;
    if (sent) this.#sent++;
    this.#wake();
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}
