import { shownText } from '../source/shown-text.js';

/** The command line is wrong. The message says what, and what to write instead. */
export class UsageError extends Error {
  override readonly name = 'UsageError';

  constructor(message: string) {
    // What was typed, or stands in a file, is in it.
    super(shownText(message));
  }
}
