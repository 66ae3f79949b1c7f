import {
  anyText,
  count,
  flag,
  list,
  object,
  oneOf,
  ShapeError,
  table,
} from '../../cognito/json-shape.js';
import type { Read } from '../../cognito/json-shape.js';
import type { ExportedUser } from '../../record/exported-row.js';

/** One page of what an export reads, with where its list goes on: absent on the last. */
export type ExportPage =
  | {
      readonly list: 'group';
      readonly group: string;
      readonly subs: readonly string[];
      readonly next?: string;
    }
  | {
      readonly list: 'users';
      readonly users: readonly ExportedUser[];
      /** How many users of identity providers the page had. */
      readonly external: number;
      readonly next?: string;
    };

/** A page as a line of text, with its line feed. */
export function lineOf(page: ExportPage): string {
  return `${JSON.stringify(page)}\n`;
}

/** Lines of UTF-8, without their line feeds; what comes after the last line feed is left out. */
export async function* linesOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let parts: Buffer[] = [];
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(0x0a); end >= 0; end = chunk.indexOf(0x0a, start)) {
      parts.push(chunk.subarray(start, end));
      yield Buffer.concat(parts).toString();
      parts = [];
      start = end + 1;
    }
    parts.push(chunk.subarray(start));
  }
}

/** What a line holds, or undefined where a crash tore it. */
export function parseLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** The page that a line holds, or undefined where a crash tore it. */
export function pageFrom(line: string): ExportPage | undefined {
  const value = parseLine(line);
  try {
    members(value, '');
    return value as ExportPage;
  } catch (error) {
    if (error instanceof ShapeError) return undefined;
    throw error;
  }
}

const ofGroup = object({
  'list!': oneOf('group'),
  'group!': anyText,
  'subs!': list(anyText),
  next: anyText,
});

const ofUsers = object({
  'list!': oneOf('users'),
  'users!': list(
    object({
      'username!': anyText,
      sub: anyText,
      'enabled!': flag,
      'attributes!': table(anyText),
    }),
  ),
  'external!': count,
  next: anyText,
});

const members: Read = (value, where) => {
  const isGroup = typeof value === 'object' && value !== null && 'subs' in value;
  return (isGroup ? ofGroup : ofUsers)(value, where);
};
