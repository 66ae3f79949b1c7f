import type { SingleBar } from 'cli-progress';
import process from 'node:process';

import type { Phase, RunListener } from '../../api/listener.js';
import { counted } from '../../record/counted.js';
import { durationText } from './duration-text.js';
import { progressLine } from './progress-line.js';
import type { Drawn, LinePart } from './progress-line.js';
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
  'reading the groups': 'membership',
  'reading the pool': 'user',
  importing: 'row',
  syncing: 'row',
  undoing: 'user',
  verifying: 'row',
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
        // Asked at each draw, so that the line follows a window that is made wider or narrower.
        format: (_, { maxWidth }, drawn) => progressLine(drawn as Drawn, maxWidth),
        hideCursor: true,
        clearOnComplete: true,
        linewrap: false,
      },
      Presets.shades_classic,
    );
    return new Progress(bar);
  }

  readonly onPhase = (phase: Phase, total: number): void => {
    this.#tally.begin(phase, total);
    this.#samples.splice(0, Infinity, { at: performance.now(), done: 0 });
    this.#bar?.start(Math.max(1, total), 0, { ...this.#drawn() });
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
    const { phase, done } = this.#tally;
    const unit = units[phase];
    if (this.#bar) {
      this.#bar.update(done, { ...this.#drawn(unit) });
    } else if (unit !== undefined) {
      const texts = this.#details(unit).map(({ text }) => text);
      process.stderr.write(`${[this.#counted(unit), ...texts].join(' · ')}\n`);
    }
  }

  /** @param unit of what is told beside the bar; a phase that is soon over has a bar alone. */
  #drawn(unit?: string): Drawn {
    const { phase, done, total } = this.#tally;
    const details = unit === undefined ? [] : this.#details(unit);
    const title = titles[phase];
    if (total > 0) return { title, share: Math.min(1, done / total), parts: details };
    const parts = unit === undefined ? [] : [{ text: this.#counted(unit), rank: 1 }, ...details];
    return { title, share: undefined, parts };
  }

  #counted(unit: string): string {
    const { done, total } = this.#tally;
    // How many users a pool has is an estimate, which they may outnumber.
    return total < done
      ? counted(done, unit)
      : `${done.toLocaleString('en')} of ${counted(total, unit)}`;
  }

  #details(unit: string): LinePart[] {
    const { done, total, throttled, unanswered, isWorking } = this.#tally;
    const rate = this.#rate();
    const parts: LinePart[] = [{ text: `${rate.toFixed(1)} ${unit}s/s`, rank: 3 }];
    const left = total - done;
    if (rate > 0 && left >= 0) parts.push({ text: `${durationText(left / rate)} left`, rank: 1 });
    parts.push({ text: `${throttled} throttled`, rank: throttled > 0 ? 4 : 6 });
    if (unanswered > 0) parts.push({ text: `${unanswered} without an answer`, rank: 5 });
    if (isWorking) parts.push(failurePart(this.#tally));
    return parts;
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
function failurePart({ failed, failures }: Tally): LinePart {
  const short = `${failed} failed`;
  if (failed === 0) return { text: short, rank: 5 };
  const most = [...failures].sort(([, a], [, b]) => b - a).slice(0, 3);
  const kinds = most.map(([code, count]) => `${count} ${code}`).join(', ');
  return { text: `${short} (${kinds}${failures.size > most.length ? ', …' : ''})`, short, rank: 2 };
}
