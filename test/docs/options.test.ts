import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';

import { defineCommands } from '../../src/cli/program.js';
import { runCli } from '../support/cli.js';
import { runInTurn } from '../support/in-turn.js';
import { temporaryFolder } from '../support/place.js';

interface Generator {
  readonly optionsPage: (define: typeof defineCommands) => Promise<string>;
}

const docs = new URL('../../docs/', import.meta.url);
const page = readFileSync(new URL('options.md', docs), 'utf8');

/** What scripts rely on: these names are promised. */
const promised = `
  user-pool-id client-id endpoint-url region profile config map encoding delimiter default-country
  groups create-groups verified invite invite-limit password-mode generate-passwords on-existing
  missing scope max-removals yes rate rate-share concurrency max-attempts timeout max-errors reports
  run save-plan show-values from fix format rehearse speed faults resend attribute username key
  groups-mode min-rows protect even-if-changed max-duration log-format notify metrics json quiet
  verbose progress retry-failed exit-code dry-run schema output
`
  .trim()
  .split(/\s+/);

const commands = [
  ...['validate', 'import', 'sync', 'apply', 'resume', 'undo', 'verify', 'export', 'pool'],
  ...['report', 'local', 'doctor', 'demo'],
];

describe('docs/options.md', () => {
  it('is what npm run docs:options makes of the commands', async () => {
    const { optionsPage } = (await import(new URL('options.mjs', docs).href)) as Generator;
    expect(page, 'run npm run docs:options').toBe(await optionsPage(defineCommands));
  });

  it.each(promised)('has --%s', (name) => {
    expect(page).toContain(`\`--${name}\``);
  });

  it.each(commands)('has the command %s', (name) => {
    expect(page).toMatch(new RegExp(`^### \`${name}[ \`]`, 'm'));
  });
});

describe.concurrent('--help at 80 columns', () => {
  let helps: ReadonlyMap<string, { readonly code: unknown; readonly stdout: string }>;
  beforeAll(async () => {
    const cwd = await temporaryFolder();
    const ended = await runInTurn(
      commands.map((name) => [name, '--help']),
      { cwd },
    );
    helps = new Map(
      commands.map((name, at) => [name, ended[at] ?? { code: undefined, stdout: '' }]),
    );
  });

  it.each(commands)('of %s fits a screen and has two examples', (name) => {
    const { code, stdout = '' } = helps.get(name) ?? {};
    const lines = stdout.trimEnd().split('\n');
    expect(code).toBe(0);
    expect(lines.length).toBeLessThanOrEqual(30);
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
    if (/[<[]/.test(lines[0] ?? '')) expect(lines[4]).toBe('Positionals:');
    const examples = lines.slice(lines.indexOf('Examples:') + 1);
    expect(examples).toHaveLength(2);
    for (const example of examples) expect(example).toMatch(`  cognito-bulk ${name}`);
  });

  it('leaves what few need to --help-all', async () => {
    const cwd = await temporaryFolder();
    const short = helps.get('import');
    const long = await runCli(['import', '--help-all'], { cwd });
    expect(short?.stdout).not.toContain('--rate-share');
    expect(short?.stdout).toContain('--help-all');
    expect(long).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('--rate-share') as string,
    });
  });

  it('completes options that it leaves out', async () => {
    const args = ['--get-yargs-completions', 'cognito-bulk', 'import', '--rate'];
    const { stdout } = await runCli(args, { cwd: await temporaryFolder(), env: { SHELL: 'bash' } });
    expect(stdout.split('\n')).toContain('--rate-share');
  });
});
