import process from 'node:process';
import picocolors from 'picocolors';

/**
 * Colours for one stream: only on a terminal, and not where NO_COLOR is set (no-color.org). A pipe
 * gets none, also where `CI` is set.
 */
export function coloursFor(stream: {
  readonly isTTY?: boolean;
}): ReturnType<typeof picocolors.createColors> {
  const noColor = process.env['NO_COLOR'];
  const isWanted = noColor === undefined || noColor === '';
  return picocolors.createColors(stream.isTTY === true && isWanted);
}

/** For what a command is there to say. */
export const pc = coloursFor(process.stdout);
