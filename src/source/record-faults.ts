import { SourceError } from './error.js';

// Each carries the line on which its record starts. `name` is for messages, as `shownName` gives it.

export function textAfterQuote(
  at: { readonly line: number; readonly recordLine: number; readonly cell: number },
  name: string,
): SourceError {
  const { line, recordLine, cell } = at;
  const where =
    line === recordLine ? `Line ${line}` : `The record from line ${recordLine} to line ${line}`;
  return new SourceError(
    'text-after-quote',
    `${where} of ${name} has text after the closing quote of cell ${cell}. Write a quote inside a quoted cell twice (""), or close the quote that was left open before.`,
    recordLine,
  );
}

export function unclosedQuote(recordLine: number, name: string): SourceError {
  return new SourceError(
    'unclosed-quote',
    `The record that starts on line ${recordLine} of ${name} has a quote that is never closed. Close it, or write a quote inside a quoted cell twice ("").`,
    recordLine,
  );
}

export function tooLong(
  recordLine: number,
  limit: { readonly name: string; readonly recordBytes: number; readonly quotes: boolean },
): SourceError {
  const { name, recordBytes, quotes } = limit;
  const hint = quotes ? ' Is a quote left open there?' : '';
  return new SourceError(
    'record-too-long',
    `The record that starts on line ${recordLine} of ${name} is longer than ${recordBytes} bytes, more than a user can hold.${hint}`,
    recordLine,
  );
}
