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
 * The one place where a run is asked to end. The first reason stands. Calls in flight end by
 * themselves; every wait for a next call is broken off.
 */
export class Stop {
  readonly #controller = new AbortController();
  #reason: StopReason | undefined;

  get reason(): StopReason | undefined {
    return this.#reason;
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  request(reason: StopReason): void {
    this.#reason ??= reason;
    this.#controller.abort();
  }

  throwIfRequested(): void {
    if (this.#reason) throw new Stopped(this.#reason.message);
  }
}
