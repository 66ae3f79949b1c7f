import type { Phase, RunListener } from '../../api/listener.js';

/** Phases in which calls are made for the rows. */
const working: ReadonlySet<Phase> = new Set(['importing', 'syncing', 'undoing', 'verifying']);

/** How far a run is: counted as it happens. */
export class Tally {
  phase: Phase = 'checking';
  /** Of what the phase counts; 0 where nobody knows. */
  total = 0;
  done = 0;
  throttled = 0;
  /** Calls that got no answer, or a fault, and were sent again. */
  unanswered = 0;
  /** Failed and partial rows by code. */
  readonly failures = new Map<string, number>();

  get isWorking(): boolean {
    return working.has(this.phase);
  }

  get failed(): number {
    return [...this.failures.values()].reduce((sum, count) => sum + count, 0);
  }

  begin(phase: Phase, total: number): void {
    this.phase = phase;
    this.total = total;
    this.done = 0;
  }

  readonly addResult: NonNullable<RunListener['onResult']> = ({ status, code }) => {
    if (!this.isWorking) return;
    if (status !== 'not-attempted') this.done++;
    if (status !== 'failed' && status !== 'partial') return;
    const name = code ?? status;
    this.failures.set(name, (this.failures.get(name) ?? 0) + 1);
  };

  readonly addCall: NonNullable<RunListener['onCall']> = (_, outcome) => {
    if (outcome === 'throttled') this.throttled++;
    if (outcome === 'retried') this.unanswered++;
  };
}
