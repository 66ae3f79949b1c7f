import type { SingleBar } from 'cli-progress';
import process from 'node:process';

import type { Phase, RunListener } from '../../api/listener.js';
import { durationText } from './duration-text.js';
import { Tally } from './tally.js';

/** A line this often where there is no terminal to draw a bar on. */
const lineEveryMs = 5_000;
const drawEveryMs = 200;
/** The rate shown is of the last seconds, not of the whole run. */
const rateWindowMs = 10_000;

const titles: Readonly<Record<Phase, string>> = {
  checking: 'Checking the file',
  'reading the groups': 'Reading the groups',
  'reading the pool': 'Reading the pool',
  importing: 'Importing',
  syncing: 'Syncing',
  undoing: 'Undoing',
  verifying: 'Verifying',
  reporting: 'Writing the report',
  'writing the file': 'Writing the file',
};

/** What the phases that take long on a large pool count; the others show a bar alone. */
const units: Readonly<Partial<Record<Phase, string>>> = {
  'reading the groups': 'memberships',
  'reading the pool': 'users',
  importing: 'rows',
  syncing: 'rows',
  undoing: 'users',
  verifying: 'rows',
};

/** Shows how far a run is, on standard error: a bar on a terminal, else a line every few seconds. */
export class Progress implements RunListener {
  readonly #bar: SingleBar | undefined;
  readonly #tally = new Tally();
  readonly #samples: { readonly at: number; readonly done: number }[] = [];
  #timer: NodeJS.Timeout | undefined;

  private constructor(bar?: SingleBar) {
    this.#bar = bar;
  }

  static async open(): Promise<Progress> {
    if (!process.stderr.isTTY) return new Progress();
    // Loaded only here: elsewhere nothing is drawn.
    const { Presets, SingleBar } = await import('cli-progress');
    const bar = new SingleBar(
      {
        stream: process.stderr,
        format: '{title} {bar} {percentage}%{detail}',
        hideCursor: true,
        clearOnComplete: true,
        barsize: 24,
        etaBuffer: 50,
        // The bar's own formatting would put a title's colour where there is none.
        linewrap: false,
      },
      Presets.shades_classic,
    );
    return new Progress(bar);
  }

  readonly onPhase = (phase: Phase, total: number): void => {
    this.#tally.begin(phase, total);
    this.#samples.splice(0, Infinity, { at: performance.now(), done: 0 });
    this.#bar?.start(Math.max(1, total), 0, { title: titles[phase], detail: '' });
    clearInterval(this.#timer);
    this.#timer = setInterval(
      () => {
        this.#show();
      },
      this.#bar ? drawEveryMs : lineEveryMs,
    );
  };

  readonly onProgress = (done: number): void => {
    // A phase may go on with what an earlier process did, which says nothing about the rate.
    if (this.#tally.done === 0) {
      this.#samples.splice(0, Infinity, { at: performance.now(), done });
    }
    this.#tally.done = done;
  };

  readonly onResult = this.#tally.addResult;

  readonly onCall = this.#tally.addCall;

  /** Clears the bar, so that other text can follow. */
  stop(): void {
    clearInterval(this.#timer);
    this.#bar?.stop();
  }

  /** Says something without spoiling the bar. */
  say(text: string): void {
    const drawing = this.#bar?.isActive === true;
    if (drawing) process.stderr.write('\r\u001b[2K');
    process.stderr.write(`${text}\n`);
    if (drawing) this.#show();
  }

  #show(): void {
    const { phase, done, total } = this.#tally;
    const unit = units[phase];
    const detail = unit === undefined ? '' : this.#detail(unit);
    // How many users a pool has is an estimate, which they may outnumber.
    const ofTotal = total < done ? '' : ` of ${total.toLocaleString('en')}`;
    const counted = `${done.toLocaleString('en')}${ofTotal} ${unit ?? ''}`;
    if (this.#bar) {
      // Without a total the bar can't move.
      const more = total === 0 && unit !== undefined ? ` · ${counted}` : '';
      this.#bar.update(Math.min(done, total), { detail: more + detail });
    } else if (unit !== undefined) {
      process.stderr.write(`${counted}${detail}\n`);
    }
  }

  #detail(unit: string): string {
    const { done, total, throttled, unanswered, isWorking } = this.#tally;
    const rate = this.#rate();
    const parts = [`${rate.toFixed(1)} ${unit}/s`];
    const left = total - done;
    if (rate > 0 && left >= 0) parts.push(`${durationText(left / rate)} left`);
    parts.push(`${throttled} throttled`);
    if (unanswered > 0) parts.push(`${unanswered} without an answer`);
    if (isWorking) parts.push(failureText(this.#tally));
    return ` · ${parts.join(' · ')}`;
  }

  /** A second. */
  #rate(): number {
    const now = performance.now();
    const { done } = this.#tally;
    const samples = this.#samples;
    samples.push({ at: now, done });
    while (samples[0] && now - samples[0].at > rateWindowMs) samples.shift();
    const [first] = samples;
    return first && first.at < now ? ((done - first.done) * 1_000) / (now - first.at) : 0;
  }
}

/** For example `3 failed (2 AliasExistsException, 1 InvalidPasswordException)`. */
function failureText({ failed, failures }: Tally): string {
  if (failed === 0) return '0 failed';
  const most = [...failures].sort(([, a], [, b]) => b - a).slice(0, 3);
  const kinds = most.map(([code, count]) => `${count} ${code}`).join(', ');
  return `${failed} failed (${kinds}${failures.size > most.length ? ', …' : ''})`;
}
