import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import {
  type OpenOptions,
  openSource,
  type RowBatch,
  type Source,
  SourceError,
} from '../../src/source/index.js';

/** A folder that is gone after the test. */
export function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'source-test-'));
  onTestFinished(() => {
    rmSync(path, { recursive: true, force: true });
  });
  return path;
}

/** A file in a folder of its own. */
export function file(content: string | Uint8Array, name = 'users.csv'): string {
  const path = join(folder(), name);
  writeFileSync(path, content);
  return path;
}

/** An open source that is closed after the test. */
export async function opened(path: string, options: OpenOptions = {}): Promise<Source> {
  const source = await openSource(path, options);
  onTestFinished(async () => {
    await source.close();
  });
  return source;
}

export interface Everything {
  readonly header: readonly string[];
  readonly headerLine: number;
  readonly rows: readonly (readonly [line: number, ...cells: string[]])[];
  /** The code of what broke the reading off, and its line. */
  readonly fault: readonly [code: string, line: number | undefined] | undefined;
  readonly message: string | undefined;
}

/** All that a file gives, whether it opens or not. */
export async function everything(path: string, options: OpenOptions = {}): Promise<Everything> {
  const rows: [number, ...string[]][] = [];
  let header: readonly string[] = [];
  let headerLine = 0;
  let source: Source | undefined;
  try {
    source = await openSource(path, options);
    header = source.header.cells;
    headerLine = source.header.line;
    for await (const batch of source.read()) {
      for (const row of plain(batch)) rows.push(row);
    }
    return { header, headerLine, rows, fault: undefined, message: undefined };
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    return { header, headerLine, rows, fault: [error.code, error.line], message: error.message };
  } finally {
    await source?.close();
  }
}

export function plain(batch: RowBatch): [number, ...string[]][] {
  return batch.rows.map(({ line, cells }) => [line, ...cells]);
}

/** The message and code of the SourceError that a promise ends with. */
export async function refusal(promise: Promise<unknown>): Promise<SourceError> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof SourceError) return error;
    throw error;
  }
  throw new Error('it was not refused');
}

/** Numbers from 0 to 1, the same ones for the same seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
