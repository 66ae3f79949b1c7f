import process from 'node:process';

import { systemCode } from '../source/error.js';

/**
 * Resolves once all that was said so far is written; with the system's code where it can't be. A
 * reader that went away (`| head`) wants no more of it, and nothing is lost.
 */
export async function lostOutput(): Promise<string | undefined> {
  const { stdout } = process;
  const error =
    stdout.errored ?? (await new Promise<unknown>((resolve) => stdout.write('', resolve)));
  if (!error) return undefined;
  const code = systemCode(error);
  return code === 'EPIPE' ? undefined : code || 'unknown';
}

export function lostOutputText(code: string): string {
  return `Standard output can't be written (${code})`;
}
