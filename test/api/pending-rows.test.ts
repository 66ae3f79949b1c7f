import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';

import { pendingRows } from '../../src/api/run/pending-rows.js';
import type { Session } from '../../src/api/run/session.js';
import { Journal } from '../../src/journal/journal.js';
import { openSource, type Position, type Source } from '../../src/source/index.js';
import { temporaryFolder } from '../support/folder.js';

const rows = 20_000;

async function opened(): Promise<{ source: Source; journal: Journal; reads: unknown[] }> {
  const folder = temporaryFolder();
  const file = join(folder, 'people.csv');
  const lines = Array.from({ length: rows }, (_, n) => `u${n},"a\nb ${n}"\n`);
  writeFileSync(file, `username,name\n${lines.join('')}`);
  const source = await openSource(file);
  const places: Position[] = [];
  for await (const { start } of source.read()) places.push(start);
  const journal = await Journal.create(
    join(folder, 'journal.jsonl'),
    {
      ...{ t: 'run', version: 1, run: 'r', command: 'import', at: 0, options: {} },
      file: { name: file, path: file },
      pool: { id: 'eu-west-1_A', region: 'eu-west-1' },
    },
    () => 0,
  );
  onTestFinished(async () => {
    await journal.close();
    await source.close();
  });
  journal.checked({ t: 'checked', rows, sha256: '', missingGroups: [], places });
  const reads: unknown[] = [];
  const read: Source['read'] = (options) => {
    reads.push(options?.from);
    return source.read(options);
  };
  return { source: Object.assign(Object.create(source) as Source, { read }), journal, reads };
}

it.each([0, 1, 4_999, 12_345, 19_999, rows])(
  'the first %i rows done, the others are pending',
  async (done) => {
    const { source, journal, reads } = await opened();
    for (let row = 0; row < done; row++) {
      const result = { row, line: 0, username: '', steps: [], attempts: 1, final: true } as const;
      journal.done({ ...result, status: 'created' });
    }
    const work = { source, journal, phase: 'importing', retryFailed: false } as const;
    const pending: [number, number][] = [];
    const plan = (row: number, { line }: { line: number }): object => {
      pending.push([row, line]);
      return {};
    };
    let planned = 0;
    for await (const batch of pendingRows({ ...work, plan }, { listener: {} } as Session)) {
      planned += batch.length;
    }
    expect(planned).toBe(rows - done);
    const expected = Array.from({ length: rows - done }, (_, n) => [done + n, 2 * (done + n) + 2]);
    expect(pending).toEqual(expected);
    const from = reads[0] as Position | undefined;
    expect(from?.row ?? 0).toBeLessThanOrEqual(done);
    if (done > 10_000)
      expect(from?.row, 'what is done is not read again').toBeGreaterThan(done / 2);
  },
);
