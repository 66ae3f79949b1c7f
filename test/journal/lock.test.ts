import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { LockedError, takeLock } from '../../src/journal/lock.js';
import { temporaryFolder } from '../support/folder.js';

const lockPath = (): string => join(temporaryFolder(), 'lock');
const claim = (more: object): string =>
  `${JSON.stringify({ id: 'x', pid: process.pid, host: hostname(), ...more })}\n`;
/** A process number that is nobody's: more than Linux ever gives. */
const nobody = 2 ** 30;

describe('a lock', () => {
  it('is held by one until it is released', async () => {
    const path = lockPath();
    const release = await takeLock(path);
    await expect(takeLock(path)).rejects.toThrow(
      `process ${process.pid} on this machine is at it: wait for it to end, or stop it`,
    );
    await expect(takeLock(path)).rejects.toBeInstanceOf(LockedError);
    await release();
    const again = await takeLock(path);
    await expect(takeLock(path)).rejects.toBeInstanceOf(LockedError);
    await again();
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('goes to exactly one of many who ask at once', async () => {
    for (let round = 0; round < 20; round++) {
      const path = lockPath();
      const all = await Promise.allSettled(Array.from({ length: 20 }, () => takeLock(path)));
      expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      const [won] = all.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
      await won?.();
      await expect(takeLock(path)).resolves.toBeTypeOf('function');
    }
  });

  it.each<[string, string]>([
    ['of a process that is gone', claim({ pid: nobody })],
    ['of an earlier process with the same number', claim({ started: '1' })],
    ['that a crash tore', claim({}).slice(0, 20)],
    ['that a crash left as zeros', '\0'.repeat(64)],
    ['that is empty', '\n\n'],
  ])('is no obstacle %s, and holds then', async (_, left) => {
    const path = lockPath();
    writeFileSync(path, left);
    await takeLock(path);
    await expect(takeLock(path)).rejects.toBeInstanceOf(LockedError);
  });

  it('of a process whose start is not known is one while a process has its number', async () => {
    const path = lockPath();
    writeFileSync(path, claim({}));
    await expect(takeLock(path)).rejects.toBeInstanceOf(LockedError);
  });

  it('of another machine stands, and its message says what to do', async () => {
    const path = lockPath();
    writeFileSync(path, claim({ pid: nobody, host: 'elsewhere' }));
    await expect(takeLock(path)).rejects.toThrow(
      `process ${nobody} on elsewhere is at it: if that machine is gone, delete ${path}`,
    );
    appendFileSync(path, '{"released":"x"}\n');
    await expect(takeLock(path)).resolves.toBeTypeOf('function');
  });

  it('of another container by the same name stands: its processes do not show here', async () => {
    const path = lockPath();
    const release = await takeLock(path);
    const mine = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
    await release();
    // Here this number is nobody's, and there it may be somebody's.
    const theirs = { ...mine, id: 'theirs', pid: nobody, namespace: 'pid:[1]' };
    appendFileSync(path, `${JSON.stringify(theirs)}\n`);
    await expect(takeLock(path)).rejects.toThrow(/if that machine is gone, delete/);
    appendFileSync(path, '{"released":"theirs"}\n');
    const before = { ...mine, id: 'before', namespace: 'pid:[1]', boot: 'an earlier start' };
    appendFileSync(path, `${JSON.stringify(before)}\n`);
    await expect(takeLock(path), 'the machine was started again').resolves.toBeTypeOf('function');
  });

  it('leaves nothing of those who did not get it', async () => {
    const path = lockPath();
    const release = await takeLock(path);
    await expect(takeLock(path)).rejects.toBeInstanceOf(LockedError);
    await release();
    const lines = readFileSync(path, 'utf8').split('\n').filter(Boolean);
    const entries = lines.map((line) => JSON.parse(line) as { id?: string; released?: string });
    const ids = entries.flatMap(({ id }) => id ?? []);
    expect(entries.flatMap(({ released }) => released ?? []).sort()).toEqual(ids.sort());
  });

  it('goes to exactly one of several processes, and is free once that one is killed', async () => {
    const folder = temporaryFolder();
    const source = readFileSync(join(import.meta.dirname, '../../src/journal/lock.ts'), 'utf8');
    const module = ts.transpileModule(source, {
      compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 },
    });
    const file = join(folder, 'lock.mjs');
    writeFileSync(file, module.outputText);
    const path = join(folder, 'lock');
    const script = `
      import { takeLock } from ${JSON.stringify(pathToFileURL(file).href)};
      const got = await takeLock(${JSON.stringify(path)}).then(() => true, () => false);
      process.stdout.write(got ? 'won' : 'lost');
      process.stdin.resume();
    `;
    const all = Array.from({ length: 4 }, () =>
      spawn(process.execPath, ['--input-type=module', '--eval', script]),
    );
    const told = await Promise.all(all.map(({ stdout }) => once(stdout, 'data')));
    expect(told.map(String).sort()).toEqual(['lost', 'lost', 'lost', 'won']);
    await expect(takeLock(path)).rejects.toBeInstanceOf(LockedError);
    const ends = all.map((child) => once(child, 'exit'));
    for (const child of all) child.kill('SIGKILL');
    await Promise.all(ends);
    await expect(takeLock(path)).resolves.toBeTypeOf('function');
  });
});
