import { parse } from 'csv-parse/sync';
import { SourceError } from './error.js';
import type { RecordBlock } from './records.js';
import type { Dialect, Row } from './source.js';

/** The part of a dialect that decides how a record becomes cells. */
export type CellDialect = Pick<Dialect, 'delimiter' | 'form'>;

const BACKSLASH = '\\';
const QUOTE = 0x22;
const CR = 0x0d;
const LF = 0x0a;

/**
 * The rows of a block of whole records. A record whose only cell is empty is a blank line and no
 * row. `name` is for messages, as `shownName` gives it.
 * @throws SourceError `inconsistent-records` if csv-parse sees other records than were cut
 */
export function rowsOf(block: RecordBlock, dialect: CellDialect, name: string): Row[] {
  const quoted: number[] = [];
  const records = unquotedRecords(block, dialect, quoted);
  if (quoted.length > 0) parseQuoted(block, quoted, records, dialect, name);
  const rows: Row[] = [];
  for (let index = 0; index < records.length; index++) {
    const line = block.lines[index];
    const record = records[index];
    if (line === undefined || record === undefined) continue;
    const cells = dialect.form === 'aws-import' ? withoutEscapes(record) : record;
    if (cells.length === 1 && cells[0] === '') continue;
    rows.push({ line, cells });
  }
  return rows;
}

/**
 * The cells of every record without a quote, which the delimiter alone divides, at a fraction of
 * what csv-parse takes. The others stay empty, and their indexes go to `quoted`.
 */
function unquotedRecords(
  { bytes, lines, ends }: RecordBlock,
  { delimiter, form }: CellDialect,
  quoted: number[],
): string[][] {
  const records: string[][] = [];
  let quote = form === 'csv' ? bytes.indexOf(QUOTE) : -1;
  let start = 0;
  for (let index = 0; index < lines.length; index++) {
    const end = ends[index] ?? 0;
    if (quote >= 0 && quote < end) {
      quoted.push(index);
      records.push([]);
      quote = bytes.indexOf(QUOTE, end);
    } else {
      let [from, to] = [start, end];
      // Blank lines before it, and its own line break: without quotes, no cell holds one.
      while (isBreak(bytes[from])) from++;
      while (to > from && isBreak(bytes[to - 1])) to--;
      records.push(bytes.toString('utf8', from, to).split(delimiter));
    }
    start = end;
  }
  return records;
}

function isBreak(byte: number | undefined): boolean {
  return byte === LF || byte === CR;
}

/** Reads the records with quotes, all at one go, and puts them in their places. */
function parseQuoted(
  block: RecordBlock,
  quoted: readonly number[],
  records: string[][],
  dialect: CellDialect,
  name: string,
): void {
  const { bytes, ends, line } = block;
  const all = quoted.length === records.length;
  const pieces = all ? [] : quoted.map((at) => bytes.subarray(ends[at - 1] ?? 0, ends[at]));
  const found = parsed(all ? bytes : Buffer.concat(pieces), dialect);
  if (found?.length !== quoted.length) {
    throw new SourceError(
      'inconsistent-records',
      `The records from line ${line} of ${name} on can't be told apart reliably. Please report this, with a few lines that show it and hold no real person.`,
      line,
    );
  }
  for (const [index, cells] of found.entries()) records[quoted[index] ?? 0] = cells;
}

/** What csv-parse reads; undefined where it reads nothing. */
function parsed(bytes: Buffer, { delimiter }: CellDialect): string[][] | undefined {
  try {
    return parse(bytes, {
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
    return undefined;
  }
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
