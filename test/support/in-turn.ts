import process from 'node:process';
import { pathToFileURL } from 'node:url';

import { main, startProgram } from './cli.js';
import type { CliOptions, Ended } from './cli.js';

const runner = new URL('run-command.js', pathToFileURL(main)).href;

/** Stands behind what each command wrote. */
const mark = '--8<-- the next one --8<--';

const script = `
  const [, runner, mark, commands] = process.argv;
  const { runCommand } = await import(runner);
  for (const args of JSON.parse(commands)) {
    const code = await runCommand(args);
    process.stdout.write(mark);
    process.stderr.write(code + mark);
  }
`;

/** What a command wrote, and the exit code that its process would have. */
export type Answer = Pick<Ended, 'code' | 'stdout' | 'stderr'>;

/**
 * Runs commands of `cognito-bulk` one after the other in one process of their own, since most of the
 * time of a short command is that of its start. For what they write: how a process ends and what is
 * done with signals only `runCli` tells.
 */
export async function runInTurn(
  commands: readonly (readonly string[])[],
  { env = {}, ...options }: CliOptions,
): Promise<Answer[]> {
  const args = ['--input-type=module', '--eval', script, runner, mark, JSON.stringify(commands)];
  const { code, stdout, stderr } = await startProgram(process.execPath, args, {
    ...options,
    env: { ...env, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
  }).ended;
  if (code !== 0) throw new Error(`it ended with ${String(code)}:\n${stderr}`);
  const shown = stdout.split(mark);
  const said = stderr.split(mark);
  return commands.map((args, at) => {
    const [, words, exitCode] = /^(.*?)(\d+)$/s.exec(said[at] ?? '') ?? [];
    const text = shown[at];
    if (text === undefined || words === undefined) throw new Error(`${args.join(' ')}: no answer`);
    return { code: Number(exitCode), stdout: text, stderr: words };
  });
}
