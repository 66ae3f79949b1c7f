import { expect } from 'vitest';

import { runImport } from '../../src/api/import/import-run.js';
import type { RunListener } from '../../src/api/listener.js';
import { checkFile, readWholeHeader } from '../../src/api/run/check-file.js';
import { reportRun } from '../../src/api/run/finish-run.js';
import type { FinishedRun } from '../../src/api/run/finish-run.js';
import { fileRows } from '../../src/api/run/reported-rows.js';
import type { Session } from '../../src/api/run/session.js';
import { importSettings, readingSettings } from '../../src/api/run/settings.js';
import type { RowOptions } from '../../src/api/options.js';
import { Stopped } from '../../src/apply/stop.js';
import type { Stop } from '../../src/apply/stop.js';
import { Journal } from '../../src/journal/journal.js';
import { readEntry } from '../../src/journal/read-entry.js';
import { JournalError } from '../../src/journal/read-journal.js';
import type { Header } from '../../src/record/header.js';
import { FileSource } from '../../src/source/file-source.js';
import { inspect } from '../../src/source/inspect.js';
import { DEFAULT_LIMITS } from '../../src/source/index.js';
import type { Source } from '../../src/source/index.js';
import { descriptionOf } from './file-case.js';
import type { FileCase, MeantFile } from './file-case.js';
import { openJournal, triedRows } from './open-journal.js';
import { changing, runFolder, sessionOf } from './run-life.js';
import type { World } from './world.js';

const journalPath = `${runFolder}/journal.jsonl`;

/** A file's bytes, in memory. */
function bytesOf(bytes: Buffer, chunkSize: number): ConstructorParameters<typeof FileSource>[1] {
  return {
    size: bytes.length,
    async *chunks(position) {
      for (let at = position; at < bytes.length; at += chunkSize) {
        await Promise.resolve();
        yield Buffer.from(bytes.subarray(at, at + chunkSize));
      }
    },
    close: () => Promise.resolve(),
  };
}

/** An import of a file that is read as it is, with its check before and its reports afterwards. */
export class FileLife {
  readonly #world: World;
  readonly #one: FileCase;
  readonly #file: MeantFile;
  #changes = 0;

  constructor(world: World, one: FileCase, file: MeantFile) {
    this.#world = world;
    this.#one = one;
    this.#file = file;
    world.onSent = ({ operation }) => {
      if (!changing.has(operation) && operation !== 'CreateGroup') return;
      this.#changes++;
      this.#holdAgainstLedger(operation);
    };
  }

  /** What was found by the check of the file, as the journal has it. */
  get checked(): { readonly rows: number; readonly sha256: string } | undefined {
    for (const line of this.#world.disk.text(journalPath).split('\n')) {
      const entry = readEntry(line);
      if (entry?.t === 'checked') return entry;
    }
    return undefined;
  }

  /**
   * A process that imports, or that goes on with what an earlier one left; undefined where it ended
   * before anything could be sent.
   *
   * @param interruptMs after so many milliseconds it is asked to end
   */
  async run(interruptMs?: number): Promise<FinishedRun | undefined> {
    const { isCalm, surroundings } = this.#world;
    const { retryFailed, maxErrors } = this.#one;
    const plain = sessionOf(this.#world);
    const session: Session = {
      ...plain,
      options: {
        ...plain.options,
        concurrency: surroundings.concurrency,
        ...(!isCalm && { maxErrors: { rows: maxErrors } }),
      },
      listener: this.#listener,
    };
    if (interruptMs !== undefined) void this.#interrupt(session.stop, interruptMs);
    const about = { command: 'import', options: { file: {}, rows: {}, pool: {} } };
    const isAgain = this.#world.disk.has(journalPath);
    const journal = await openJournal(this.#world, journalPath, about, this.#changes);
    if (isAgain) journal.note({ t: 'session', at: session.clock.wall() });
    const { source, header } = await this.#open();
    const view = {
      pool: this.#world.client(),
      description: descriptionOf(this.#one),
      ...{ header, settings: importSettings(this.#options, header), client: undefined },
    };
    try {
      if (!journal.whole) await checkFile({ ...view, source, journal }, session);
    } catch (error) {
      if (!(error instanceof Stopped)) throw error;
      await journal.close();
      return undefined;
    }
    expect(await source.digest(), 'the file that was checked').toBe(journal.whole?.sha256);
    const work = { ...view, source, journal, passwords: undefined, retryFailed };
    const told = await runImport(work, this.#folder, session);
    await journal.close();
    return told;
  }

  /** A process that only writes the reports; undefined where there is no run to tell of. */
  async report(): Promise<FinishedRun | undefined> {
    if (!this.#world.disk.has(journalPath)) return undefined;
    const { clock } = this.#world;
    const journal = await Journal.resume(journalPath, () => clock.wall()).catch(noneBegun);
    if (!journal) return undefined;
    const { source, header } = await this.#open();
    const rows = fileRows(source, header, this.#listener);
    const told = await reportRun({ folder: this.#folder, journal, ...rows }, this.#listener);
    await journal.close();
    return told;
  }

  async #interrupt(stop: Stop, afterMs: number): Promise<void> {
    await this.#world.clock.sleep(afterMs);
    const message = 'SIGTERM ended it';
    stop.request({ outcome: 'interrupted', code: 'interrupted', message, exitCode: 143 });
  }

  get #listener(): RunListener {
    return {
      onPhase: (phase) => {
        if (phase === 'reporting') this.#world.reports();
      },
    };
  }

  get #options(): RowOptions {
    const { writing, isPermanent, onExisting } = this.#one;
    const passwordMode = !writing.hasPasswords ? 'none' : isPermanent ? 'permanent' : 'temporary';
    return { passwordMode, onExisting, createGroups: true };
  }

  get #folder(): Parameters<typeof runImport>[1] {
    const path = runFolder;
    const plan = `${path}/plan.jsonl`;
    return { run: 'model', path, journal: journalPath, plan, release: () => Promise.resolve() };
  }

  async #open(): Promise<{ readonly source: Source; readonly header: Header }> {
    const { chunkSize } = this.#one.writing;
    const bytes = bytesOf(this.#file.bytes, chunkSize);
    const about = { name: 'model.csv', limits: DEFAULT_LIMITS, chunkSize };
    const beginning = await inspect(bytes, { ...about, encoding: 'auto', delimiter: 'auto' });
    const source = new FileSource(about.name, bytes, true, beginning, about.limits, chunkSize);
    const reading = await readingSettings(this.#options, new Date(0));
    return { source, header: readWholeHeader(source, descriptionOf(this.#one), reading).header };
  }

  /** Nothing is sent before the whole file was read, and of nobody whose row is not on the disk. */
  #holdAgainstLedger(operation: string): void {
    const text = this.#world.disk.durableText(journalPath);
    expect(text, 'the check of the file on the disk').toContain('"t":"checked"');
    if (operation === 'CreateGroup') return;
    const { rows } = this.#file;
    for (const row of triedRows(text)) expect(rows[row]?.broken).toBeUndefined();
    expect(triedRows(text).size, 'a line on the disk').toBeGreaterThan(0);
  }
}

function noneBegun(error: unknown): undefined {
  if (error instanceof JournalError && error.message.includes('nothing was begun')) return;
  throw error;
}
