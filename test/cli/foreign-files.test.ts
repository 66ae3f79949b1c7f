import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';

import type { Answer } from '../support/in-turn.js';
import { fast, openPlace, people, stackTrace } from '../support/place.js';
import type { Place } from '../support/place.js';

// Most of the time these wait for each other's clock, not for the processor.
vi.setConfig({ maxConcurrency: 4 });

/** One sentence and exit 2. */
function expectRefused(ended: Answer, said: RegExp): void {
  expect(ended.code, ended.stderr).toBe(2);
  expect(ended.stderr).toMatch(said);
  expect(ended.stderr).not.toMatch(stackTrace);
  expect(ended.stderr).not.toMatch(/not expected/);
  expect(ended.stderr.trimEnd().split('\n')).toHaveLength(1);
}

/** A place with the run `r`, which stopped after two of four rows and has made passwords in `pw.csv`. */
async function stoppedRun(): Promise<Place> {
  const place = await openPlace();
  await place.write('f.csv', people(4));
  const generatePasswords = place.path('pw.csv');
  await place.imported('f.csv', { generatePasswords, invite: 'email', inviteLimit: 2 }, 3);
  return place;
}

/** Has the journal of the run name another file of passwords. */
function misleadTo(place: Place, name: string): string {
  const path = place.path('reports', 'r', 'journal.jsonl');
  const text = readFileSync(path, 'utf8');
  const misled = text.replace(place.path('pw.csv'), place.path(name));
  expect(misled).not.toBe(text);
  writeFileSync(path, misled);
  return misled;
}

describe.concurrent('a journal that names another file of passwords', () => {
  it('does not make resume write to it', async () => {
    const place = await stoppedRun();
    const text = 'my notes\nand a line that does not end';
    writeFileSync(await place.write('precious.txt', ''), text, { mode: 0o600 });
    const journal = misleadTo(place, 'precious.txt');
    const calls = place.calls('AdminCreateUser');
    expectRefused(await place.resume(), /precious\.txt .* is left as it is/);
    expect(readFileSync(place.path('precious.txt'), 'utf8')).toBe(text);
    expect(place.text('journal.jsonl')).toBe(journal);
    expect(place.calls('AdminCreateUser')).toBe(calls);
  });

  it('does not make resume wait for a FIFO', async () => {
    const place = await stoppedRun();
    misleadTo(place, 'ff');
    execFileSync('mkfifo', ['-m', '600', place.path('ff')]);
    expectRefused(await place.resume(), /ff is not a regular file/);
  });
});

describe.concurrent('what stands where generated passwords are to be put together', () => {
  it('is nobody’s to delete, and the run does not begin', async () => {
    const place = await openPlace();
    await place.write('f.csv', people(2));
    await place.write('pw.csv.part', 'precious\n');
    expectRefused(
      await place.import('f.csv', '--generate-passwords', 'pw.csv'),
      /pw\.csv\.part is there already and is not overwritten/,
    );
    expect(readFileSync(place.path('pw.csv.part'), 'utf8')).toBe('precious\n');
    expect([existsSync(place.path('pw.csv')), await place.runs()]).toEqual([false, []]);
    expect(place.calls('AdminCreateUser')).toBe(0);
  });

  it('is not deleted by resume either, unless a killed session of ours left it', async () => {
    const place = await stoppedRun();
    const passwords = readFileSync(place.path('pw.csv'), 'utf8');
    await place.write('pw.csv.part', 'precious\n');
    expectRefused(await place.resume(), /pw\.csv\.part .* is left as it is: move it away/);
    expect(readFileSync(place.path('pw.csv.part'), 'utf8')).toBe('precious\n');
    expect(readFileSync(place.path('pw.csv'), 'utf8')).toBe(passwords);

    writeFileSync(place.path('pw.csv.part'), passwords.slice(0, 25));
    execFileSync('chmod', ['600', place.path('pw.csv.part')]);
    const ended = await place.resume('--invite-limit', '9');
    expect(ended.code, ended.stderr).toBe(0);
    expect(readFileSync(place.path('pw.csv'), 'utf8').trimEnd().split('\n')).toHaveLength(5);
    expect(existsSync(place.path('pw.csv.part'))).toBe(false);
  });
});

describe.concurrent('an endpoint with a password in it', () => {
  const secret = 'Endpoint-Secret-1';

  function filesIn(place: Place): string {
    return readdirSync(place.folder, { recursive: true, encoding: 'utf8' }).join('\n');
  }

  it('is refused by every command, and stands nowhere', async () => {
    const place = await openPlace();
    await place.write('f.csv', people(2));
    const before = filesIn(place);
    const address = place.pool.endpoint.replace('//', `//joe:${secret}@`);
    const commands = [
      ['import', 'f.csv'],
      ['import', 'f.csv', '--dry-run', '--save-plan', 'plan'],
      ['sync', 'f.csv', '--dry-run', '--save-plan', 'plan'],
      ['validate', 'f.csv'],
      ['verify', 'send', 'f.csv', '--client-id', 'any'],
      ['pool', '--output', 'pool.json'],
      ['export', '--output', 'export.csv'],
      ['doctor'],
    ];
    const given = commands.map((args) => [...args, '--endpoint-url', address]);
    for (const ended of await place.inTurn(given)) {
      expectRefused(ended, /--endpoint-url has a user name or password in it/);
      expect(ended.stderr).not.toMatch(secret);
    }
    expect(filesIn(place)).toBe(before);
    expect(place.calls('DescribeUserPool')).toBe(0);
  });

  it('is refused in a configuration, too', async () => {
    const place = await openPlace();
    await place.write('f.csv', people(2));
    const address = place.pool.endpoint.replace('//', `//${secret}@`);
    await place.write('c.yaml', `endpoint-url: ${address}\n`);
    const ended = await place.run(['import', 'f.csv', '--config', 'c.yaml']);
    expectRefused(ended, /--endpoint-url has a user name or password in it/);
    expect(await place.runs()).toEqual([]);
  });

  it('is written nowhere where the AWS SDK takes it from the environment', async () => {
    const place = await openPlace();
    await place.write('f.csv', people(2));
    const address = place.pool.endpoint.replace('//', `//joe:${secret}@`);
    const env = { AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER: address };
    const ended = await place.run(['import', 'f.csv', '--run', 'r', ...fast], { env });
    expect(ended.code, ended.stderr).toBe(0);
    const files = readdirSync(place.path('reports', 'r')).map((name) => place.text(name));
    expect(files.join('') + ended.stdout + ended.stderr).not.toMatch(secret);
  });

  it('may be no address at all, which is said without it', async () => {
    const place = await openPlace();
    await place.write('f.csv', people(2));
    const ended = await place.run(['import', 'f.csv', '--endpoint-url', `joe:${secret}@host`]);
    expectRefused(ended, /--endpoint-url takes an address that begins with https/);
    expect(ended.stderr).not.toMatch(secret);
  });
});
