import { rowsOf } from './cells.js';
import { shown, SourceError } from './error.js';
import { countLineBreaks, RecordCutter } from './records.js';
import type { Dialect, Position, Row } from './source.js';

/** How the text is divided, and where its rows begin. */
export interface Layout {
  readonly delimiter: string;
  readonly separatorLine: boolean;
  readonly form: Dialect['form'];
  readonly header: Row;
  /** The place after the header's line break. */
  readonly dataStart: Position;
}

/** What a layout is read from. */
interface Head {
  /** The text from its start, as UTF-8. */
  readonly text: Buffer;
  /** Whether that is the whole text. */
  readonly complete: boolean;
  /** As asked for, or `auto`. */
  readonly delimiter: string;
  /** The names of the columns, where the file may have no header line. */
  readonly header?: readonly string[];
  readonly recordBytes: number;
  /** For messages, as `shownName` gives it. */
  readonly name: string;
}

/** Those that are looked for, the likelier first. */
const DELIMITERS = [',', ';', '\t', '|'] as const;

/** Excel's own line; LibreOffice writes it in quotes. */
const SEPARATOR_LINE = /^("?)sep=([^"\r\nA-Za-z0-9])\1(?:\r\n|\n|\r(?!$))/i;

/**
 * Windows PowerShell's Export-Csv writes the kind of its objects first, unless it was told
 * -NoTypeInformation.
 */
const TYPE_LINE = /^#TYPE [^\r\n]*(?:\r\n|\n|\r(?!$))/;
const TYPE_LINE_BYTES = 4096;

const BY_NAME: ReadonlyMap<string, string> = new Map([
  ['tab', '\t'],
  ['\\t', '\t'],
  ['comma', ','],
  ['semicolon', ';'],
  ['pipe', '|'],
]);

/** How many records decide between two delimiters or forms. */
const SAMPLE = 200;

/**
 * The delimiter that was asked for as one character, or undefined for `auto`.
 * @throws SourceError `invalid-delimiter`
 */
export function delimiterFrom(wanted: string): string | undefined {
  if (wanted.toLowerCase() === 'auto') return undefined;
  const delimiter = BY_NAME.get(wanted.toLowerCase()) ?? wanted;
  if (!/^[\t\x20-\x7e]$/.test(delimiter) || /["A-Za-z0-9]/.test(delimiter)) {
    throw new SourceError(
      'invalid-delimiter',
      `"${shown(wanted)}" can't be a delimiter. Give one sign such as , ; | or the word tab; without the option it is found out.`,
    );
  }
  return delimiter;
}

/**
 * Finds out how the text is divided; undefined if more of it is needed.
 * @throws SourceError `no-header`, and what is wrong with the header's record
 */
export function layoutOf(head: Head): Layout | undefined {
  const separator = SEPARATOR_LINE.exec(head.text.subarray(0, 16).toString('latin1'));
  const type = TYPE_LINE.exec(head.text.subarray(0, TYPE_LINE_BYTES).toString('latin1'));
  const before = (separator ?? type)?.[0];
  const text = before === undefined ? head.text : head.text.subarray(before.length);
  const base = { ...head, text, line: before === undefined ? 1 : 2 };

  let delimiter = delimiterFrom(head.delimiter);
  const announced = separator?.[2];
  if (delimiter === undefined && announced !== undefined) delimiter = delimiterFrom(announced);
  delimiter ??= likeliestDelimiter(base);

  const first = read({ ...base, delimiter, form: 'csv' });
  const header = first.rows[0];
  const end = first.ends[first.lines.indexOf(header?.line ?? 0)];
  if (header === undefined || end === undefined) {
    if (first.fault) throw first.fault;
    if (!head.complete) return undefined;
    throw new SourceError(
      'no-header',
      `${head.name} is empty: it has no header line. The first line names the columns, such as username,email.`,
    );
  }
  const offset = head.text.length - text.length;
  if (head.header && !isHeaderLine(header, head.header)) {
    return {
      delimiter,
      separatorLine: separator !== null,
      form: 'csv',
      header: { line: base.line, cells: head.header },
      dataStart: { offset, line: base.line, row: 0 },
    };
  }
  return {
    delimiter,
    separatorLine: separator !== null,
    form: formOf(base, delimiter, header, end),
    header,
    dataStart: {
      offset: offset + end,
      line: base.line + countLineBreaks(text.subarray(0, end)),
      row: 0,
    },
  };
}

/**
 * Whether a first record names the columns after all, as in a file that was saved again: most of
 * its cells are among the names.
 */
function isHeaderLine({ cells }: Row, names: readonly string[]): boolean {
  const known = new Set(names.map((name) => name.trim().toLowerCase()));
  const filled = cells.map((cell) => cell.trim().toLowerCase()).filter((cell) => cell !== '');
  return 2 * filled.filter((cell) => known.has(cell)).length > filled.length;
}

interface Sample extends Head {
  readonly line: number;
}

interface Sampled {
  readonly rows: readonly Row[];
  /** Of every record, also of those that are no row. */
  readonly lines: readonly number[];
  readonly ends: readonly number[];
  readonly fault: SourceError | undefined;
}

/** The records of the text, as far as it goes. */
function read(sample: Sample & { delimiter: string; form: Dialect['form'] }): Sampled {
  const { text, delimiter, form, recordBytes, name, line } = sample;
  const cutter = new RecordCutter({ delimiter, quotes: form === 'csv', recordBytes, name, line });
  let block = cutter.feed(text);
  if (block.lines.length === 0 && sample.complete) block = cutter.end();
  const ends = block.ends.slice(0, SAMPLE);
  const lines = block.lines.slice(0, SAMPLE);
  const some = { ...block, bytes: block.bytes.subarray(0, ends.at(-1) ?? 0), lines, ends };
  return { rows: rowsOf(some, { delimiter, form }, name), lines, ends, fault: cutter.fault };
}

/**
 * The one that divides the header and, where several do, divides the rows like it most often;
 * then the one that gives the most columns.
 */
function likeliestDelimiter(sample: Sample): string {
  let best = { delimiter: ',', share: -1, columns: 1 };
  for (const delimiter of DELIMITERS) {
    if (!sample.text.includes(delimiter)) continue;
    const { rows } = read({ ...sample, delimiter, form: 'csv' });
    const columns = rows[0]?.cells.length ?? 0;
    if (columns < 2) continue;
    const share = shareLikeHeader(rows, columns);
    if (share > best.share || (share === best.share && columns > best.columns)) {
      best = { delimiter, share, columns };
    }
  }
  return best.delimiter;
}

/** From 0 to 1; 1 for a header without rows. */
function shareLikeHeader(rows: readonly Row[], columns: number): number {
  const others = rows.slice(1);
  if (others.length === 0) return 1;
  return others.filter(({ cells }) => cells.length === columns).length / others.length;
}

/**
 * A header that has both of these columns is that of GetCSVHeader: the file is in the form of
 * Cognito's own import, unless it shows to be quoted: someone filled it in with a spreadsheet.
 */
function formOf(sample: Sample, delimiter: string, header: Row, end: number): Dialect['form'] {
  const names = new Set(header.cells.map((cell) => cell.trim().toLowerCase()));
  if (!names.has('cognito:username') || !names.has('cognito:mfa_enabled')) return 'csv';
  if (delimiter !== ',' || sample.text.subarray(0, end).includes('"')) return 'csv';
  const columns = header.cells.length;
  const asCsv = read({ ...sample, delimiter, form: 'csv' });
  const asImport = read({ ...sample, delimiter, form: 'aws-import' });
  const quoted =
    asCsv.fault === undefined &&
    shareLikeHeader(asCsv.rows, columns) > shareLikeHeader(asImport.rows, columns);
  return quoted ? 'csv' : 'aws-import';
}
