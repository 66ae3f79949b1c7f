import { parse } from 'csv-parse/sync';
import { SourceError } from './error.js';
import type { RecordBlock } from './records.js';
import type { Dialect, Row } from './source.js';

/** The part of a dialect that decides how a record becomes cells. */
export type CellDialect = Pick<Dialect, 'delimiter' | 'form'>;

const BACKSLASH = '\\';

/**
 * The rows of a block of whole records. A record whose only cell is empty is a blank line and no
 * row. `name` is for messages, as `shownName` gives it.
 * @throws SourceError `inconsistent-records` if csv-parse sees other records than were cut
 */
export function rowsOf(block: RecordBlock, dialect: CellDialect, name: string): Row[] {
  if (block.lines.length === 0) return [];
  const records = parsed(block, dialect, name);
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

function parsed(block: RecordBlock, dialect: CellDialect, name: string): string[][] {
  const quote = dialect.form === 'csv' ? '"' : null;
  let records: string[][] | undefined;
  try {
    records = parse(block.bytes, {
      delimiter: dialect.delimiter,
      quote,
      escape: quote,
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
  if (records?.length !== block.lines.length) {
    throw new SourceError(
      'inconsistent-records',
      `The records from line ${block.line} of ${name} on can't be told apart reliably. Please report this, with a few lines that show it and hold no real person.`,
      block.line,
    );
  }
  return records;
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
