/** Time, passed in so that a test can run hours of it in no time. */
export interface Clock {
  /** Milliseconds that never jump; good for intervals only. */
  monotonic(): number;
  /** Milliseconds since 1970, by this machine. */
  wall(): number;
  /** Resolves after the time, or at once when the signal aborts; the caller looks at the signal. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

/** A clock that runs so many times faster, for a rehearsal; the time of day stays what it is. */
export function fasterClock(clock: Clock, speed: number): Clock {
  return {
    monotonic: () => clock.monotonic() * speed,
    wall: () => clock.wall(),
    sleep: (milliseconds, signal) => clock.sleep(milliseconds / speed, signal),
  };
}

export const systemClock: Clock = {
  monotonic: () => performance.now(),
  wall: () => Date.now(),
  sleep: (milliseconds, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted === true) {
        resolve();
        return;
      }
      const finish = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', finish);
        resolve();
      };
      const timer = setTimeout(finish, milliseconds);
      signal?.addEventListener('abort', finish);
    }),
};
