import { existsSync, readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { describe, expect, it, vi } from 'vitest';

import type { Ended } from '../support/cli.js';
import { fast, openPlace, people, until, type Place } from '../support/place.js';
import { readMetrics, valuesOf } from '../support/prometheus.js';
import { openReceiver } from '../support/receiver.js';

// Most of the time these wait for each other's clock, not for the processor.
vi.setConfig({ maxConcurrency: 6 });

type Line = Readonly<Record<string, unknown>>;

/** Standard error as log lines: fails where there is anything else. */
function lines({ stderr }: Ended): Line[] {
  if (stderr === '') return [];
  expect(stderr.endsWith('\n'), stderr).toBe(true);
  return stderr
    .slice(0, -1)
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
}

const events = (all: readonly Line[], event: string): Line[] =>
  all.filter((line) => line['event'] === event);

const log = ['--log-format', 'json'];
const canary = (n: number): string => `Canary-${n}-Xy9!`;

/** Rows that are made, refused, left half done, invalid and there twice. */
const file =
  people(4, { groups: () => 'staff', password: canary }) +
  `,none@example.com,staff,${canary(5)}\nu0001,twin@example.com,staff,${canary(6)}\n`;

async function openNight(): Promise<Place> {
  const place = await openPlace({
    faults: {
      rules: [
        { kind: 'trigger-refuses', operation: 'AdminCreateUser', username: '^u0002$' },
        { kind: 'internal-error', operation: 'AdminAddUserToGroup', username: '^u0003$' },
      ],
    },
  });
  await place.write('f.csv', file);
  return place;
}

const night = ['--create-groups', '--max-attempts', '2'];
const outcome = { created: 2, failed: 1, partial: 1, invalid: 2 };

/** What the reports say of the rows that are not fine. */
function rowsToMend(place: Place, run = 'r'): Line[] {
  return place
    .results(run)
    .filter(({ status }) => ['failed', 'partial', 'invalid'].includes(status))
    .map(({ line, status, code, message }) => ({ line: Number(line), status, code, msg: message }));
}

function rowsTold(all: readonly Line[]): Line[] {
  return events(all, 'row')
    .map(({ line, status, code, msg }) => ({ line, status, code, msg }))
    .sort((a, b) => Number(a.line) - Number(b.line));
}

describe.concurrent('--log-format json', () => {
  it('has a line for each row that is not fine, as the report has it, and one for the end', async () => {
    const place = await openNight();
    const ended = await place.import('f.csv', ...night, ...log);
    expect(ended.code, ended.stderr).toBe(1);
    const all = lines(ended);
    expect(place.statuses()).toEqual(outcome);
    expect(rowsTold(all)).toEqual(rowsToMend(place));
    expect(events(all, 'row').every(({ level }) => level === 'warn')).toBe(true);

    const pool = place.pool.userPoolId;
    expect(all[0]).toMatchObject({ event: 'start', command: 'import', file: 'f.csv', pool });
    expect(events(all, 'start').length).toBe(1);
    expect(events(all, 'phase').map(({ phase }) => phase)).toEqual([
      ...['checking', 'importing', 'reporting'],
    ]);
    const { durationSeconds } = place.summary();
    expect(events(all, 'end')).toEqual([
      expect.objectContaining({
        ...{ level: 'warn', command: 'import', run: 'r', pool, durationSeconds, exitCode: 1 },
        ...{ outcome: 'complete', reason: null, byStatus: outcome, folder: 'reports/r' },
      }),
    ]);
    for (const { time } of all) expect(new Date(String(time)).toISOString()).toBe(time);

    // Nobody is named, no secret is told, and the table is where it always was.
    expect(ended.stderr).not.toMatch(/u000\d|example\.com|Canary/);
    expect(ended.stdout).toMatch(/created\s+2\b/);
  });

  it('leaves standard output to the document, with --json', async () => {
    const place = await openNight();
    const ended = await place.import('f.csv', ...night, ...log, '--json');
    expect(JSON.parse(ended.stdout)).toEqual(place.summary());
    expect(events(lines(ended), 'end').length).toBe(1);
  });

  it('leaves warnings and errors, with --quiet', async () => {
    const place = await openNight();
    const ended = await place.import('f.csv', ...night, ...log, '--quiet');
    expect(ended.stdout).toBe('');
    expect(lines(ended).map(({ event }) => event)).toEqual([
      ...['row', 'row', 'row', 'row'],
      'end',
    ]);
    await place.write('good.csv', people(1));
    const good = await place.run(['import', 'good.csv', ...fast, ...log, '--quiet']);
    expect([good.code, good.stdout, good.stderr]).toEqual([0, '', '']);
  });

  it('is there for a validation, a dry run, a plan and a resumed run', async () => {
    const place = await openNight();
    const checked = await place.run(['validate', 'f.csv', '--run', 'v', ...log]);
    expect(rowsTold(lines(checked))).toEqual(rowsToMend(place, 'v'));
    expect(rowsToMend(place, 'v').length).toBe(2);

    const plan = ['--dry-run', '--save-plan', 'plan.json', '--on-existing', 'fail'];
    const dry = await place.run(['import', 'f.csv', '--run', 'd', ...plan, ...fast, ...log]);
    expect(dry.code, dry.stderr).toBe(1);
    expect(rowsTold(lines(dry))).toEqual(rowsToMend(place, 'd'));
    expect(events(lines(dry), 'notice').length).toBeGreaterThan(1);

    const calls = [...fast, '--max-attempts', '2'];
    const applied = await place.run(['apply', 'plan.json', '--run', 'r', ...calls, ...log]);
    expect(lines(applied)[0]).toMatchObject({
      event: 'start',
      command: 'apply',
      plan: 'plan.json',
    });
    expect(rowsTold(lines(applied))).toEqual(rowsToMend(place));

    const again = await place.resume('--retry-failed', '--max-attempts', '2', ...log);
    expect(again.code, again.stderr).toBe(1);
    expect(lines(again)[0]).toMatchObject({ event: 'start', command: 'resume', run: 'r' });
    // Only what was tried again; the invalid rows were told before.
    expect(rowsTold(lines(again))).toEqual(
      rowsToMend(place).filter(({ status }) => status !== 'invalid'),
    );
    for (const ended of [checked, dry, applied, again]) {
      expect(events(lines(ended), 'end').length).toBe(1);
      expect(ended.stderr).not.toMatch(/u000\d|example\.com|Canary/);
    }
  });

  it('tells of an interrupted run, and of a row whose outcome nobody knows', async () => {
    const place = await openPlace({
      faults: { rules: [{ kind: 'hang', operation: 'AdminCreateUser', username: '^u0003$' }] },
      latencyMs: 10,
    });
    await place.write('f.csv', people(400));
    const { origin, received } = await openReceiver(200);
    const also = ['--metrics', 'm.prom', '--notify', origin, '--timeout', '60s'];
    const args = ['import', 'f.csv', '--run', 'r', ...fast, '--concurrency', '2'];
    const { child, ended } = place.start([...args, ...also, ...log]);
    await until(() => place.pool.userCount >= 10);
    child.kill('SIGTERM');
    const end = await ended;
    expect(end.code, end.stderr).toBe(143);
    const all = lines(end);
    expect(events(all, 'notice').at(-1)?.['msg']).toMatch('SIGTERM: ending in good order');
    expect(rowsTold(all)).toEqual(rowsToMend(place));
    expect(events(all, 'row')).toMatchObject([{ line: 4, status: 'failed' }]);
    expect(events(all, 'end')).toMatchObject([
      { level: 'error', outcome: 'interrupted', exitCode: 143 },
    ]);
    expect(received.map(({ body }) => body)).toEqual([place.summary()]);
    const samples = readMetrics(readFileSync(place.path('m.prom'), 'utf8'));
    expect(samples.find(({ name }) => name === 'cognito_bulk_run_complete')?.value).toBe(0);
  });

  it.for<[name: string, args: string[], reason: string]>([
    ['a pool that is not there', ['--user-pool-id', 'eu-central-1_Nobody'], 'does not exist'],
    ['a wrong value', ['--timeout', 'soon'], '10s'],
    ['an unknown option', ['--reprots', 'x'], '--reports'],
    ['a wrong choice', ['--invite', 'mail'], 'email'],
    ['a configuration that is none', ['--config', 'broken.yaml'], 'mend line 1'],
  ])('tells of %s in one line, and so do the post and the figures', async ([, args, reason]) => {
    const place = await openNight();
    await place.write('broken.yaml', 'region: "x');
    const { origin, received } = await openReceiver(200);
    const also = ['--notify', `${origin}/hook`, '--metrics', 'm.prom'];
    const ended = await place.import('f.csv', ...also, ...log, ...args);
    expect([ended.code, ended.stdout], ended.stderr).toEqual([2, '']);
    const errors = lines(ended).filter(({ level }) => level === 'error');
    const refusal = { command: 'import', outcome: 'refused', exitCode: 2 };
    expect(errors).toEqual([expect.objectContaining({ event: 'end', ...refusal })]);
    expect(errors[0]?.['reason']).toMatch(reason);
    expect(received.map(({ body }) => body)).toEqual([
      { ...refusal, reason: errors[0]?.['reason'] },
    ]);
    const samples = readMetrics(readFileSync(place.path('m.prom'), 'utf8'));
    expect(samples.map(({ name, value }) => [name, value]).slice(1)).toEqual([
      ['cognito_bulk_run_exit_code', 2],
      ['cognito_bulk_run_complete', 0],
    ]);
    const at = samples[0]?.value ?? 0;
    expect(Math.abs(Date.now() / 1_000 - at)).toBeLessThan(120);
    expect(await place.runs()).toEqual([]);
  });

  it('keeps what --verbose adds in the line', async () => {
    const place = await openNight();
    const ended = await place.import('no.csv', ...log, '--verbose');
    expect(lines(ended).at(-1)).toMatchObject({ level: 'error', exitCode: 2 });
    expect(lines(ended).at(-1)?.['stack']).toMatch(/^\s+at /m);
  });

  it('does not go with annotations and a document, which leave no stream', async () => {
    const place = await openNight();
    const args = ['validate', 'f.csv', '--format', 'github', '--json', ...log];
    const ended = await place.run(args);
    expect([ended.code, ended.stdout]).toEqual([2, '']);
    expect(lines(ended)).toMatchObject([{ level: 'error' }]);
  });
});

describe.concurrent('--notify', () => {
  it('posts the summary, also to who takes it only at the third time', async () => {
    const place = await openNight();
    const { origin, received } = await openReceiver(503, 503, 200);
    const ended = await place.import('f.csv', ...night, '--notify', `${origin}/h?token=T0KEN`);
    expect(ended.code, ended.stderr).toBe(1);
    expect(received.length).toBe(3);
    for (const { method, path, headers, body } of received) {
      expect([method, path]).toEqual(['POST', '/h?token=T0KEN']);
      expect(headers['content-type']).toBe('application/json');
      expect(body).toEqual(place.summary());
    }
    expect(JSON.stringify(received)).not.toMatch(/Canary|u000\d|@example/);
    expect(ended.stderr).not.toMatch('did not take');
  });

  it.for<[name: string, answer: number, said: string]>([
    ['never answers', 0, 'no answer in 10 seconds'],
    ['takes nothing', 403, 'it answered 403'],
  ])('is only a notice where the other side %s', async ([, answer, said]) => {
    const place = await openPlace();
    await place.write('f.csv', people(2));
    const { origin, received } = await openReceiver(answer);
    const address = `${origin.replace('//', '//u:PASSW0RD@')}/T0KEN?key=S3CRET`;
    const ended = await place.import('f.csv', '--notify', address, '--quiet');
    expect([ended.code, ended.stdout, ended.stderr]).toEqual([
      0,
      '',
      `note: --notify: ${origin} did not take the summary (${said}).\n`,
    ]);
    expect(received.length).toBe(1);
    const files = ['journal.jsonl', 'summary.json', 'results.csv'].map((name) => place.text(name));
    expect(files.join('')).not.toMatch(/PASSW0RD|T0KEN|S3CRET/);
  });

  it('takes an http address and nothing else, before anything is done', async () => {
    const place = await openPlace();
    await place.write('f.csv', people(2));
    const ended = await place.import('f.csv', '--notify', 'hooks.example.com/T0KEN');
    expect([ended.code, ended.stdout]).toEqual([2, '']);
    expect(ended.stderr).toMatch(/^cognito-bulk: --notify takes [^\n]*https:\/\/[^\n]*\n$/);
    expect(ended.stderr).not.toMatch('T0KEN');
    expect(place.calls('DescribeUserPool')).toBe(0);
    expect(await place.runs()).toEqual([]);
  });
});

describe.concurrent('--metrics', () => {
  it('writes the figures of the run for others to read, whatever the umask', async () => {
    const place = await openNight();
    const args = ['import', 'f.csv', '--run', 'r', ...fast, ...night, '--metrics', 'm.prom'];
    await place.write('m.prom', '# HELP cognito_bulk_run_rows of last night\n');
    const ended = await place.run(args, { umask: '077' });
    expect(ended.code, ended.stderr).toBe(1);
    expect(place.mode('m.prom')).toBe('644');
    const text = readFileSync(place.path('m.prom'), 'utf8');
    expect(text).not.toMatch(/Canary|u000\d|@example/);

    const samples = readMetrics(text);
    const { calls, rates, byCode, durationSeconds, finishedAt } = place.summary();
    const user_pool_id = place.pool.userPoolId;
    for (const { labels } of samples)
      expect(labels).toMatchObject({ command: 'import', user_pool_id });
    const own = (name: string, label: string): Record<string, number> =>
      valuesOf(samples, `cognito_bulk_run_${name}`, label);
    expect(own('rows', 'status')).toEqual({ ...outcome, 'not-attempted': 0 });
    expect(own('errors', 'code')).toEqual(byCode);
    expect(own('exit_code', 'command')).toEqual({ import: 1 });
    expect(own('complete', 'command')).toEqual({ import: 1 });
    expect(own('duration_seconds', 'command')).toEqual({ import: durationSeconds });
    expect(own('last_timestamp_seconds', 'command')).toEqual({
      import: Date.parse(finishedAt) / 1_000,
    });
    expect(own('rate_limit', 'category')['UserCreation']).toBe(rates.UserCreation?.limit);
    expect(own('rate_achieved', 'category')['UserCreation']).toBe(rates.UserCreation?.achieved);
    const creates = samples.filter(({ labels }) => labels['operation'] === 'AdminCreateUser');
    expect(valuesOf(creates, 'cognito_bulk_run_calls_total', 'outcome')).toEqual(
      calls.AdminCreateUser,
    );
  });

  it('leaves a file alone that holds anything else, before anything is done', async () => {
    const place = await openNight();
    for (const name of ['f.csv', 'reports']) {
      await mkdir(place.path('reports'), { recursive: true });
      const ended = await place.import('f.csv', '--metrics', name);
      expect([ended.code, ended.stdout]).toEqual([2, '']);
      expect(ended.stderr).toMatch(`--metrics ${name} is something else`);
    }
    expect(readFileSync(place.path('f.csv'), 'utf8')).toBe(file);
    expect(place.calls('DescribeUserPool')).toBe(0);
  });

  it('is only a notice where it can not be written', async () => {
    const place = await openPlace();
    await place.write('f.csv', people(2));
    const ended = await place.import('f.csv', '--metrics', 'nowhere/m.prom', ...log);
    expect(ended.code, ended.stderr).toBe(0);
    expect(lines(ended).at(-1)).toMatchObject({ event: 'notice', level: 'warn' });
    expect(lines(ended).at(-1)?.['msg']).toMatch("nowhere/m.prom can't be written (ENOENT)");
    expect(existsSync(place.path('nowhere'))).toBe(false);
  });
});

describe('a night that --config describes', () => {
  it('is logged, posted and measured', async () => {
    const place = await openNight();
    const { origin, received } = await openReceiver(200);
    const config = { 'log-format': 'json', notify: `${origin}/hook`, metrics: 'm.prom' };
    await place.write('night.json', JSON.stringify({ ...config, reports: 'nights' }));
    const args = ['--config', 'night.json', ...fast, ...night];
    const ended = await place.run(['import', 'f.csv', '--run', 'r', ...args]);
    expect(ended.code, ended.stderr).toBe(1);
    expect(events(lines(ended), 'end')).toMatchObject([{ folder: 'nights/r', exitCode: 1 }]);
    expect(received).toMatchObject([{ path: '/hook', body: { run: 'r', exitCode: 1 } }]);
    expect(readMetrics(readFileSync(place.path('m.prom'), 'utf8')).length).toBeGreaterThan(5);

    const refused = await place.run(['import', 'no.csv', ...args]);
    expect(refused.code).toBe(2);
    expect(events(lines(refused), 'end')).toMatchObject([{ outcome: 'refused' }]);
    expect(received[1]).toMatchObject({ body: { command: 'import', outcome: 'refused' } });
  });
});
