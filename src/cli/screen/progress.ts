import { Presets, SingleBar } from 'cli-progress';
import process from 'node:process';

import type { Phase, RunListener } from '../../api/listener.js';
import { Counts, durationText } from './tally-line.js';

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

const working: ReadonlySet<Phase> = new Set(['importing', 'syncing', 'undoing', 'verifying']);

/** Whether calls are made for the rows in this phase. */
export function isWorking(phase: Phase): boolean {
  return working.has(phase);
}

/** Shows how far a run is, on standard error: a bar on a terminal, else a line every few seconds. */
export class Progress implements RunListener {
  readonly #bar: SingleBar | undefined;
  readonly #counts = new Counts();
  readonly #samples: { readonly at: number; readonly done: number }[] = [];
  #timer: NodeJS.Timeout | undefined;
  #phase: Phase = 'checking';
  #total = 0;
  #done = 0;

  constructor() {
    if (!process.stderr.isTTY) return;
    this.#bar = new SingleBar(
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
  }

  readonly onPhase = (phase: Phase, total: number): void => {
    this.#phase = phase;
    this.#total = total;
    this.#done = 0;
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
    if (this.#done === 0) {
      this.#samples.splice(0, Infinity, { at: performance.now(), done });
    }
    this.#done = done;
  };

  readonly onResult: NonNullable<RunListener['onResult']> = (result) => {
    if (!isWorking(this.#phase)) return;
    this.#counts.add(result);
    this.#done = this.#counts.rows;
  };

  readonly onCall: NonNullable<RunListener['onCall']> = (_, outcome) => {
    if (outcome === 'throttled') this.#counts.throttled++;
    if (outcome === 'retried') this.#counts.unanswered++;
  };

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
    const unit = units[this.#phase];
    const detail = unit === undefined ? '' : this.#detail(unit);
    const counted = `${this.#done.toLocaleString('en')}${this.#ofTotal()} ${unit ?? ''}`;
    if (this.#bar) {
      // Without a total the bar can't move.
      const more = this.#total === 0 && unit !== undefined ? ` · ${counted}` : '';
      this.#bar.update(Math.min(this.#done, this.#total), { detail: more + detail });
    } else if (unit !== undefined) {
      process.stderr.write(`${counted}${detail}\n`);
    }
  }

  #ofTotal(): string {
    // How many users a pool has is an estimate, which they may outnumber.
    if (this.#total < this.#done) return '';
    return ` of ${this.#total.toLocaleString('en')}`;
  }

  #detail(unit: string): string {
    const now = performance.now();
    const samples = this.#samples;
    samples.push({ at: now, done: this.#done });
    while (samples[0] && now - samples[0].at > rateWindowMs) samples.shift();
    const [first] = samples;
    const seconds = first ? (now - first.at) / 1_000 : 0;
    const rate = first && seconds > 0 ? (this.#done - first.done) / seconds : 0;
    const parts = [`${rate.toFixed(1)} ${unit}/s`];
    const left = this.#total - this.#done;
    if (rate > 0 && left >= 0) parts.push(`${durationText(left / rate)} left`);
    parts.push(`${this.#counts.throttled} throttled`);
    if (this.#counts.unanswered > 0) parts.push(`${this.#counts.unanswered} without an answer`);
    if (isWorking(this.#phase)) parts.push(this.#counts.failureText());
    return ` · ${parts.join(' · ')}`;
  }
}
