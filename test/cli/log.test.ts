import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { RowResult } from '../../src/apply/result.js';
import { Log } from '../../src/cli/screen/log.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function logOf(more: { quiet?: boolean; progress?: boolean } = {}): {
  log: Log;
  lines: Record<string, unknown>[];
} {
  const lines: Record<string, unknown>[] = [];
  const write = (line: string): void => {
    lines.push(JSON.parse(line) as Record<string, unknown>);
  };
  return { log: new Log({ quiet: false, progress: true, ...more }, { write }), lines };
}

const row = (n: number, more: Partial<RowResult>): RowResult => ({
  ...{ row: n, line: n + 2, username: `user-${n}`, status: 'created' },
  ...{ steps: [], attempts: 1, final: true },
  ...more,
});

describe('the log of a long run', () => {
  it('has a line of counts every 30 seconds, until it ends', () => {
    const { log, lines } = logOf();
    log.onPhase('checking', 5_000);
    log.onResult(row(0, { status: 'invalid', code: 'missing-username' }));
    log.onProgress(1_000);
    vi.advanceTimersByTime(30_000);
    log.onPhase('importing', 300);
    log.onResult(row(1, {}));
    log.onResult(row(2, { status: 'failed', code: 'X', message: 'it is so' }));
    log.onResult(row(3, { status: 'not-attempted' }));
    log.onCall('AdminCreateUser', 'throttled', 5);
    log.onCall('AdminCreateUser', 'retried', 5);
    vi.advanceTimersByTime(59_000);
    log.stop();
    vi.advanceTimersByTime(600_000);
    const progress = lines.filter(({ event }) => event === 'progress');
    expect(progress).toMatchObject([
      { phase: 'checking', done: 1_000, total: 5_000, failed: 0 },
      { phase: 'importing', done: 2, total: 300, failed: 1, throttled: 1, unanswered: 1 },
    ]);
    expect(lines.filter(({ event }) => event === 'row')).toMatchObject([
      { level: 'warn', line: 2, status: 'invalid', code: 'missing-username' },
      { level: 'warn', line: 4, status: 'failed', code: 'X', msg: 'it is so' },
    ]);
    expect(JSON.stringify(lines)).not.toMatch('user-');
  });

  it('has none of them with --no-progress', () => {
    const { log, lines } = logOf({ progress: false });
    log.onPhase('importing', 300);
    vi.advanceTimersByTime(600_000);
    expect(lines.map(({ event }) => event)).toEqual(['phase']);
  });

  it('has only warnings and errors with --quiet', () => {
    const { log, lines } = logOf({ quiet: true });
    log.start({ command: 'import' });
    log.onPhase('importing', 300);
    log.onNotice('worth knowing');
    log.onResult(row(2, { status: 'partial', code: 'X' }));
    log.warn('worth knowing in any case');
    vi.advanceTimersByTime(600_000);
    expect(lines.map(({ event }) => event)).toEqual(['row', 'notice']);
  });
});
