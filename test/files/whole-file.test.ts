import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { guardedCsvLine } from '../../src/record/csv-line.js';
import { withoutFormulaGuard } from '../../src/record/formula-guard.js';
import { WholeFile } from '../../src/files/whole-file.js';
import { temporaryFolder } from '../support/folder.js';

const newPath = (): string => join(temporaryFolder(), 'results.csv');

/** Reads a file as our own reader does: any line break ends a record. */
const read = (path: string): string[][] =>
  parse(readFileSync(path), { record_delimiter: ['\r\n', '\n', '\r'] });

const nasty = [
  'plain',
  '',
  ' spaced ',
  'a,b',
  'a"b',
  '"',
  'a\nb',
  'a\r\nb',
  'a\rb',
  '\r',
  'é漢🙂\u2028',
  "it's",
];
const formulas = ['=1+1', '+49', '-1', '@x', '\tx', '\rx', "'=x", "''=x", '=a"b,c\nd', "'plain"];

async function written(path: string, rows: readonly string[][]): Promise<void> {
  const file = await WholeFile.create(path);
  for (const row of [['a', 'b'], ...rows]) {
    file.add(guardedCsvLine(row));
    await file.drain();
  }
  await file.finish();
}

describe('a CSV file that is written as a whole', () => {
  it('is read back as it was, whatever its cells hold', async () => {
    const path = newPath();
    await written(
      path,
      nasty.map((cell) => [cell, 'x']),
    );
    expect(read(path)).toEqual([
      ['a', 'b'],
      ...nasty.map((cell) => [cell === '\r' ? "'\r" : cell, 'x']),
    ]);
  });

  it('guards what a spreadsheet would run, so that it comes back as it was', async () => {
    const path = newPath();
    await written(
      path,
      formulas.map((cell) => ['x', cell]),
    );
    const cells = read(path)
      .slice(1)
      .map(([, cell]) => cell ?? '');
    expect(cells.filter((cell) => /^[=+\-@\t\r]/.test(cell))).toEqual([]);
    expect(cells.map(withoutFormulaGuard)).toEqual(formulas);
    expect(cells.at(-1)).toBe("'plain");
  });

  it('is for its owner only, and whole where it is more than one piece', async () => {
    const path = newPath();
    const rows = Array.from({ length: 20_000 }, (_, row) => [`row ${row}`, 'é'.repeat(20)]);
    await written(path, rows);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const cells = read(path);
    expect(cells).toHaveLength(20_001);
    expect(cells.at(-1)).toEqual(rows.at(-1));
  });

  it('takes the place of the old one only when it is whole', async () => {
    const path = newPath();
    writeFileSync(path, 'old');
    const file = await WholeFile.create(path);
    file.add(`new\n${'x'.repeat(300_000)}`);
    await file.drain();
    expect(readFileSync(path, 'utf8')).toBe('old');
    await file.finish();
    expect(readFileSync(path, 'utf8').startsWith('new\n')).toBe(true);
    expect(existsSync(`${path}.part`)).toBe(false);
  });

  it('leaves the old one when it is abandoned, and no piece of the new', async () => {
    const path = newPath();
    writeFileSync(path, 'old');
    const file = await WholeFile.create(path);
    file.add('new\n');
    await file.abandon();
    expect(readFileSync(path, 'utf8')).toBe('old');
    expect(existsSync(`${path}.part`)).toBe(false);
  });

  it('takes no notice of what a crash left of an earlier one', async () => {
    const path = newPath();
    writeFileSync(`${path}.part`, 'x'.repeat(10_000), { mode: 0o644 });
    await written(path, []);
    expect(readFileSync(path, 'utf8')).toBe('a,b\n');
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });
});
