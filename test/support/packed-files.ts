import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';

import { startProgram } from './cli.js';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** What `npm pack` would put into the package: paths from its root. */
export async function packedFiles(): Promise<readonly string[]> {
  const { code, stdout, stderr } = await startProgram(
    'npm',
    ['pack', '--dry-run', '--json', '--ignore-scripts'],
    { cwd: root, env: { HOME: process.env['HOME'] ?? root } },
  ).ended;
  expect(code, stderr).toBe(0);
  const [{ files }] = JSON.parse(stdout) as [{ files: { path: string }[] }];
  return files.map(({ path }) => path);
}
