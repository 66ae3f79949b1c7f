import { isAbort } from '../../source/error.js';
import { readSmallFile } from '../../source/small-file.js';

import { Refusal } from '../refusal.js';

/** More than a million people. */
const mostBytes = 128 * 1_024 * 1_024;

/** Reads the people who are never removed, one a line, in lower case. Throws a `Refusal` where it can't be. */
export async function protectedPeople(
  path: string | undefined,
  signal?: AbortSignal,
): Promise<ReadonlySet<string>> {
  if (path === undefined) return new Set();
  let text: string;
  try {
    const bytes = await readSmallFile(path, mostBytes, signal);
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    if (isAbort(error)) throw error;
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'no reason given';
    throw new Refusal(
      code === 'ERR_ENCODING_INVALID_ENCODED_DATA'
        ? `--protect ${path} is not UTF-8: save it so.`
        : `--protect ${path} can't be read (${code}): nobody would be protected, so check the path.`,
    );
  }
  const lines = text.split(/\r\n|\n|\r/).map((line) => line.trim().toLowerCase());
  return new Set(lines.filter((line) => line !== ''));
}
