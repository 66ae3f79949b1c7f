import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';

import type { PlanCounts, Planned } from '../plan/planned.js';
import { TextFile } from '../report/text-file.js';
import type { PlanFile } from './plan-file.js';
import { Refusal } from './refusal.js';

/** The last line of a plan: without it, the plan is only a part of one. */
interface PlanEnd {
  readonly do: 'end';
  readonly counts: PlanCounts;
}

/**
 * Writes a plan line by line: what it is for, then the users who are in no row, the rows in file
 * order, and the counts. Mode 0600: it has usernames in it.
 */
export class PlanWriter {
  readonly #text: TextFile;

  private constructor(text: TextFile) {
    this.#text = text;
  }

  /** @param head what the plan is for */
  static async create(
    path: string,
    head: PlanFile | { readonly undo: string },
  ): Promise<PlanWriter> {
    const writer = new PlanWriter(new TextFile(await open(path, 'w', 0o600)));
    writer.#add(head);
    return writer;
  }

  /** Takes a line, which waits in memory until `drain` or `finish`. */
  add(planned: Planned): void {
    this.#add(planned);
  }

  /** Writes what waits, once it is worth a call. */
  drain(): Promise<void> {
    return this.#text.drain();
  }

  /** Resolves when the plan is on the disk. */
  finish(counts: PlanCounts): Promise<void> {
    const end: PlanEnd = { do: 'end', counts };
    this.#add(end);
    return this.#text.finish();
  }

  /** For use after a failure. */
  abandon(): Promise<void> {
    return this.#text.abandon();
  }

  #add(line: object): void {
    this.#text.add(`${JSON.stringify(line)}\n`);
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

/** The counts at the end of a plan. Throws a `Refusal` where its end is missing. */
export async function planCounts(path: string): Promise<PlanCounts> {
  for await (const lines of planLines(path)) {
    const last = lines.at(-1);
    if (last?.do === 'end') return last.counts;
  }
  throw new Refusal(`${path} is a plan without its end: make a new plan.`);
}

const chunkBytes = 256 * 1_024;

/** All lines but the first, as many at a time as come. Throws a `Refusal` where one is damaged. */
async function* planLines(path: string): AsyncGenerator<readonly (Planned | PlanEnd)[]> {
  let rest = '';
  let isFirst = true;
  const stream = createReadStream(path, { encoding: 'utf8', highWaterMark: chunkBytes });
  for await (const chunk of stream as AsyncIterable<string>) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    if (isFirst && lines.length > 0) {
      lines.shift();
      isFirst = false;
    }
    yield lines.map((line) => parsed(line, path));
  }
}

function parsed(line: string, path: string): Planned | PlanEnd {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === 'object' && value !== null && 'do' in value) {
      return value as Planned | PlanEnd;
    }
  } catch {
    // told below
  }
  throw new Refusal(`${path} is damaged: make a new plan.`);
}
