import { expect } from 'vitest';

import type { RowResult } from '../../src/apply/result.js';
import type { BeginEntry } from '../../src/journal/entries.js';
import { Journal } from '../../src/journal/journal.js';
import { readEntry } from '../../src/journal/read-entry.js';
import { JournalError } from '../../src/journal/read-journal.js';
import type { World } from './world.js';

/** What the first line of a journal says. */
export type About = Pick<BeginEntry, 'command' | 'options'>;

/**
 * Goes on with the journal at a path, or begins one. One of which a power cut left nothing is one on
 * whose word nothing was sent.
 */
export async function openJournal(
  { disk, clock, pool }: World,
  path: string,
  { command, options }: About,
  callsSoFar: number,
): Promise<Journal> {
  const now = (): number => clock.wall();
  if (disk.has(path)) {
    try {
      return await Journal.resume(path, now);
    } catch (error) {
      if (!(error instanceof JournalError) || !error.message.includes('nothing was begun'))
        throw error;
      disk.remove(path);
    }
  }
  expect(callsSoFar, 'calls without a journal').toBe(0);
  return Journal.create(
    path,
    {
      ...({ t: 'run', version: 1, run: 'model', command, at: now(), options } as const),
      file: { name: 'model.csv', path: 'model.csv' },
      pool: { id: pool.userPoolId, region: pool.region },
    },
    now,
  );
}

/**
 * What a journal says of a row at the end of a process. What an earlier one said does not stand where
 * something was sent since whose answer is not known; the reports say so then.
 */
export function resultIn(journal: Journal, row: number): RowResult | undefined {
  return journal.stateOf(row) === 'tried' ? undefined : journal.resultOf(row);
}

/** The rows that a journal says may have been sent, up to the line that a power cut tore. */
export function triedRows(text: string): ReadonlySet<number> {
  const rows = new Set<number>();
  for (const line of text.split('\n')) {
    const entry = readEntry(line);
    if (!entry) break;
    if (entry.t === 'try') for (const [row] of entry.rows) rows.add(row);
  }
  return rows;
}
