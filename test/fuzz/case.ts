import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Refusal } from '../../src/api/refusal.js';
import { UsageError } from '../../src/cli/usage-error.js';
import { PoolError } from '../../src/cognito/errors.js';
import { ShapeError } from '../../src/cognito/json-shape.js';
import { AppendError } from '../../src/files/append-file.js';
import { LockedError } from '../../src/journal/lock.js';
import { JournalError } from '../../src/journal/read-journal.js';
import { LocalPoolError } from '../../src/local/index.js';
import { SourceError } from '../../src/source/index.js';
import type { Draw } from './mutate.js';

/** A password that stands in the files, and may stand in nothing that is said of them. */
export const canary = 'Canary-Xy9!';

/** What one case has at hand. */
export interface Surroundings {
  readonly draw: Draw;
  /** A folder of its own, the same for every case. */
  readonly folder: string;
  /** Writes a file of the case, over that of the case before. */
  readonly write: (name: string, bytes: Buffer | string) => string;
}

/** A part of the input path, and how it is fed with one case. */
export interface Target {
  readonly name: string;
  /** How often it is fed in comparison with the others. */
  readonly weight: number;
  readonly run: (surroundings: Surroundings) => Promise<void> | void;
}

const own = [
  SourceError,
  Refusal,
  JournalError,
  UsageError,
  AppendError,
  PoolError,
  LockedError,
  LocalPoolError,
  ShapeError,
];

/**
 * Runs a case. What it throws has to be an error of ours, whose words can stand on a terminal, in one
 * or two lines, and hold no password.
 */
export async function runCase({ run }: Target, surroundings: Surroundings): Promise<void> {
  try {
    await run(surroundings);
  } catch (error) {
    if (!(error instanceof Error) || !own.some((kind) => error instanceof kind)) throw error;
    checkText(error.message);
  }
}

/** Throws where a text can't stand on a screen. */
export function checkText(text: string): void {
  const fault =
    // A password that was put among the names of the columns is told as one of these.
    text.includes(canary) && !/known column|Columns \d|mapped to/.test(text)
      ? 'a password'
      : // eslint-disable-next-line no-control-regex -- control characters are what is meant
        /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/.test(text)
        ? 'a control character'
        : text.split('\n').length > 2
          ? 'many lines'
          : /\n\s+at /.test(text)
            ? 'a stack trace'
            : text.length > 5_000
              ? 'no end'
              : undefined;
  if (fault) throw new Error(`a message has ${fault}: ${JSON.stringify(text.slice(0, 600))}`);
}

/** A folder for cases, and what takes it away. */
export function openSurroundings(): Omit<Surroundings, 'draw'> & { readonly close: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'cognito-bulk-fuzz-'));
  return {
    folder,
    write: (name, bytes) => {
      const path = join(folder, name);
      writeFileSync(path, bytes);
      return path;
    },
    close: () => {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
