import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { describe, expect, it } from 'vitest';
import { parseDocument } from 'yaml';

import { temporaryFolder } from '../support/folder.js';
import { deployFiles, root, text } from './command-lines.js';

/** Whether a program is on this machine. */
const has = (program: string): boolean =>
  spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;

const named = (ending: string): string[] => deployFiles().filter((path) => path.endsWith(ending));

describe('the files of deploy/', () => {
  it('are all named in docs/scheduling.md', () => {
    const page = text('docs/scheduling.md');
    const unnamed = deployFiles().filter((path) => {
      const name = path.split('/').at(-1) ?? '';
      return !page.includes(name) && !page.includes(`${path.replace(/\.[^.]+$/, '')}.*`);
    });
    expect(unnamed).toEqual([]);
  });

  it.each(['deploy/nightly.yaml', ...named('.yml')])('%s is YAML', (path) => {
    const { errors, warnings } = parseDocument(text(path));
    expect([...errors, ...warnings]).toEqual([]);
  });

  it.each(named('.sh'))('%s is a shell script that may be run', (path) => {
    for (const shell of ['sh', 'bash'].filter(has)) execFileSync(shell, ['-n', root + path]);
    execFileSync('test', ['-x', root + path]);
    if (has('shellcheck')) execFileSync('shellcheck', [root + path]);
  });

  it('start the night in the crontab, whose lines hold no %', () => {
    const entries = text('deploy/cron/cognito-bulk.cron')
      .split('\n')
      .filter((line) => /^[\d*]/.test(line));
    expect(entries.length).toBe(2);
    for (const entry of entries) {
      expect(entry).toMatch(/^(?:[\d*]+ ){5}cognito-bulk (?:\/|find )/);
      expect(entry).not.toMatch('%');
    }
  });

  it.skipIf(!has('systemd-analyze'))('are units that systemd takes', () => {
    const folder = temporaryFolder();
    for (const path of named('.service').concat(named('.timer'))) {
      const unit = text(path).replace('ExecStart=cognito-bulk', `ExecStart=${process.execPath}`);
      writeFileSync(join(folder, path.split('/').at(-1) ?? ''), unit);
    }
    mkdirSync(join(folder, 'runtime'));
    const { status, stdout, stderr } = spawnSync(
      'systemd-analyze',
      ['verify', '--man=no', join(folder, 'cognito-bulk-sync.timer')],
      {
        encoding: 'utf8',
        env: { ...process.env, XDG_RUNTIME_DIR: join(folder, 'runtime') },
      },
    );
    const ours = (stdout + stderr).split('\n').filter((line) => line.includes('cognito-bulk'));
    expect([status, ours]).toEqual([0, []]);
  });
});

describe('the workflows', () => {
  interface Workflow {
    readonly permissions: Readonly<Record<string, string>>;
    readonly jobs: Readonly<
      Record<string, { readonly steps: readonly { readonly run?: string }[] }>
    >;
  }
  const workflow = (name: string): Workflow =>
    parseDocument(text(`deploy/github-action/${name}`)).toJS() as Workflow;

  it('ask for no more than they need', () => {
    expect(workflow('check-people.yml').permissions).toEqual({ contents: 'read' });
    expect(workflow('nightly-sync.yml').permissions).toEqual({
      contents: 'read',
      'id-token': 'write',
    });
  });

  it('put no expression into a shell script', () => {
    for (const name of ['check-people.yml', 'nightly-sync.yml']) {
      const scripts = Object.values(workflow(name).jobs)
        .flatMap(({ steps }) => steps)
        .flatMap(({ run }) => run ?? []);
      expect(scripts.length).toBeGreaterThan(1);
      expect(scripts.filter((script) => script.includes('${{'))).toEqual([]);
    }
  });
});
