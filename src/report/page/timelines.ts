import { categories, categoryOf } from '../../cognito/quotas.js';
import type { Category, Operation } from '../../cognito/quotas.js';
import type { FiguresEntry } from '../../journal/entries.js';
import type { CategoryTimeline } from './data.js';

/** More than a screen has room for; spans of a long run are joined until they are no more. */
const mostSpans = 240;
/** A category that has less of all calls than this gets no chart; the table of calls has it. */
const leastShare = 0.01;
/** A run that worked no more for so long, in seconds, was resumed later. */
const pauseSeconds = 15;

/** What was called in a span of time. */
interface Span {
  /** Seconds since 1970. */
  readonly end: number;
  readonly seconds: number;
  readonly figures: readonly FiguresEntry[];
}

/** How many calls a second were made over time, for each category that had its part in the run. */
export function timelines(figures: readonly FiguresEntry[]): readonly CategoryTimeline[] {
  const spans = spansOf(figures);
  const all = sum(figures, () => true).ok;
  return categories
    .filter((category) => {
      const { ok, throttled } = sum(figures, (one) => one === category);
      return throttled > 0 || (ok > 0 && ok >= all * leastShare);
    })
    .map((category) => timeline(category, spans));
}

function timeline(category: Category, spans: readonly Span[]): CategoryTimeline {
  const points: [
    at: number,
    calls: number | null,
    quota: number | null,
    throttled: number | null,
  ][] = [];
  let before: Span | undefined;
  let quota =
    rateIn(
      spans.flatMap((span) => span.figures),
      category,
    ) ?? null;
  for (const span of spans) {
    const start = span.end - span.seconds;
    if (before && start - before.end > pauseSeconds) points.push([before.end, null, null, null]);
    const { ok, throttled } = sum(span.figures, (one) => one === category);
    quota = rateIn(span.figures, category) ?? quota;
    const figuresOf = [quota, throttled / span.seconds] as const;
    const isFirst = !before || start - before.end > pauseSeconds;
    if (isFirst) points.push([start, ok / span.seconds, ...figuresOf]);
    points.push([span.end, ok / span.seconds, ...figuresOf]);
    before = span;
  }
  const rounded = (value: number | null): number | null =>
    value === null ? null : Math.round(value * 100) / 100;
  return {
    category,
    at: points.map(([at]) => at),
    calls: points.map(([, calls]) => rounded(calls)),
    quota: points.map(([, , limit]) => rounded(limit)),
    throttled: points.map(([, , , throttled]) => rounded(throttled)),
  };
}

/** Neighbours are joined as evenly as it goes; what took no time has no rate and joins the next. */
function spansOf(figures: readonly FiguresEntry[]): readonly Span[] {
  const perSpan = Math.max(1, Math.ceil(figures.length / mostSpans));
  const spans: Span[] = [];
  let waiting: FiguresEntry[] = [];
  for (const entry of figures) {
    const last = waiting.at(-1);
    if (last && startOf(entry) - last.at / 1_000 > pauseSeconds) waiting = end(waiting, spans);
    waiting.push(entry);
    if (waiting.length >= perSpan) waiting = end(waiting, spans);
  }
  end(waiting, spans);
  return spans;
}

function end(waiting: FiguresEntry[], spans: Span[]): FiguresEntry[] {
  const last = waiting.at(-1);
  const seconds = waiting.reduce((total, entry) => total + entry.seconds, 0);
  if (!last || seconds <= 0) return waiting;
  spans.push({ end: last.at / 1_000, seconds, figures: waiting });
  return [];
}

function startOf({ at, seconds }: FiguresEntry): number {
  return at / 1_000 - seconds;
}

function sum(
  figures: readonly FiguresEntry[],
  isCounted: (category: Category) => boolean,
): { readonly ok: number; readonly throttled: number } {
  let [ok, throttled] = [0, 0];
  for (const { calls } of figures) {
    for (const [name, counts] of Object.entries(calls)) {
      if (!isCounted(categoryOf(name as Operation))) continue;
      ok += counts.ok;
      throttled += counts.throttled;
    }
  }
  return { ok, throttled };
}

function rateIn(figures: readonly FiguresEntry[], category: Category): number | undefined {
  return figures.findLast(({ rates }) => rates[category])?.rates[category]?.limit;
}
