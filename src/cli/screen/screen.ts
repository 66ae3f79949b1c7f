import { coloursFor } from './colours.js';
import process from 'node:process';

import type { RunListener } from '../../api/listener.js';
import type { FinishedRun } from '../../api/import-run.js';
import type { ScreenArguments } from '../options.js';
import { Progress } from './progress.js';
import { summaryText } from './summary-text.js';

/** All that a command shows. With `--json`, standard output holds one JSON document and nothing else. */
export class Screen {
  readonly #given: ScreenArguments;
  readonly #progress: Progress | undefined;

  constructor(given: ScreenArguments) {
    this.#given = given;
    this.#progress = given.quiet || !given.progress ? undefined : new Progress();
  }

  /** Follows a run. */
  get listener(): RunListener {
    const onNotice = (message: string): void => {
      this.notice(message);
    };
    if (!this.#progress) return { onNotice };
    const { onPhase, onProgress, onResult, onCall } = this.#progress;
    return { onPhase, onProgress, onResult, onCall, onNotice };
  }

  /** Something worth knowing, on standard error. */
  notice(message: string): void {
    if (this.#given.quiet) return;
    const text = `${coloursFor(process.stderr).yellow('note:')} ${message}`;
    if (this.#progress) this.#progress.say(text);
    else process.stderr.write(`${text}\n`);
  }

  /** What a command is there to say; on standard error where standard output is for JSON. */
  say(text: string): void {
    if (this.#given.quiet) return;
    (this.#given.json ? process.stderr : process.stdout).write(`${text}\n`);
  }

  /** Ends the progress and shows how the run ended. */
  summary(run: FinishedRun): void {
    this.end(run.summary, summaryText(run));
  }

  /** Ends the progress with the last word: a document with `--json`, else a text. */
  end(document: unknown, text: string): void {
    this.#progress?.stop();
    if (this.#given.json) process.stdout.write(`${JSON.stringify(document, undefined, 2)}\n`);
    else this.say(text);
  }

  /** Ends the progress, for an error to follow. */
  stop(): void {
    this.#progress?.stop();
  }
}
