import { pino } from 'pino';
import type { DestinationStream, Logger } from 'pino';

import type { FinishedRun } from '../../api/run/finish-run.js';
import type { Phase, RunListener } from '../../api/listener.js';
import type { CommandInfo } from '../command-info.js';
import type { ScreenArguments } from '../options.js';
import type { NoSummary } from '../unattended.js';
import { harmless } from './json-text.js';
import { isWorking } from './progress.js';
import { Counts } from './tally-line.js';

const progressEveryMs = 30_000;
const standardError = 2;

/** Statuses that have a line for each row. */
const told: ReadonlySet<string> = new Set(['failed', 'partial', 'invalid']);

/**
 * Tells a command's way as JSON, one line for each event; `event` says which. Every line is written
 * at once, so that none is lost however the process ends. No line names a user.
 */
export class Log implements RunListener {
  readonly #logger: Logger;
  readonly #showsProgress: boolean;
  readonly #counts = new Counts();
  #timer: NodeJS.Timeout | undefined;
  #phase: Phase = 'checking';
  #total = 0;
  #done = 0;

  constructor(
    { quiet, progress }: Pick<ScreenArguments, 'quiet' | 'progress'>,
    destination: DestinationStream = pino.destination({ dest: standardError, sync: true }),
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
    this.#phase = phase;
    this.#total = total;
    this.#done = 0;
    const unit = phase === 'checking' ? 'bytes' : 'rows';
    this.#logger.info({ event: 'phase', phase, total, unit }, phase);
    clearInterval(this.#timer);
    if (!this.#showsProgress) return;
    this.#timer = setInterval(() => {
      this.#tellProgress();
    }, progressEveryMs);
  };

  readonly onProgress = (done: number): void => {
    this.#done = done;
  };

  readonly onResult: NonNullable<RunListener['onResult']> = (result) => {
    const { line, status, code, message } = result;
    if (told.has(status)) {
      this.#logger.warn({ event: 'row', line, status, code }, message ?? status);
    }
    if (!isWorking(this.#phase)) return;
    this.#counts.add(result);
    this.#done = this.#counts.rows;
  };

  readonly onCall: NonNullable<RunListener['onCall']> = (_, outcome) => {
    if (outcome === 'throttled') this.#counts.throttled++;
    if (outcome === 'retried') this.#counts.unanswered++;
  };

  readonly onNotice = (message: string): void => {
    this.#logger.info({ event: 'notice' }, message);
  };

  /** A notice that nobody should miss. */
  warn(message: string): void {
    this.#logger.warn({ event: 'notice' }, message);
  }

  /** How the run ended: good, with rows that are not fine, or before its end. */
  end({ summary, folder }: Pick<FinishedRun, 'summary' | 'folder'>): void {
    this.stop();
    const { command, run, pool, outcome, reason, rows, exitCode, durationSeconds } = summary;
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
    const { failures, throttled, unanswered } = this.#counts;
    const failed = [...failures.values()].reduce((sum, count) => sum + count, 0);
    const [phase, done, total] = [this.#phase, this.#done, this.#total];
    this.#logger.info(
      { event: 'progress', phase, done, total, failed, throttled, unanswered },
      `${phase}: ${done} of ${total}`,
    );
  }
}
