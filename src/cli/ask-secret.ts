import process from 'node:process';

import { Refusal } from '../api/refusal.js';
import { UsageError } from './usage-error.js';

/**
 * Asks for a secret on the terminal, without showing what is typed. Throws a `UsageError` where there
 * is no terminal, and a `Refusal` at Ctrl-C.
 */
export async function askSecret(message: string): Promise<string> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) {
    throw new UsageError(
      'There is no terminal to ask for a password on: give a FILE, with a column "password".',
    );
  }
  // Loaded only here: nothing else asks.
  const { password, isCancel } = await import('@clack/prompts');
  const answer = await password({
    message,
    output: process.stderr,
    validate: (text) => (text === undefined || text === '' ? 'Please type it.' : undefined),
  });
  if (isCancel(answer)) throw new Refusal('Ctrl-C: nothing was sent.', 130);
  return answer;
}
