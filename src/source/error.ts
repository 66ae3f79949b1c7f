import { shownText } from './shown-text.js';

/** What is wrong with a file as a whole, as a word that scripts can rely on. */
export type SourceErrorCode =
  | 'not-found'
  | 'not-readable'
  | 'is-folder'
  | 'not-text'
  | 'no-header'
  | 'file-changed'
  | 'spool-failed'
  | 'corrupt-gzip'
  | 'gzip-too-large'
  | 'unknown-encoding'
  | 'wrong-encoding'
  | 'invalid-bytes'
  | 'invalid-delimiter'
  | 'unclosed-quote'
  | 'text-after-quote'
  | 'record-too-long'
  | 'inconsistent-records';

/**
 * The file cannot be read to its end, so no row of it may be sent. The message is one or two
 * sentences: what is wrong, where, and the way out. It never holds the content of a cell.
 */
export class SourceError extends Error {
  override readonly name = 'SourceError';
  readonly code: SourceErrorCode;
  /**
   * The line of the file (the first is 1): for a record, the line on which it starts; for broken
   * bytes, the line on which they stand; undefined where the matter has no line.
   */
  readonly line: number | undefined;

  constructor(code: SourceErrorCode, message: string, line?: number, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.line = line;
  }
}

/** A path or an option's value as it may stand in a message: no control characters, not endless. */
export function shown(text: string): string {
  const clean = shownText(text);
  return clean.length > 300 ? `${clean.slice(0, 300)}…` : clean;
}

/** How a source is called in a sentence. */
export function shownName(name: string): string {
  return name === '-' ? 'standard input' : `"${shown(name)}"`;
}

/** Whether a signal of the caller's ended what was waited for. */
export function isAbort(error: unknown): error is Error {
  return error instanceof Error && error.name === 'AbortError';
}

/** The code of a system error (`ENOENT`), or '' for anything else. */
export function systemCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : '';
}
