import type { BrokenBytes } from './decode.js';
import { SourceError } from './error.js';
import { guessEncoding } from './guess.js';
import type { Guess } from './guess.js';

/** The error for bytes that are not valid in the encoding, with the likely one. */
export async function invalidBytes(
  broken: BrokenBytes,
  line: number,
  encoding: string,
  name: string,
): Promise<SourceError> {
  const advice = adviceFor(await guessEncoding(broken, encoding));
  return new SourceError(
    'invalid-bytes',
    `Line ${line} of ${name} has bytes that are not valid ${encoding.toUpperCase()}. ${advice}`,
    line,
  );
}

function adviceFor(guess: Guess | undefined): string {
  const other = guess?.encoding;
  const verb = guess?.sure === true ? 'looks like' : 'may be';
  if (guess?.lineOnly === true) {
    const line = other === undefined ? '' : `, this line ${verb} ${other}`;
    return `The lines before are right${line}: mend it, or save the file as UTF-8 again.`;
  }
  return other === undefined
    ? 'Say how the file is written with --encoding, or save it as UTF-8.'
    : `It ${verb} ${other}: try --encoding ${other}, or save the file as UTF-8.`;
}
