import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, inject, it, vi } from 'vitest';

import { asText, fileCase, fileOf, passwordOf, refusedIn, settle } from './file-case.js';
import type { FileCase, Meant, MeantFile } from './file-case.js';
import { FileLife } from './file-life.js';
import { FileReports, reportNames } from './file-reports.js';
import type { Told } from './file-reports.js';
import { modelDisk } from './mounted.js';
import { World } from './world.js';

vi.mock('node:fs/promises', async (original) =>
  (await import('./mounted.js')).promises(await original()),
);
vi.mock('node:fs', async (original) => (await import('./mounted.js')).fs(await original()));
// What the page's script and style are is nothing to its rows.
vi.mock('../../src/report/page/assets.js', () => ({
  readPageAssets: () => Promise.resolve({ script: '', style: '', policy: '' }),
}));

/** Longer than anything is under way that a dead process sent. */
const untilAllArrived = 60_000;

async function holds(one: FileCase): Promise<void> {
  const file = fileOf(one);
  const world = new World(one, refusedIn(file));
  const before = settle(world.pool, file, one.byEmail);
  modelDisk.current = world.disk;
  const life = new FileLife(world, one, file);
  const truth = new Truth({ one, file, world, before, life });

  for (const { crash, interruptMs, report } of one.sittings) {
    const earlier = truth.reports.texts;
    const ended = await world.process(() => life.run(interruptMs), crash);
    if (ended) truth.hold();
    truth.reports.holdWhole();
    // A power cut may put back what was there before.
    const told = ended || crash.how === 'kill' ? truth.reports.texts : earlier;
    await world.time.advance(crash.pauseMs);
    if (report === 'not') continue;
    await world.time.advance(untilAllArrived);
    const death =
      report === 'whole' ? undefined : ({ ...report, at: 'report', pauseMs: 0 } as const);
    if (await world.process(() => life.report(), death)) {
      truth.hold();
      truth.reports.holdSame(told, earlier);
    }
    truth.reports.holdWhole();
  }

  world.calm();
  const last = await world.process(() => life.run(), undefined);
  expect(last?.summary.outcome, 'nothing keeps the last process from its end').toBe('complete');
  await world.time.advance(untilAllArrived);
  truth.hold({ isLast: true });
  const { texts } = truth.reports;
  await world.process(() => life.report(), undefined);
  truth.reports.holdSame(texts, []);
}

interface Known {
  readonly one: FileCase;
  readonly file: MeantFile;
  readonly world: World;
  /** Who was there before, by row, as they were then. */
  readonly before: ReadonlyMap<number, string>;
  readonly life: FileLife;
}

/** Statuses of rows for which something was done. */
const done: readonly string[] = ['created', 'updated', 'partial'];

type StoredUser = World['pool']['users'][number];

/** Holds what the reports of a process that came to its end say against the file and the pool. */
class Truth {
  readonly reports: FileReports;
  readonly #known: Known;
  /** Rows of which it was told that something was done. */
  readonly #done = new Set<number>();

  constructor(known: Known) {
    this.#known = known;
    this.reports = new FileReports(known.world.disk, known.file);
  }

  /** @param isLast whether nothing kept the process from its end. */
  hold({ isLast = false } = {}): void {
    const { world, file, life } = this.#known;
    const { names, lines } = this.reports;
    const wanted = ['journal.jsonl', ...reportNames];
    expect(names, 'all reports, and nothing in part').toEqual(wanted);
    this.reports.holdWhole();
    const { checked } = life;
    if (checked) {
      expect(checked.rows).toBe(file.rows.length);
      expect(checked.sha256).toBe(createHash('sha256').update(file.bytes).digest('hex'));
    }
    this.reports.holdTogether(checked?.sha256 ?? '');
    file.rows.forEach((meant, row) => {
      const told = lines[row];
      if (!told) throw new Error('a row has its line');
      if (meant.broken === undefined) this.#holdGood(meant, row, told, isLast);
      else this.#holdBroken(meant, told);
    });
    for (const { groups } of world.pool.users) {
      expect(world.pool.groups).toEqual(expect.arrayContaining([...groups]));
    }
  }

  #holdBroken({ name, broken }: Meant, { status, code, sub }: Told): void {
    // Of a file that was not read to its end, some rows have not been looked at.
    if (status === 'not-attempted') expect(this.#known.life.checked).toBeUndefined();
    else expect([status, code, sub]).toEqual(['invalid', broken, '']);
    const { users } = this.#known.world.pool;
    const named = users.filter((user) => valueOf(user, 'given_name') === name);
    expect(named, 'nothing of an invalid row is sent').toEqual([]);
  }

  #holdGood(meant: Meant, row: number, told: Told, isLast: boolean): void {
    const { one, world, before } = this.#known;
    const { status, sub, code, steps } = told;
    const there = world.pool.users.find((user) => valueOf(user, 'email') === meant.email);
    const was = before.get(row);
    const isOurs = there !== undefined && was === undefined;
    expect(told.username).toBe(meant.username || meant.email);
    if (this.#done.has(row)) expect(done, 'what was done stays known').toContain(status);
    if (done.includes(status)) this.#done.add(row);
    switch (status) {
      case 'created':
        expect(isOurs, 'created, so it is our user').toBe(true);
        expect(sub).toBe(there?.sub);
        this.#holdWhole(meant, row, there);
        return;
      case 'exists':
        expect(one.onExisting).toBe('skip');
        expect(asText(there), 'left as it was').toBe(was);
        return;
      case 'updated':
      case 'unchanged':
        expect([one.onExisting, was === undefined]).toEqual(['update', false]);
        this.#holdWhole(meant, row, there, { password: false });
        return;
      case 'partial':
        expect(isOurs || one.onExisting === 'update', 'partial, so it may be changed').toBe(true);
        expect([sub, code === '']).toEqual([there?.sub, false]);
        if (steps.includes('groups')) this.#holdGroups(meant, there);
        return;
      case 'not-attempted':
        expect(isOurs, 'not attempted, so it is not there').toBe(false);
        break;
      case 'failed':
        expect(code).not.toBe('');
        // Until somebody looks, nobody knows.
        if (!isLast) return;
        expect(isOurs, 'failed for good, so it is not there').toBe(false);
        if (!meant.entry.isRefused)
          expect([was === undefined, one.onExisting]).toEqual([false, 'fail']);
        break;
      default:
        throw new Error(`a status that no such row has: ${status}`);
    }
    if (isLast) expect(status, 'the last process leaves no row open').toBe('failed');
    if (was !== undefined) expect(asText(there), 'left as it was').toBe(was);
  }

  /** The user has all that the row says, to the letter. */
  #holdWhole(
    meant: Meant,
    row: number,
    there: StoredUser | undefined,
    { password = true } = {},
  ): void {
    const { one, file } = this.#known;
    const { entry, name, email } = meant;
    expect(there && [valueOf(there, 'email'), valueOf(there, 'given_name')]).toEqual([email, name]);
    this.#holdGroups(meant, there);
    expect(there?.enabled).toBe(entry.enabled !== 'false');
    if (!password || !file.header.includes('password') || !entry.hasPassword) return;
    expect(there?.password).toBe(passwordOf(row));
    expect(there?.status).toBe(one.isPermanent ? 'CONFIRMED' : 'FORCE_CHANGE_PASSWORD');
  }

  #holdGroups({ entry }: Meant, there: StoredUser | undefined): void {
    expect([...(there?.groups ?? [])].sort()).toEqual([...entry.groups].sort());
  }
}

function valueOf(user: StoredUser, name: string): string | undefined {
  return user.attributes.find(({ Name }) => Name === name)?.Value;
}

const entry = {
  ...({ fault: 'nothing', before: 'nobody', around: ['', ''], enabled: '', groups: [] } as const),
  ...{ faultAt: 0, hasPassword: false, isRefused: false, isQuoted: false, blankLines: 0 },
  lineEnd: '\n',
};
const crash = { at: 'call', count: 99, how: 'kill', pauseMs: 0 } as const;

/** A user who was there before, of whose groups some were joined when the run was interrupted. */
const interrupted: FileCase = {
  ...{ schedule: [], crashes: [], clockJumps: [], concurrency: 1, listLagMs: 0, clockOffsetMs: 0 },
  ...{ byEmail: false, seed: 0, isPermanent: false, retryFailed: false, maxErrors: Infinity },
  onExisting: 'update',
  entries: [
    { ...entry, fault: 'address' },
    { ...entry, before: 'the same', groups: ['staff', 'editors', 'newcomers'] },
  ],
  writing: {
    ...{ delimiter: ',', encoding: 'utf-8', separatorLine: false, lastLineEnds: false },
    ...{ hasPasswords: false, first: 0, chunkSize: 7 },
  },
  sittings: [{ crash, interruptMs: 150, report: 'not' }],
};

/** What was found here once. */
const found: [FileCase][] = [
  // They were told as not attempted.
  [interrupted],
  // And, where the next process died as it sent their create once more, as failed.
  [
    {
      ...interrupted,
      sittings: [
        ...interrupted.sittings,
        { crash: { ...crash, count: 2 }, interruptMs: undefined, report: 'whole' },
      ],
    },
  ],
];

const { modelCases, seed } = inject('soak');
const count = Math.ceil(modelCases / 2);

it(`every row of a file is told once and truly wherever a process dies, in ${count} cases`, async () => {
  const numRuns = count + found.length;
  await fc.assert(fc.asyncProperty(fileCase, holds), { numRuns, seed, examples: found });
}, 3_600_000);
