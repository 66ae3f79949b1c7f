import { pino } from 'pino';
import type { DestinationStream, Logger } from 'pino';

import type { FinishedRun } from '../../api/run/finish-run.js';
import type { Phase, RunListener } from '../../api/listener.js';
import type { CommandInfo } from '../command-info.js';
import type { Given } from '../options.js';
import type { NoSummary } from '../unattended.js';
import { harmless } from './json-text.js';
import { Tally } from './tally.js';

const progressEveryMs = 30_000;
const standardError = 2;
/** Log lines that wait for a disk with room again, in characters; more are lost. */
const mostWaiting = 1024 * 1024;

/** Statuses that have a line for each row. */
const told: ReadonlySet<string> = new Set(['failed', 'partial', 'invalid']);

/**
 * Tells a command's way as JSON, one line for each event; `event` says which. Every line is written
 * at once, so that none is lost however the process ends; one that can't be written waits until the
 * next one is told. No line names a user.
 */
export class Log implements RunListener {
  readonly #logger: Logger;
  readonly #showsProgress: boolean;
  readonly #tally = new Tally();
  #timer: NodeJS.Timeout | undefined;

  constructor(
    { quiet, progress }: Pick<Given<'screen'>, 'quiet' | 'progress'>,
    destination: DestinationStream = toStandardError(),
  ) {
    this.#showsProgress = progress;
    this.#logger = pino(
      {
        level: quiet ? 'warn' : 'info',
        // Neither the process's number nor the machine's name.
        base: null,
        timestamp: pino.stdTimeFunctions.isoTime,
        formatters: { level: (level) => ({ level }) },
        hooks: { streamWrite: (line) => harmless(line) },
      },
      destination,
    );
  }

  start(info: CommandInfo): void {
    this.#logger.info({ event: 'start', ...info }, `${info.command} begins`);
  }

  readonly onPhase = (phase: Phase, total: number): void => {
    this.#tally.begin(phase, total);
    const unit = phase === 'checking' ? 'bytes' : 'rows';
    this.#logger.info({ event: 'phase', phase, total, unit }, phase);
    clearInterval(this.#timer);
    if (!this.#showsProgress) return;
    this.#timer = setInterval(() => {
      this.#tellProgress();
    }, progressEveryMs);
  };

  readonly onProgress = (done: number): void => {
    this.#tally.done = done;
  };

  readonly onResult: NonNullable<RunListener['onResult']> = (result) => {
    const { line, status, code, message } = result;
    if (told.has(status)) {
      this.#logger.warn({ event: 'row', line, status, code }, message ?? status);
    }
    this.#tally.addResult(result);
  };

  readonly onCall = this.#tally.addCall;

  readonly onNotice = (message: string): void => {
    this.#logger.info({ event: 'notice' }, message);
  };

  /** A notice that nobody should miss. */
  readonly warn = (message: string): void => {
    this.#logger.warn({ event: 'notice' }, message);
  };

  /** How the run ended: good, with rows that are not fine, or before its end. */
  end(
    { summary, folder }: Pick<FinishedRun, 'summary' | 'folder'>,
    exitCode = summary.exitCode,
  ): void {
    this.stop();
    const { command, run, pool, outcome, reason, rows, durationSeconds } = summary;
    const level = outcome !== 'complete' ? 'error' : exitCode === 1 ? 'warn' : 'info';
    const fields = { command, run, pool: pool.id, outcome, reason, byStatus: rows.byStatus };
    this.#logger[level](
      { event: 'end', ...fields, exitCode, durationSeconds, folder },
      `${command} ended`,
    );
  }

  /** The end of a command that failed as a whole. */
  fail({ reason, ...fields }: NoSummary, stack: string | undefined): void {
    this.stop();
    this.#logger.error({ event: 'end', ...fields, reason, stack }, reason);
  }

  /** Ends the progress. */
  stop(): void {
    clearInterval(this.#timer);
  }

  #tellProgress(): void {
    const { phase, done, total, failed, throttled, unanswered } = this.#tally;
    this.#logger.info(
      { event: 'progress', phase, done, total, failed, throttled, unanswered },
      `${phase}: ${done} of ${total}`,
    );
  }
}

/** A full disk, or a reader that went away, must not end a run that writes to a pool. */
function toStandardError(): DestinationStream {
  const stream = pino.destination({ dest: standardError, sync: true, maxLength: mostWaiting });
  return stream.on('error', () => undefined);
}
