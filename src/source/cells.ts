import { parse } from 'csv-parse/sync';

import { SourceError } from './error.js';
import type { RecordBlock } from './records.js';
import type { Dialect, Row } from './source.js';

/** The part of a dialect that decides how a record becomes cells. */
type CellDialect = Pick<Dialect, 'delimiter' | 'form'>;

const BACKSLASH = '\\';
const QUOTE = 0x22;
const CR = 0x0d;
const LF = 0x0a;

/**
 * The rows of a block of whole records. A record whose only cell is empty is a blank line and no
 * row. `name` is for messages, as `shownName` gives it.
 *
 * csv-parse reads every record that has a quote. One without has nothing to parse: it is split at
 * its delimiters, which makes the whole file three times as fast.
 * @throws SourceError `inconsistent-records` if csv-parse sees other records than were cut
 */
export function rowsOf(block: RecordBlock, dialect: CellDialect, name: string): Row[] {
  const { bytes, lines, ends } = block;
  const { delimiter, form } = dialect;
  const quoted = form === 'csv' ? parsedRecords(block, delimiter, name) : undefined;
  const rows: Row[] = [];
  let start = 0;
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? 0;
    const end = ends[index] ?? 0;
    const cells = quoted?.get(index) ?? recordIn(bytes, start, end).split(delimiter);
    start = end;
    if (cells.length === 1 && cells[0] === '') continue;
    rows.push({ line, cells: form === 'aws-import' ? withoutEscapes(cells) : cells });
  }
  return rows;
}

/** The cells of each record of the block that has a quote, by its place in the block. */
function parsedRecords(
  { bytes, lines, ends }: RecordBlock,
  delimiter: string,
  name: string,
): ReadonlyMap<number, string[]> | undefined {
  let quote = bytes.indexOf(QUOTE);
  if (quote < 0) return undefined;
  const indexes: number[] = [];
  const pieces: Buffer[] = [];
  for (let index = 0; index < ends.length && quote >= 0; index++) {
    const end = ends[index] ?? 0;
    if (quote >= end) continue;
    indexes.push(index);
    pieces.push(bytes.subarray(ends[index - 1] ?? 0, end));
    quote = bytes.indexOf(QUOTE, end);
  }
  let records: string[][] | undefined;
  try {
    records = parse(Buffer.concat(pieces), {
      delimiter,
      record_delimiter: ['\r\n', '\n', '\r'],
      relax_column_count: true,
      // Safe, since the cutter has refused text after a closing quote: what is left to relax is a
      // quote inside a cell that does not begin with one.
      relax_quotes: true,
      skip_empty_lines: true,
    });
  } catch {
    // csv-parse's message holds the cell: it goes nowhere.
  }
  if (records?.length !== indexes.length) throw inconsistent(lines[indexes[0] ?? 0] ?? 0, name);
  return new Map(records.map((cells, at) => [indexes[at] ?? 0, cells]));
}

/**
 * The text of a record without the blank lines before it and its own line break. No other line break
 * can stand at its ends: inside a cell it has a quote around it.
 */
function recordIn(bytes: Buffer, start: number, end: number): string {
  let [from, to] = [start, end];
  while (from < to && isBreak(bytes[from])) from++;
  while (to > from && isBreak(bytes[to - 1])) to--;
  return bytes.toString('utf8', from, to);
}

function isBreak(byte: number | undefined): boolean {
  return byte === LF || byte === CR;
}

function inconsistent(line: number, name: string): SourceError {
  return new SourceError(
    'inconsistent-records',
    `The records from line ${line} of ${name} on can't be told apart reliably. Please report this, with a few lines that show it and hold no real person.`,
    line,
  );
}

/**
 * Puts together what was split at an escaped comma: a cell that ends in a backslash goes on with
 * the next one. Any other backslash is a character.
 */
function withoutEscapes(record: readonly string[]): string[] {
  const cells: string[] = [];
  let open = false;
  for (const part of record) {
    if (open) cells.push(`${(cells.pop() ?? '').slice(0, -1)},${part}`);
    else cells.push(part);
    open = part.endsWith(BACKSLASH);
  }
  return cells;
}
