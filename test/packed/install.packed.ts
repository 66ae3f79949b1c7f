import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';

import { startProgram, type Ended } from '../support/cli.js';
import { temporaryFolder } from '../support/place.js';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** What npm needs of this machine: its home with the registry and the cache. */
const npmEnv = Object.fromEntries(
  Object.entries(process.env).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined && !/^(AWS|COGNITO|npm_package)/i.test(entry[0]),
  ),
);

describe('the packed file, installed into an empty folder', () => {
  let folder: string;
  const run = (...command: readonly [string, ...string[]]): Promise<Ended> =>
    startProgram(command[0], command.slice(1), { cwd: folder, env: npmEnv }).ended;

  beforeAll(async () => {
    folder = join(await temporaryFolder(), 'app');
    mkdirSync(folder);
    writeFileSync(join(folder, 'package.json'), '{ "type": "module", "private": true }');
    // The tests have built it; the scripts of a release would build it anew under their feet.
    const pack = ['pack', root, '--ignore-scripts', '--pack-destination', folder, '--json'];
    const packed = await run('npm', ...pack);
    expect(packed.code, packed.stderr).toBe(0);
    const [{ filename }] = JSON.parse(packed.stdout) as [{ filename: string }];
    const installed = await run('npm', 'install', '--no-audit', '--no-fund', `./${filename}`);
    expect(installed.code, installed.stderr).toBe(0);
    const types = await run('npm', 'install', '--no-audit', '--no-fund', '-D', '@types/node@20');
    expect(types.code, types.stderr).toBe(0);
  });

  it('has the command', async () => {
    const version = await run('npx', 'cognito-bulk', '--version');
    expect(version).toMatchObject({ code: 0, stdout: '0.1.0\n' });
    const help = await run('npx', 'cognito-bulk', '--help');
    expect(help.stdout).toContain('cognito-bulk import <file>');
  });

  it('runs the whole job', async () => {
    const { code, stdout } = await run('npx', 'cognito-bulk', 'demo', '--no-quotas', '--json');
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      outcome: 'complete',
      rows: { byStatus: { created: 326, invalid: 14 } },
    });
  });

  it('is a library with types', async () => {
    writeFileSync(
      join(folder, 'use.ts'),
      `import { validateFile, type Summary } from 'cognito-bulk';
const { summary } = await validateFile({ file: 'people.csv' });
const rows: Summary['rows'] = summary.rows;
console.log(rows.total);
// @ts-expect-error the file is needed
void validateFile({});
`,
    );
    copyFileSync(join(root, 'fixtures/small/semicolon.csv'), join(folder, 'people.csv'));
    const tsc = join(root, 'node_modules/typescript/bin/tsc');
    const options = ['--module', 'nodenext', '--target', 'es2023', '--strict', '--types', 'node'];
    const checked = await run(process.execPath, tsc, ...options, 'use.ts');
    expect(checked.stdout).toBe('');
    writeFileSync(
      join(folder, 'run.js'),
      `import { validateFile } from 'cognito-bulk';
const { summary } = await validateFile({ file: 'people.csv' });
console.log(summary.rows.total > 0);
`,
    );
    const ran = await run(process.execPath, 'run.js');
    expect(ran).toMatchObject({ code: 0, stdout: 'true\n' });
  });
});
