import { rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import type { PoolDescription } from '../../cognito/description.js';
import { WholeFile } from '../../files/whole-file.js';
import { csvLine, guardedCsvLine } from '../../record/csv-line.js';
import { exportedCells } from '../../record/exported-row.js';
import { withFormulaGuard } from '../../record/formula-guard.js';
import { systemCode } from '../../source/error.js';
import type { ExportPage } from './export-page.js';
import type { PageStore } from './page-store.js';
import { refusal } from './part-file.js';
import type { ReadBack } from './read-back.js';
import { Refusal } from '../refusal.js';

/** What the rows are made of. */
export interface ExportRows {
  readonly store: PageStore;
  readonly columns: readonly string[];
  readonly description: PoolDescription;
  readonly readBack: ReadBack;
  /** Is told how many users were written. */
  readonly onWritten: (users: number) => void;
}

/** The text of an export, in pieces of a page each. */
export async function* exportText(rows: ExportRows): AsyncGenerator<string, void, undefined> {
  const { store, columns, description, readBack, onWritten } = rows;
  const { census } = store;
  const known = new Set(description.Groups?.map(({ GroupName }) => GroupName));
  let written = 0;
  yield guardedCsvLine(columns);
  for await (const line of store.lines()) {
    const page = JSON.parse(line) as ExportPage;
    if (page.list !== 'users') continue;
    const lines = page.users.map((user) => {
      const groups = census.groupsOf(user.sub ?? user.username).filter((name) => known.has(name));
      const cells = exportedCells(user, groups, columns).map(withFormulaGuard);
      readBack.see(cells, user);
      return csvLine(cells);
    });
    written += lines.length;
    onWritten(written);
    if (lines.length > 0) yield lines.join('');
  }
}

/** Writes to a stream and leaves it open. */
export async function writeToStream(text: AsyncIterable<string>, to: Writable): Promise<void> {
  await pipeline(Readable.from(text), to, { end: false });
}

/**
 * Writes a file that is there as a whole or not at all. Throws a `Refusal` where it can't be written,
 * or where something came to be there by that name meanwhile.
 */
export async function writeToFile(text: AsyncIterable<string>, output: string): Promise<void> {
  const part = `${output}.part.csv`;
  try {
    // Left by a killed process: this one has the lock.
    await rm(part, { force: true });
    const file = await WholeFile.createNew(output, part);
    await file.write(text);
  } catch (error) {
    if (systemCode(error) !== 'EEXIST') throw refusal(output, error);
    throw new Refusal(
      `${output} came to be there meanwhile and is not overwritten: move it away, then give the same command again.`,
    );
  }
}
