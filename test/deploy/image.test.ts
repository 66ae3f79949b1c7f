import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { chown } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { describe, expect, it } from 'vitest';

import { openBucket } from '../support/bucket.js';
import { startProgram } from '../support/cli.js';
import { fast, openPlace, people, temporaryFolder } from '../support/place.js';
import { root, text } from './command-lines.js';

interface Instruction {
  readonly name: string;
  readonly rest: string;
}

/** The instructions of the Dockerfile, those of each stage together. */
function stages(): Instruction[][] {
  const found: Instruction[][] = [];
  for (const line of text('deploy/Dockerfile').split('\n')) {
    const [, name = '', rest = ''] = /^([A-Z]+) (.+)$/.exec(line) ?? [];
    if (name === 'FROM') found.push([]);
    if (name !== '') found.at(-1)?.push({ name, rest });
  }
  return found;
}

const [, build = [], last = []] = stages();
const only = (name: string): string => last.find((one) => one.name === name)?.rest ?? '';

/** Sources and destination of each COPY of the last stage that takes files from the repository. */
const copies = [...build, ...last]
  .filter(({ name, rest }) => name === 'COPY' && !rest.startsWith('--from='))
  .map(({ rest }) => rest.split(' '));

/** Puts together what `npm ci --omit=dev` would. */
function copyDependencies(to: string): void {
  const { packages } = JSON.parse(text('package-lock.json')) as {
    packages: Record<string, { readonly dev?: boolean; readonly devOptional?: boolean }>;
  };
  for (const [path, { dev, devOptional }] of Object.entries(packages)) {
    const isOurs = path !== '' && dev !== true && devOptional !== true;
    if (!isOurs || !existsSync(join(root, path))) continue;
    const from = join(root, path);
    cpSync(from, join(to, path), {
      recursive: true,
      filter: (source) => !source.slice(from.length).includes('/node_modules'),
    });
  }
}

/** What the last stage has in /app. */
async function makeApp(): Promise<string> {
  const app = await temporaryFolder();
  for (const parts of copies.filter((one) => one.at(-1)?.startsWith('/app') === true)) {
    const to = parts.at(-1) ?? '';
    for (const from of parts.slice(0, -1)) {
      const place = to.endsWith('/') ? to + from : to;
      cpSync(join(root, from), join(app, place.slice('/app'.length)), { recursive: true });
    }
  }
  copyDependencies(app);
  cpSync(join(root, 'dist'), join(app, 'dist'), { recursive: true });
  return app;
}

describe('the image', () => {
  it('takes files that are there and that .dockerignore lets through', () => {
    const kept = text('.dockerignore')
      .split('\n')
      .flatMap((line) => (line.startsWith('!') ? line.slice(1) : []));
    const taken = copies.flatMap((parts) => parts.slice(0, -1));
    expect([...new Set(taken)].sort()).toEqual([...new Set(kept)].sort());
    expect(taken.filter((path) => !existsSync(join(root, path)))).toEqual([]);
    expect(text('.dockerignore').split('\n')).toContain('*');
  });

  it('ends with a user who is not root, and the command as what it starts', () => {
    expect(only('USER')).toBe('1000:1000');
    expect(JSON.parse(only('ENTRYPOINT'))).toEqual(['node', '/app/dist/cli/main.js']);
    expect(JSON.parse(only('VOLUME'))).toEqual(['/reports', '/tmp']);
    // That the default of --reports is the volume.
    expect(only('WORKDIR')).toBe('/');
  });

  it('works for that user, without development packages, in a folder it may not write to', async () => {
    const app = await makeApp();
    expect(existsSync(join(app, 'node_modules/vitest'))).toBe(false);
    const place = await openPlace();
    const bucket = await openBucket();
    await bucket.put('people.csv', people(120));
    const [reports, tmp] = [place.path('reports'), place.path('tmp')];
    for (const folder of [reports, tmp]) mkdirSync(folder);
    const asRoot = process.getuid?.() === 0;
    if (asRoot) for (const folder of [reports, tmp]) await chown(folder, 1000, 1000);
    else for (const folder of [app, join(app, 'dist')]) chmodSync(folder, 0o555);
    for (const folder of [app, place.folder]) chmodSync(folder, asRoot ? 0o755 : 0o555);

    const command = [process.execPath, join(app, 'dist/cli/main.js')];
    const args = ['import', 's3://people/people.csv', '--run', 'r', ...fast];
    const user = asRoot ? ['setpriv', '--reuid=1000', '--regid=1000', '--clear-groups'] : [];
    const [program = '', ...rest] = [...user, ...command, ...args];
    const ended = await startProgram(program, rest, {
      cwd: place.folder,
      env: { ...place.env, ...bucket.env, TMPDIR: tmp, HOME: '/' },
    }).ended;
    if (!asRoot) for (const folder of [app, place.folder]) chmodSync(folder, 0o755);
    expect(ended.code, ended.stderr).toBe(0);
    expect(place.pool.userCount).toBe(120);
    expect(readdirSync(join(reports, 'r'))).toContain('results.csv');
    expect(readFileSync(join(reports, 'r', 'results.csv'), 'utf8')).toMatch('created');
    expect(readdirSync(tmp)).toEqual([]);
  });
});
