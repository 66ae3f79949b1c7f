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
 *
 * The cutter has found every record and refused text after a closing quote, so that little is left
 * to do here. The tests hold it against a reader that takes its time, and against csv-parse, which
 * would need three times as long.
 * @throws SourceError `inconsistent-records` if a record is not as the cutter says
 */
export function rowsOf(block: RecordBlock, dialect: CellDialect, name: string): Row[] {
  const { bytes, lines, ends } = block;
  const { delimiter, form } = dialect;
  const rows: Row[] = [];
  let quote = form === 'csv' ? bytes.indexOf(QUOTE) : -1;
  let start = 0;
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? 0;
    const end = ends[index] ?? 0;
    const record = recordIn(bytes, start, end);
    const hasQuote = quote >= 0 && quote < end;
    const cells = hasQuote ? quotedCells(record, delimiter) : record.split(delimiter);
    if (cells === undefined) throw inconsistent(line, name);
    if (hasQuote) quote = bytes.indexOf(QUOTE, end);
    start = end;
    if (cells.length === 1 && cells[0] === '') continue;
    rows.push({ line, cells: form === 'aws-import' ? withoutEscapes(cells) : cells });
  }
  return rows;
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

/**
 * The cells of a record with quotes: a cell that begins with one ends with the next that is not
 * doubled; any other cell ends at the delimiter, whatever quotes it has. Undefined where something
 * else than a delimiter follows a closing quote, or there is none.
 */
function quotedCells(record: string, delimiter: string): string[] | undefined {
  const cells: string[] = [];
  for (let at = 0; ; at++) {
    let end: number;
    if (record.charCodeAt(at) === QUOTE) {
      let closing = record.indexOf('"', at + 1);
      while (closing > 0 && record.charCodeAt(closing + 1) === QUOTE) {
        closing = record.indexOf('"', closing + 2);
      }
      if (closing < 0) return undefined;
      const text = record.slice(at + 1, closing);
      cells.push(text.includes('"') ? text.replaceAll('""', '"') : text);
      end = closing + 1;
      if (end < record.length && record[end] !== delimiter) return undefined;
    } else {
      const next = record.indexOf(delimiter, at);
      end = next < 0 ? record.length : next;
      cells.push(record.slice(at, end));
    }
    if (end >= record.length) return cells;
    at = end;
  }
}

function inconsistent(line: number, name: string): SourceError {
  return new SourceError(
    'inconsistent-records',
    `The record on line ${line} of ${name} can't be read reliably. Please report this, with a few lines that show it and hold no real person.`,
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
