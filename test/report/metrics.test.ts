import { describe, expect, it } from 'vitest';

import { metricsStart, metricsText } from '../../src/report/metrics.js';
import type { Summary } from '../../src/report/summary.js';
import { readMetrics, valuesOf } from '../support/prometheus.js';

const summary: Summary = {
  run: 'r',
  command: 'sync',
  file: { name: 'people.csv', sha256: 'ab', rows: 9 },
  pool: { id: 'eu-central-1_A', region: 'eu-central-1' },
  startedAt: '2026-11-23T02:00:00.000Z',
  finishedAt: '2026-11-23T02:00:09.500Z',
  durationSeconds: 9.41,
  outcome: 'complete',
  reason: null,
  rows: { total: 9, byStatus: { created: 6, failed: 2, invalid: 1 } },
  byCode: { 'invalid-email': 1, 'a "quoted" \\ code\nof two lines': 2 },
  calls: {
    AdminCreateUser: { ok: 6, throttled: 3, retried: 1, failed: 2 },
    ListUsers: { ok: 1, throttled: 0, retried: 0, failed: 0 },
  },
  rates: {
    UserCreation: { limit: 50, share: 0.8, achieved: 0.64 },
    UserList: { limit: 30, share: 0.8, achieved: 0.1 },
  },
  exitCode: 1,
};
const endedAt = Date.UTC(2026, 10, 23, 2, 0, 9, 500);
const run = { command: 'sync', userPoolId: 'eu-central-1_A', endedAt, exitCode: 1 };

describe('the metrics of a run', () => {
  const text = metricsText({ ...run, summary });
  const samples = readMetrics(text);

  it('say all that the summary has in figures', () => {
    const one = (name: string): number[] =>
      samples.filter((it) => it.name === `cognito_bulk_run_${name}`).map(({ value }) => value);
    expect(one('last_timestamp_seconds')).toEqual([endedAt / 1_000]);
    expect(one('duration_seconds')).toEqual([9.41]);
    expect(one('exit_code')).toEqual([1]);
    expect(one('complete')).toEqual([1]);
    expect(valuesOf(samples, 'cognito_bulk_run_errors', 'code')).toEqual(summary.byCode);
    expect(valuesOf(samples, 'cognito_bulk_run_rate_limit', 'category')).toEqual({
      UserCreation: 50,
      UserList: 30,
    });
    expect(valuesOf(samples, 'cognito_bulk_run_rate_achieved', 'category')).toEqual({
      UserCreation: 0.64,
      UserList: 0.1,
    });
    const creates = samples.filter(({ labels }) => labels['operation'] === 'AdminCreateUser');
    expect(valuesOf(creates, 'cognito_bulk_run_calls_total', 'outcome')).toEqual(
      summary.calls.AdminCreateUser,
    );
  });

  it('have a zero for what alarms are made of', () => {
    expect(valuesOf(samples, 'cognito_bulk_run_rows', 'status')).toEqual({
      ...{ created: 6, failed: 2, invalid: 1 },
      ...{ partial: 0, 'not-attempted': 0 },
    });
  });

  it('name the command and the pool on every line, and nothing personal', () => {
    for (const { labels } of samples) {
      expect(labels).toMatchObject({ command: 'sync', user_pool_id: 'eu-central-1_A' });
    }
    expect(text).not.toMatch('people');
  });

  it('of a run that was stopped are not complete', () => {
    const stopped = readMetrics(
      metricsText({ ...run, summary: { ...summary, outcome: 'stopped' } }),
    );
    expect(stopped.find(({ name }) => name.endsWith('_complete'))?.value).toBe(0);
  });

  it('of a command that never began are its end and nothing else', () => {
    const none = metricsText({ command: 'sync', userPoolId: '', endedAt, exitCode: 2 });
    expect(readMetrics(none).map(({ name, value }) => [name, value])).toEqual([
      ['cognito_bulk_run_last_timestamp_seconds', endedAt / 1_000],
      ['cognito_bulk_run_exit_code', 2],
      ['cognito_bulk_run_complete', 0],
    ]);
  });

  it('begin so that the next run knows the file for its own', () => {
    expect(text.startsWith(metricsStart)).toBe(true);
  });
});
