import { join } from 'node:path';
import process from 'node:process';
import { describe, expect, it, vi } from 'vitest';

import { fixtures, main, startProgram } from '../support/cli.js';
import { fast, openPlace, people, until } from '../support/place.js';

// Most of the time these wait for each other's clock, not for the processor.
vi.setConfig({ maxConcurrency: 8 });

/* eslint-disable no-control-regex -- escape sequences are what is looked for */
const escape = /\u001b/;
const colour = /\u001b\[\d+(;\d+)*m/;

/** Everything worth a word: created, invalid and partial rows, and a notice. */
const mixed = `${people(3)}u0001,twin@example.com\n,none@example.com\n`;

describe.concurrent('what is shown', () => {
  it('with --json, standard output is the summary and nothing else', async () => {
    const place = await openPlace();
    await place.write('f.csv', mixed);
    const ended = await place.import('f.csv', '--json', '--verbose');
    expect(ended.code).toBe(1);
    expect(JSON.parse(ended.stdout)).toEqual(place.summary());
    const again = await place.run(['report', 'r', '--json']);
    expect(again.code, again.stderr).toBe(0);
    expect(JSON.parse(again.stdout)).toMatchObject({ run: 'r', outcome: 'complete', exitCode: 1 });
    const wrong = await place.import('nothing.csv', '--json', '--run', 'x');
    expect([wrong.code, wrong.stdout]).toEqual([2, '']);
  });

  it('with --quiet, nothing, unless there is an error', async () => {
    const place = await openPlace();
    await place.write('f.csv', mixed);
    const ended = await place.import('f.csv', '--quiet');
    expect([ended.code, ended.stdout, ended.stderr]).toEqual([1, '', '']);
    const both = await place.import('f.csv', '--quiet', '--json', '--run', 'b');
    expect(JSON.parse(both.stdout)).toMatchObject({ exitCode: 1 });
    expect(both.stderr).toBe('');
    const wrong = await place.import('nothing.csv', '--quiet', '--run', 'x');
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toMatch('nothing.csv');
  });

  it.for<[string, Record<string, string>]>([
    ['without a terminal', {}],
    ['without a terminal, on a build server', { CI: 'true' }],
    ['with NO_COLOR and FORCE_COLOR', { NO_COLOR: '1', FORCE_COLOR: '1' }],
  ])('%s has no escape sequences', async ([, env]) => {
    const place = await openPlace();
    await place.write('f.csv', mixed);
    const ended = await place.run(['import', 'f.csv', '--run', 'r', ...fast], { env });
    expect(ended.code).toBe(1);
    expect(ended.stdout + ended.stderr).not.toMatch(escape);
  });

  it('without a terminal is a line every few seconds; --no-progress has none', async () => {
    const place = await openPlace();
    await place.write('f.csv', people(160));
    const slow = ['--rate', '25', '--rate-share', '1'];
    const [shown, silent] = await Promise.all([
      place.run(['import', 'f.csv', '--run', 'r', ...slow]),
      (async () => {
        const other = await openPlace();
        await other.write('f.csv', people(160));
        return other.run(['import', 'f.csv', '--run', 'r', ...slow, '--no-progress']);
      })(),
    ]);
    expect([shown.code, silent.code]).toEqual([0, 0]);
    expect(shown.stderr).toMatch(
      /^\d+ of 160 rows · [\d.]+ rows\/s · \d+s left · 0 throttled · 0 failed$/m,
    );
    expect(shown.stdout).not.toMatch('rows/s');
    expect(silent.stderr).not.toMatch('of 160 rows');
  });

  it.for([
    ['colours', {}],
    ['no colour under NO_COLOR', { NO_COLOR: '1' }],
  ] as const)(
    'on a terminal is a bar that leaves the cursor as it was, with %s',
    async ([name, env]) => {
      const place = await openPlace({
        faults: {
          rules: [
            { kind: 'trigger-refuses', operation: 'AdminCreateUser', username: '^u0002$' },
            { kind: 'throttle', operation: 'AdminCreateUser', after: 10, count: 3 },
          ],
        },
      });
      await place.write('f.csv', people(60));
      // util-linux's script, part of every Debian: it gives the command a terminal of its own.
      const command = [process.execPath, main, 'import', 'f.csv', '--run', 'r', '--rate', '30'];
      const ended = await startProgram(
        'script',
        ['-qec', `stty cols 140; ${command.join(' ')}`, '/dev/null'],
        {
          cwd: place.folder,
          env: { ...place.env, ...env, TERM: 'xterm', LINES: '40' },
          keepInput: true,
        },
      ).ended;
      const text = ended.stdout;
      expect(ended.code, text).toBe(1);
      expect(text).toMatch(/Importing [█░]+ \d+%/);
      expect(text).toMatch(/[\d.]+ rows\/s · \d+s left · \d+ throttled · 1 failed \(1 UserLambda/);
      expect(text.lastIndexOf('\u001b[?25h')).toBeGreaterThan(text.lastIndexOf('\u001b[?25l'));
      expect(colour.test(text)).toBe(name === 'colours');
      expect(text).toMatch(/created\S*\s+\S*59/);
    },
  );

  it('on a terminal, Ctrl-C leaves the cursor as it was, and ends with 130', async () => {
    const place = await openPlace();
    await place.write('f.csv', people(200));
    const command = [process.execPath, main, 'import', 'f.csv', '--run', 'r', '--rate', '30'];
    const { child, ended } = startProgram('script', ['-qec', command.join(' '), '/dev/null'], {
      cwd: place.folder,
      env: { ...place.env, TERM: 'xterm' },
      keepInput: true,
    });
    await until(() => place.pool.userCount >= 10);
    child.stdin?.write('\u0003');
    const { code, stdout } = await ended;
    expect(code, stdout).toBe(130);
    expect(stdout).toMatch('Ctrl-C: ending in good order');
    expect(stdout.lastIndexOf('\u001b[?25h')).toBeGreaterThan(stdout.lastIndexOf('\u001b[?25l'));
    expect(stdout).toMatch('cognito-bulk resume reports/r');
  });
});

describe.concurrent('cognito-bulk local', () => {
  it('serves an import, prints what it would send, and keeps the users across a kill', async () => {
    const place = await openPlace();
    await place.write('f.csv', people(3));
    const pools = join(fixtures, 'pools/plain-username.json');
    const args = ['local', '--port', '0', '--no-quotas', '--data', 'users.data', '--schema', pools];
    const importInto = async (output: string, run: string): Promise<number | string | null> => {
      const endpoint = /http:\/\/127\.0\.0\.1:\d+/.exec(output)?.[0] ?? '';
      const into = ['--endpoint-url', endpoint, '--user-pool-id', 'eu-central-1_Pl4inUser'];
      const how = ['--run', run, '--invite', 'email', ...fast];
      return (await place.run(['import', 'f.csv', ...into, ...how])).code;
    };

    const first = place.start(args);
    expect(await importInto(await first.said('Invitations and codes'), 'a')).toBe(0);
    first.child.kill('SIGKILL');
    const { stdout } = await first.ended;
    expect(
      stdout.match(/^invitation to u000[123] by EMAIL, u000[123]@example\.com: /gm)?.length,
    ).toBe(3);

    const second = place.start(args);
    const greeting = await second.said('Invitations and codes');
    expect(greeting).toMatch('3 users');
    expect(await importInto(greeting, 'b')).toBe(0);
    expect(place.statuses('b')).toEqual({ exists: 3 });
    second.child.kill('SIGTERM');
    expect((await second.ended).code).toBe(0);
  });

  it('with --json says where it is as one JSON document', async () => {
    const place = await openPlace();
    const { child, ended, said } = place.start(['local', '--port', '0', '--json']);
    await said('}\n');
    child.kill('SIGINT');
    const { code, stdout } = await ended;
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ userPoolId: 'eu-central-1_LocalPool' });
  });
});
