import type { RowResult } from '../../apply/result.js';

/** What the progress shows: counted as it happens. */
export class Counts {
  rows = 0;
  throttled = 0;
  /** Calls that got no answer, or a fault, and were sent again. */
  unanswered = 0;
  /** Failed and partial rows by code. */
  readonly failures = new Map<string, number>();

  add({ status, code }: RowResult): void {
    if (status === 'not-attempted') return;
    this.rows++;
    if (status === 'failed' || status === 'partial') {
      const name = code ?? status;
      this.failures.set(name, (this.failures.get(name) ?? 0) + 1);
    }
  }

  /** For example `3 failed (2 AliasExistsException, 1 InvalidPasswordException)`. */
  failureText(): string {
    const failed = [...this.failures.values()].reduce((sum, count) => sum + count, 0);
    if (failed === 0) return '0 failed';
    const most = [...this.failures].sort(([, a], [, b]) => b - a).slice(0, 3);
    const kinds = most.map(([code, count]) => `${count} ${code}`).join(', ');
    return `${failed} failed (${kinds}${this.failures.size > most.length ? ', …' : ''})`;
  }
}

/** `4m 10s`, `2h 05m`; for times that are estimates anyway. */
export function durationText(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const [hours, minutes] = [Math.floor(whole / 3_600), Math.floor(whole / 60) % 60];
  const padded = (value: number): string => String(value).padStart(2, '0');
  if (hours > 0) return `${hours}h ${padded(minutes)}m`;
  if (minutes > 0) return `${minutes}m ${padded(whole % 60)}s`;
  return `${whole}s`;
}
