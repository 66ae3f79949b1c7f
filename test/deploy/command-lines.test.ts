import { beforeAll, describe, expect, it } from 'vitest';

import { runCli } from '../support/cli.js';
import { commandLines, root } from './command-lines.js';

const lines = commandLines();
const options = new Map<string, Set<string>>();

beforeAll(async () => {
  for (const command of new Set(lines.map((line) => line.command))) {
    const { stdout } = await runCli([command, '--help-all'], { cwd: root });
    const names = [...stdout.matchAll(/^\s+(?:-\w, )?--([a-z][a-z-]*)/gm)];
    options.set(command, new Set(names.map(([, name = '']) => name)));
  }
});

describe('the command lines of deploy/ and docs/scheduling.md', () => {
  it('are found where they are written', () => {
    const found = new Set(lines.map(({ where, command }) => `${where} ${command}`));
    for (const one of [
      'deploy/aws/nightly-sync.yaml sync',
      'deploy/cron/nightly-sync.sh sync',
      'deploy/github-action/check-people.yml validate',
      'deploy/github-action/nightly-sync.yml sync',
      'deploy/nightly.yaml sync',
      'deploy/systemd/cognito-bulk-sync.service sync',
      'docs/scheduling.md apply',
      'docs/scheduling.md resume',
      'docs/scheduling.md sync',
      'docs/scheduling.md undo',
    ]) {
      expect(found).toContain(one);
    }
    const night = lines.find(({ where }) => where === 'deploy/github-action/nightly-sync.yml');
    expect(night?.options).toContain('max-removals');
  });

  it('use only options that their command has', () => {
    const unknown = new Set(
      lines.flatMap(({ where, command, options: used }) =>
        used
          .filter((name) => options.get(command)?.has(name) !== true)
          .map((name) => `${where}: ${command} --${name}`),
      ),
    );
    expect([...unknown]).toEqual([]);
  });
});
