import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';

import { ShapeError } from '../../cognito/json-shape.js';
import { WholeFile } from '../../files/whole-file.js';
import { countPlanned, noCounts } from '../../plan/planned.js';
import type { PlanCounts, Planned } from '../../plan/planned.js';
import type { PlanFile } from './plan-file.js';
import { plannedFrom } from './read-planned.js';
import type { PlanEnd } from './read-planned.js';
import { Refusal } from '../refusal.js';

/**
 * Writes a plan line by line: what it is for, then the users who are in no row, the rows in file
 * order, and the counts. It is there as a whole or not at all, mode 0600: it has usernames in it.
 */
export class PlanWriter {
  readonly #file: WholeFile;

  private constructor(file: WholeFile) {
    this.#file = file;
  }

  /** @param head what the plan is for */
  static async create(
    path: string,
    head: PlanFile | { readonly undo: string },
  ): Promise<PlanWriter> {
    const writer = new PlanWriter(await WholeFile.create(path));
    writer.#add(head);
    return writer;
  }

  /** Takes a line, which waits in memory until `drain` or `finish`. */
  add(planned: Planned): void {
    this.#add(planned);
  }

  /** Writes what waits, once it is worth a call. */
  drain(): Promise<void> {
    return this.#file.drain();
  }

  /** Resolves when the plan is on the disk. */
  finish(counts: PlanCounts): Promise<void> {
    const end: PlanEnd = { do: 'end', counts };
    this.#add(end);
    return this.#file.finish();
  }

  /** For use after a failure. */
  abandon(): Promise<void> {
    return this.#file.abandon();
  }

  #add(line: object): void {
    this.#file.add(`${JSON.stringify(line)}\n`);
  }
}

/** All that is planned, users who are in no row first. */
export async function* allPlanned(path: string): AsyncGenerator<readonly Planned[]> {
  for await (const lines of planLines(path)) {
    yield lines.filter((line): line is Planned => line.do !== 'end');
  }
}

/** What is planned for the rows of the file, in its order, as many at a time as come. */
export async function* plannedRows(path: string, rows: number): AsyncGenerator<readonly Planned[]> {
  for await (const lines of planLines(path)) {
    yield lines.filter((line): line is Planned => line.do !== 'end' && line.row < rows);
  }
}

/** What is planned for users who are in no row. */
export async function* plannedOthers(
  path: string,
  rows: number,
): AsyncGenerator<readonly Planned[]> {
  for await (const lines of planLines(path)) {
    yield lines.filter((line): line is Planned => line.do !== 'end' && line.row >= rows);
    // Those of the rows come behind them.
    if (lines.some((line) => line.do === 'end' || line.row < rows)) return;
  }
}

/**
 * The counts at the end of a plan, once its lines were held against them: what a person is asked
 * about, and a cap is held against, is what will be done. Throws a `Refusal` for any other file.
 */
export async function planCounts(path: string): Promise<PlanCounts> {
  const found = noCounts();
  let end: PlanEnd | undefined;
  let last = -1;
  let isInRows = false;
  for await (const lines of planLines(path)) {
    for (const line of lines) {
      if (end) throw damaged(path);
      if (line.do === 'end') {
        end = line;
        continue;
      }
      // Both those who are in no row and the rows behind them stand in order, each once.
      if (line.row <= last) {
        if (isInRows || line.row === last) throw damaged(path);
        isInRows = true;
      }
      last = line.row;
      countPlanned(line, found);
    }
  }
  if (!end) throw withoutEnd(path);
  const { counts } = end;
  const { scope, ...others } = counts;
  const isSame = Object.entries(others).every(
    ([name, n]) => found[name as keyof typeof found] === n,
  );
  if (!isSame) throw damaged(path);
  return { ...others, scope };
}

const chunkBytes = 256 * 1_024;
/** Longer than any line of ours. */
const mostOfLine = 16 * 1_024 * 1_024;

/** All lines but the first, as many at a time as come. Throws a `Refusal` where one is damaged. */
async function* planLines(path: string): AsyncGenerator<readonly (Planned | PlanEnd)[]> {
  let rest = '';
  let isFirst = true;
  let hasEnd = false;
  for await (const chunk of textOf(path)) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > mostOfLine) throw damaged(path);
    if (isFirst && lines.length > 0) {
      lines.shift();
      isFirst = false;
    }
    const planned = lines.map((line) => parsed(line, path));
    hasEnd ||= planned.some((line) => line.do === 'end');
    yield planned;
  }
  // It was cut off while it was read.
  if (!hasEnd) throw withoutEnd(path);
}

/** The text of a plan, piece by piece. Throws a `Refusal` where there is no file to be read. */
async function* textOf(path: string): AsyncGenerator<string> {
  try {
    // A FIFO has no end.
    if (!(await stat(path)).isFile()) throw new Refusal(`${path} is no file: make a new plan.`);
    const stream = createReadStream(path, { encoding: 'utf8', highWaterMark: chunkBytes });
    for await (const text of stream as AsyncIterable<string>) yield text;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    throw new Refusal(`${path} can't be read (${String(error.code)}): make a new plan.`);
  }
}

function withoutEnd(path: string): Refusal {
  return new Refusal(`${path} is a plan without its end: make a new plan.`);
}

function damaged(path: string): Refusal {
  return new Refusal(`${path} is damaged: make a new plan.`);
}

function parsed(line: string, path: string): Planned | PlanEnd {
  try {
    return plannedFrom(JSON.parse(line));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof ShapeError) throw damaged(path);
    throw error;
  }
}
