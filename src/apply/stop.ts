import { once, setMaxListeners } from 'node:events';

/** Why a run ends before its end. */
export interface StopReason {
  readonly outcome: 'stopped' | 'interrupted';
  /** Kebab-case, or the service's error name. */
  readonly code: string;
  /** What happened and what to do, in one sentence. */
  readonly message: string;
  /** The exit code where the reason decides it: 130, 143. */
  readonly exitCode?: number;
}

/** Thrown out of a wait when the run is to end: no further call is sent. */
export class Stopped extends Error {
  override readonly name = 'Stopped';
}

/**
 * The one place where a run is asked to end. The first reason stands, also where somebody loses
 * patience later. Calls in flight end by themselves; every wait for a next call is broken off.
 */
export class Stop {
  readonly #controller = new AbortController();
  readonly #interrupted = new AbortController();
  #reason: StopReason | undefined;

  constructor() {
    // In an outage every row waits, and Node would warn of a leak.
    setMaxListeners(0, this.#controller.signal, this.#interrupted.signal);
  }

  get reason(): StopReason | undefined {
    return this.#reason;
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Aborts when a person or the system wants the process to end, whatever stopped the run before. */
  get interrupted(): AbortSignal {
    return this.#interrupted.signal;
  }

  request(reason: StopReason): void {
    this.#reason ??= reason;
    this.#controller.abort();
    if (reason.outcome === 'interrupted') this.#interrupted.abort();
  }

  /** Does what nobody needs once the process is to end: then it rejects with `Stopped` at once. */
  async unlessInterrupted<T>(work: () => Promise<T>): Promise<T> {
    if (this.interrupted.aborted) this.throwIfRequested();
    const over = new AbortController();
    const interrupted = once(this.interrupted, 'abort', { signal: over.signal }).then(() => {
      throw new Stopped(this.#reason?.message);
    });
    try {
      return await Promise.race([work(), interrupted]);
    } finally {
      over.abort();
    }
  }

  throwIfRequested(): void {
    if (this.#reason) throw new Stopped(this.#reason.message);
  }
}
