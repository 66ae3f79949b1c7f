import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

import { taskCommand } from './template.js';

export const root = fileURLToPath(new URL('../../', import.meta.url));

export function text(path: string): string {
  return readFileSync(root + path, 'utf8');
}

/** The paths of all files in deploy/, from the top of the repository. */
export function deployFiles(): string[] {
  return readdirSync(`${root}deploy`, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.parentPath.slice(root.length)}/${entry.name}`)
    .sort();
}

/** A command line of ours, and where it stands. */
export interface CommandLine {
  readonly where: string;
  readonly command: string;
  /** Names of options, without `--` and `no-`. */
  readonly options: readonly string[];
}

const commands = [
  ...['validate', 'import', 'sync', 'apply', 'resume', 'undo', 'verify', 'export', 'pool'],
  ...['report', 'local', 'doctor', 'demo'],
];

/** Every command line in deploy/ and docs/scheduling.md, and the options of deploy/nightly.yaml. */
export function commandLines(): CommandLine[] {
  const written = [...deployFiles(), 'docs/scheduling.md'].flatMap((where) =>
    linesOf(text(where)).map((line) => ({ where, ...line })),
  );
  const night = Object.keys(parse(text('deploy/nightly.yaml')) as object);
  const task = taskCommand({ UserPoolId: 'P', Bucket: 'B', Key: 'K' });
  return [
    ...written,
    { where: 'deploy/nightly.yaml', command: 'sync', options: night },
    { where: 'deploy/aws/nightly-sync.yaml', ...lineOf(task.join(' ')) },
  ];
}

function linesOf(content: string): Omit<CommandLine, 'where'>[] {
  // What goes on in the next line: after a backslash, and in YAML's folded text.
  const whole = content.replace(/\\\n\s*/g, ' ').replace(/\n\s+--/g, ' --');
  const found = whole.matchAll(
    new RegExp(`(?<=^|[\\s\`=])cognito-bulk ((?:${commands.join('|')})\\b[^\\n\`#|>;]*)`, 'gm'),
  );
  return [...found].map(([, line = '']) => lineOf(line));
}

function lineOf(line: string): Omit<CommandLine, 'where'> {
  const [command = ''] = line.split(' ', 1);
  const options = [...line.matchAll(/\s--(?:no-)?([a-z][a-z-]*)/g)].map(([, name = '']) => name);
  return { command, options };
}
