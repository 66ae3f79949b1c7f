import process from 'node:process';

import type { RunListener } from '../../api/listener.js';
import type { FinishedRun } from '../../api/run/finish-run.js';
import { shownText } from '../../source/shown-text.js';
import { commandInfo } from '../command-info.js';
import type { Given } from '../options.js';
import { coloursFor } from './colours.js';
import { jsonText } from './json-text.js';
import { lostOutput, lostOutputText } from '../standard-output.js';
import type { Log } from './log.js';
import { Progress } from './progress.js';
import { summaryText } from './summary-text.js';

type ScreenArguments = Given<'screen'> & Partial<Given<'run'>>;

/**
 * All that a command shows. With `--json`, standard output holds one JSON document and nothing else;
 * with `--log-format json`, standard error holds log lines and nothing else.
 */
export class Screen {
  readonly #given: ScreenArguments;
  readonly #log: Log | undefined;
  readonly #progress: Progress | undefined;

  private constructor(given: ScreenArguments, log?: Log, progress?: Progress) {
    this.#given = given;
    this.#log = log;
    this.#progress = progress;
  }

  /** The log of a command that has one begins here. */
  static async open(given: ScreenArguments): Promise<Screen> {
    if (given['log-format'] === 'json') {
      // Loaded only here: most runs are watched by somebody.
      const { Log } = await import('./log.js');
      const log = new Log(given);
      log.start(commandInfo(given));
      return new Screen(given, log);
    }
    const isWatched = given.progress && !given.quiet;
    return new Screen(given, undefined, isWatched ? await Progress.open() : undefined);
  }

  /** Follows a run. */
  get listener(): RunListener {
    const onNotice = (message: string): void => {
      this.notice(message);
    };
    const follower = this.#log ?? this.#progress;
    if (!follower) return { onNotice };
    const { onPhase, onProgress, onResult, onCall } = follower;
    return { onPhase, onProgress, onResult, onCall, onNotice };
  }

  /** Something worth knowing, on standard error. */
  notice(message: string): void {
    if (this.#log) this.#log.onNotice(message);
    else if (!this.#given.quiet) this.#note(message);
  }

  /** A notice that `--quiet` does not silence. */
  readonly warn = (message: string): void => {
    if (this.#log) this.#log.warn(message);
    else this.#note(message);
  };

  #note(message: string): void {
    const text = `${coloursFor(process.stderr).yellow('note:')} ${shownText(message)}`;
    if (this.#progress) this.#progress.say(text);
    else process.stderr.write(`${text}\n`);
  }

  /** What a command is there to say; on standard error where standard output is for JSON. */
  say(text: string): void {
    if (this.#given.quiet) return;
    (this.#given.json ? process.stderr : process.stdout).write(`${text}\n`);
  }

  /**
   * Ends the progress and shows how the run ended: by a document with `--json`, else a text. Resolves
   * with the exit code, the run's own; where that is 0 and the last word is lost, another one.
   */
  async summary(
    run: FinishedRun,
    document: object = run.summary,
    text = summaryText(run),
  ): Promise<number> {
    const lost = await this.#lastWord(document, text);
    const { exitCode: own } = run.summary;
    const exitCode = lost === undefined || own !== 0 ? own : exitCodeUnheard(run);
    this.#log?.end(run, exitCode);
    if (lost !== undefined) {
      this.warn(`${lostOutputText(lost)}: ${run.folder}/summary.json says how the run ended.`);
    }
    return exitCode;
  }

  /** The same for a command that makes no run; where its last word is lost is said in the end. */
  async end(document: unknown, text: string): Promise<void> {
    await this.#lastWord(document, text);
  }

  /** As `lostOutput`. */
  #lastWord(document: unknown, text: string): Promise<string | undefined> {
    this.#progress?.stop();
    if (this.#given.json) process.stdout.write(`${jsonText(document, 2)}\n`);
    else this.say(text);
    return lostOutput();
  }

  /** Takes the progress away until the next phase, for a question or a text. */
  pause(): void {
    this.#progress?.stop();
  }

  /** Ends the progress, for an error to follow. */
  stop(): void {
    this.#log?.stop();
    this.#progress?.stop();
  }
}

/** Of a run that did all, and nobody heard: `resume` says it again where something was written. */
function exitCodeUnheard({ summary: { command, dryRun, rehearsal } }: FinishedRun): number {
  const wroteNothing = command === 'validate' || dryRun === true || rehearsal === true;
  return wroteNothing ? 2 : 3;
}
