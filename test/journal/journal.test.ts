import { appendFileSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RowResult } from '../../src/apply/result.js';
import type { BeginEntry, Entry, FiguresEntry } from '../../src/journal/entries.js';
import { Journal } from '../../src/journal/journal.js';
import { JournalError, readJournal } from '../../src/journal/read-journal.js';
import type { JournalContents } from '../../src/journal/read-journal.js';
import { RowStates } from '../../src/journal/row-states.js';
import type { RowState } from '../../src/journal/row-states.js';
import { temporaryFolder } from '../support/folder.js';
import { seeded } from '../support/virtual-clock.js';

const begin: BeginEntry = {
  t: 'run',
  version: 1,
  run: 'test',
  command: 'import',
  at: 1_000,
  file: { name: 'users.csv', path: '/users.csv' },
  pool: { id: 'eu-west-1_Test', region: 'eu-west-1' },
  options: { rows: { invite: 'none' } },
};

const figures: FiguresEntry = {
  t: 'figures',
  at: 5,
  seconds: 5,
  calls: { AdminCreateUser: { ok: 1, throttled: 0, retried: 0, failed: 0 } },
  rates: { UserCreation: { limit: 50, share: 0.8 } },
};

function resultOf(row: number, more: Partial<RowResult> = {}): RowResult {
  return {
    row,
    line: row + 2,
    username: `user-${row}`,
    status: 'created',
    sub: `sub-${row}`,
    steps: ['create', 'groups'],
    attempts: 1,
    final: true,
    ...more,
  };
}

const linesOf = (text: string): unknown[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);

const path = (): string => join(temporaryFolder(), 'journal.jsonl');
const now = (): number => 2_000;

/** A journal with a line of each kind, closed. */
async function wrote(at: string): Promise<void> {
  const journal = await Journal.create(at, begin, now);
  journal.done(resultOf(3, { status: 'invalid', steps: [], code: 'duplicate' }));
  journal.checked({ t: 'checked', rows: 6, sha256: 'abc', missingGroups: ['x'] });
  await Promise.all([journal.willTry(0, 10), journal.willTry(1, 11)]);
  journal.done(resultOf(0));
  await journal.willTry(2, 12);
  journal.done(resultOf(2, { status: 'failed', final: false, unknownSince: 12, steps: [] }));
  journal.done(resultOf(4, { status: 'failed', code: 'X', message: 'é🙂', steps: [] }));
  journal.note(figures);
  journal.note({ t: 'end', at: 99, outcome: 'stopped', reason: 'r', exitCode: 3 });
  await journal.close();
}

describe('a journal', () => {
  it('says in a later session what the earlier one did', async () => {
    const at = path();
    await wrote(at);
    const journal = await Journal.resume(at, now);
    expect(journal.begin).toEqual(begin);
    expect(journal.whole).toEqual({ t: 'checked', rows: 6, sha256: 'abc', missingGroups: ['x'] });
    expect(journal.end).toMatchObject({ outcome: 'stopped', exitCode: 3 });
    expect(journal.lastAt).toBe(99);
    expect(journal.figures).toEqual([figures]);
    const states = [0, 1, 2, 3, 4, 5].map((row) => journal.stateOf(row));
    expect(states).toEqual(['done', 'tried', 'open', 'invalid', 'failed', 'untouched']);
    expect(journal.earlier(0)).toEqual({ result: { ...resultOf(0), t: 'row', at: 2_000 } });
    expect(journal.earlier(1)).toEqual({ triedAt: 11 });
    expect(journal.earlier(2)).toMatchObject({ triedAt: 12, result: { unknownSince: 12 } });
    expect(journal.resultOf(4)).toMatchObject({ code: 'X', message: 'é🙂' });
    expect(journal.earlier(5)).toBeUndefined();
    await journal.close();
  });

  it('takes the last line of a row, over any number of sessions', async () => {
    const at = path();
    await wrote(at);
    const second = await Journal.resume(at, now);
    second.note({ t: 'session', at: 100 });
    expect(second.stateOf(2)).toBe('open');
    second.done(resultOf(2, { sub: 'second' }));
    await second.willTry(1, 200);
    await second.close();
    const third = await Journal.resume(at, now);
    expect(third.end).toBeUndefined();
    expect(third.resultOf(2)?.sub).toBe('second');
    expect(third.stateOf(2)).toBe('done');
    expect(third.earlier(1)).toEqual({ triedAt: 200 });
    await third.close();
  });

  it('keeps what a row got before when its create is tried again', async () => {
    const at = path();
    const journal = await Journal.create(at, begin, now);
    journal.done(resultOf(0, { status: 'not-attempted', final: false, steps: [] }));
    await journal.willTry(0, 77);
    expect(journal.earlier(0)).toMatchObject({ triedAt: 77, result: { status: 'not-attempted' } });
    await journal.close();
  });

  it('has a try on the disk when it says so', async () => {
    const at = path();
    const journal = await Journal.create(at, begin, now);
    const checks = Array.from({ length: 50 }, async (_, row) => {
      await journal.willTry(row, row);
      const { tried } = await readJournal(at);
      expect(tried.get(row)).toBe(row);
    });
    await Promise.all(checks);
    expect(readFileSync(at, 'utf8').split('\n').length).toBeLessThan(10);
    await journal.close();
  });

  it('is never begun over another', async () => {
    const at = path();
    await wrote(at);
    await expect(Journal.create(at, begin, now)).rejects.toMatchObject({ code: 'EEXIST' });
  });

  it('stands still once it is sealed: a call that comes back late is one of unknown outcome', async () => {
    const at = path();
    const journal = await Journal.create(at, begin, now);
    await journal.willTry(0, 10);
    await journal.willTry(1, 11);
    journal.done(resultOf(0));
    await journal.seal();
    journal.done(resultOf(1));
    expect(journal.resultOf(0)).toMatchObject({ username: 'user-0' });
    expect(journal.stateOf(1)).toBe('tried');
    await journal.close();
    expect((await readJournal(at)).states.stateOf(1)).toBe('tried');
  });
});

type Said = 'nothing' | 'try' | 'result';

const kindOf = (state: RowState): Said =>
  state === 'untouched' ? 'nothing' : state === 'tried' ? 'try' : 'result';

/** What whole lines say of the first six rows, read in the simplest way. */
function saidIn(text: string): Said[] {
  const said: Said[] = Array.from({ length: 6 }, () => 'nothing');
  for (const line of text.trimEnd().split('\n')) {
    const entry = JSON.parse(line) as Entry;
    if (entry.t === 'row') said[entry.row] = 'result';
    if (entry.t === 'try') for (const [row] of entry.rows) said[row] = 'try';
  }
  return said;
}

describe('a journal that a crash left', () => {
  it('is readable at whatever byte it was torn, and nothing is invented', async () => {
    const whole = path();
    await wrote(whole);
    const bytes = readFileSync(whole);
    const at = path();
    for (let length = 0; length < bytes.length; length++) {
      writeFileSync(at, bytes.subarray(0, length));
      const kept = bytes.subarray(0, length).lastIndexOf(0x0a) + 1;
      const contents = await readJournal(at).catch((error: unknown) => error);
      if (kept === 0) {
        expect(contents).toBeInstanceOf(JournalError);
      } else {
        const { length: end, states } = contents as JournalContents;
        const stands = [0, 1, 2, 3, 4, 5].map((row) => kindOf(states.stateOf(row)));
        expect({ end, stands }).toEqual({
          end: kept,
          stands: saidIn(bytes.toString('utf8', 0, kept)),
        });
      }
    }
  });

  it('goes on after its last whole line', async () => {
    const at = path();
    await wrote(at);
    const whole = readFileSync(at, 'utf8');
    for (const torn of [
      '{"t":"row","row":1,',
      '\0'.repeat(5_000),
      '{"t":"try","rows":[[1',
      '\xff',
    ]) {
      writeFileSync(at, whole + torn);
      const journal = await Journal.resume(at, now);
      journal.done(resultOf(1));
      await journal.close();
      const text = readFileSync(at, 'utf8');
      expect(text.startsWith(whole)).toBe(true);
      expect(linesOf(text.slice(whole.length))).toEqual([
        { t: 'row', ...resultOf(1), at: 2_000 },
        { t: 'flushed', to: Buffer.byteLength(whole) },
      ]);
    }
  });

  it('is cut off at zeros with lines behind them, as a disk may leave what was not flushed', async () => {
    const at = path();
    await wrote(at);
    const whole = readFileSync(at);
    appendFileSync(at, `\0\0\0\n${JSON.stringify({ t: 'row', ...resultOf(5), at: 1 })}\n`);
    const contents = await readJournal(at);
    expect(contents.length).toBe(whole.length);
    expect(contents.states.stateOf(5)).toBe('untouched');
  });

  it('is refused where a line that was on the disk is damaged, however near the end', async () => {
    const whole = path();
    await wrote(whole);
    const bytes = readFileSync(whole);
    const marks = linesOf(bytes.toString()) as Entry[];
    const flushed = Math.max(...marks.map((entry) => (entry.t === 'flushed' ? entry.to : 0)));
    expect(bytes.length - flushed).toBeLessThan(1_000);
    const at = path();
    for (let byte = bytes.indexOf(0x0a) + 1; byte < bytes.length; byte += 7) {
      const damaged = Buffer.from(bytes);
      damaged[byte] = 0;
      writeFileSync(at, damaged);
      const read = await readJournal(at).catch((error: unknown) => error);
      // The line feed in front of the last group belongs to a line of the group before.
      if (byte < flushed) expect(read, `byte ${byte}`).toBeInstanceOf(JournalError);
      else expect(read, `byte ${byte}`).toMatchObject({ begin });
    }
  });

  it('is refused where it is damaged further in than a crash can reach', async () => {
    const at = path();
    await wrote(at);
    const damaged = readFileSync(at);
    damaged[damaged.indexOf(0x0a) + 1] = 0x58;
    const more = Array.from(
      { length: 12_000 },
      (_, row) => `${JSON.stringify({ t: 'row', ...resultOf(row), at: 1 })}\n`,
    );
    writeFileSync(at, Buffer.concat([damaged, Buffer.from(more.join(''))]));
    await expect(readJournal(at)).rejects.toBeInstanceOf(JournalError);
    await expect(Journal.resume(at, now)).rejects.toThrow(/damaged in line 2/);
  });

  it.each(['', '\n', 'username,email\nada,a\n', '{"t":"row","row":0}\n', 'null\n'])(
    'is refused where it is none: %j',
    async (text) => {
      const at = path();
      writeFileSync(at, text);
      await expect(readJournal(at)).rejects.toBeInstanceOf(JournalError);
    },
  );
});

describe('results read back', () => {
  it('are the same across the borders of blocks and with letters of several bytes', async () => {
    const at = path();
    const random = seeded(11);
    const letters = ['a', 'é', '漢', '🙂', '"', '\\', '\n', '\u2028'];
    const journal = await Journal.create(at, begin, now);
    const count = 3_000;
    const messages: string[] = [];
    for (let row = 0; row < count; row++) {
      const length = Math.floor(random() * 400);
      const message = Array.from({ length }, () => letters[Math.floor(random() * 8)]).join('');
      messages.push(message);
      journal.done(resultOf(row, { message }));
    }
    await journal.flush();
    expect(readFileSync(at).length).toBeGreaterThan(4 * 256 * 1_024);
    for (let row = 0; row < count; row++) {
      expect(journal.resultOf(row)?.message === messages[row]).toBe(true);
    }
    // Backwards and at random too: the blocks that are kept are not the ones asked for.
    for (let look = 0; look < 500; look++) {
      const row = Math.floor(random() * count);
      expect(journal.resultOf(row)?.message === messages[row]).toBe(true);
    }
    await journal.close();
  });

  it('are there in a block that grows', async () => {
    const journal = await Journal.create(path(), begin, now);
    for (let row = 0; row < 20; row++) {
      journal.done(resultOf(row));
      await journal.flush();
      expect(journal.resultOf(row)).toMatchObject({ row, username: `user-${row}` });
      expect(journal.resultOf(0)).toMatchObject({ row: 0 });
    }
    await journal.close();
  });

  it('are one line longer than several blocks', async () => {
    const journal = await Journal.create(path(), begin, now);
    const message = 'é'.repeat(400_000);
    journal.done(resultOf(0, { message }));
    journal.done(resultOf(1));
    await journal.flush();
    expect(journal.resultOf(0)?.message === message).toBe(true);
    expect(journal.resultOf(1)?.row).toBe(1);
    await journal.close();
  });
});

describe('the states of rows', () => {
  it('stay when there are more and more rows, in whatever order they come', () => {
    const states = new RowStates();
    const all: RowState[] = ['tried', 'open', 'failed', 'done', 'invalid'];
    const rows = [0, 1_023, 1_024, 5, 4_999, 100_000, 2_047, 2_048, 99_999];
    rows.forEach((row, n) => {
      states.set(row, all[n % 5] ?? 'done', row * 3 + n);
    });
    rows.forEach((row, n) => {
      expect([states.stateOf(row), states.offsetOf(row)]).toEqual([all[n % 5], row * 3 + n]);
    });
    expect([states.stateOf(1), states.offsetOf(1)]).toEqual(['untouched', undefined]);
    expect([states.stateOf(10 ** 9), states.offsetOf(10 ** 9)]).toEqual(['untouched', undefined]);
  });

  it('keep where a result stands past four gigabytes, and at the first byte', () => {
    const states = new RowStates();
    states.set(0, 'done', 2 ** 40 + 1);
    states.set(1, 'done', 0);
    expect([states.offsetOf(0), states.offsetOf(1)]).toEqual([2 ** 40 + 1, 0]);
    states.set(0, 'tried');
    expect([states.stateOf(0), states.offsetOf(0)]).toEqual(['tried', 2 ** 40 + 1]);
  });
});

it('cuts a torn line off, whatever its length', async () => {
  const at = path();
  await wrote(at);
  const text = readFileSync(at, 'latin1');
  truncateSync(at, text.indexOf('\n', text.indexOf('"t":"end"')));
  const journal = await Journal.resume(at, now);
  expect(journal.end).toBeUndefined();
  await journal.close();
});
