import process from 'node:process';

import { shownText } from '../source/shown-text.js';
import { commandInfo } from './command-info.js';
import type { AnyArguments } from './command-info.js';
import { failureOf, usageMessage } from './failure.js';
import type { Failure } from './failure.js';
import { optionNames } from './options.js';
import { coloursFor } from './screen/colours.js';
import { noSummary, tellNoSummary } from './unattended.js';
import { UsageError } from './usage-error.js';

/** The one place where an error becomes text and an exit code. */
export async function tellFailure(error: unknown, given: AnyArguments): Promise<number> {
  const failure =
    error instanceof UsageError
      ? { message: usageMessage(error, optionNames), exitCode: 2 }
      : failureOf(error);
  const stack = given['verbose'] === true && error instanceof Error ? error.stack : undefined;
  const end = noSummary(commandInfo(given), failure);
  if (given['log-format'] === 'json') {
    const { Log } = await import('./screen/log.js');
    const log = new Log({ quiet: given['quiet'] === true, progress: false });
    log.fail(end, stack);
    await tellNoSummary(given, end, log.warn);
  } else {
    showFailure(failure, stack);
    await tellNoSummary(given, end, (message) => {
      process.stderr.write(`${coloursFor(process.stderr).yellow('note:')} ${shownText(message)}\n`);
    });
  }
  return failure.exitCode;
}

function showFailure({ message }: Failure, stack: string | undefined): void {
  process.stderr.write(`cognito-bulk: ${shownLines(message)}\n`);
  if (stack !== undefined) process.stderr.write(`${shownLines(stack)}\n`);
}

/** A path may stand in it, or what a network says. */
function shownLines(text: string): string {
  return text.split('\n').map(shownText).join('\n');
}
