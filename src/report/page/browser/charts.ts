import uPlot from 'uplot';

import { timelinesId } from '../data.js';
import type { CategoryTimeline } from '../data.js';

const height = 200;
const paperWidth = 640;
/** Seconds between two labels of time: less than one would show the same time twice. */
const timeSteps = [
  1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 28_800, 86_400,
];

/** Draws a chart into each place for one, in the colours of the theme, and again when these change. */
export function drawCharts(): void {
  const data = document.getElementById(timelinesId);
  if (!data) return;
  const timelines = JSON.parse(data.textContent) as readonly CategoryTimeline[];
  let drawn: uPlot[] = [];
  const draw = (width?: number): void => {
    for (const chart of drawn) chart.destroy();
    drawn = timelines.flatMap((timeline) => drawOne(timeline, width) ?? []);
  };
  const redraw = (): void => {
    draw();
  };
  redraw();
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw);
  window.addEventListener('resize', redraw);
  window.addEventListener('beforeprint', () => {
    draw(paperWidth);
  });
  window.addEventListener('afterprint', redraw);
}

function drawOne(
  { category, at, calls, quota, throttled }: CategoryTimeline,
  paper: number | undefined,
): uPlot | undefined {
  const place = document.querySelector<HTMLElement>(`.chart[data-category="${category}"]`);
  if (!place) return undefined;
  const colours = coloursOf(paper !== undefined);
  const isThrottled = throttled.some((value) => (value ?? 0) > 0);
  const axis: uPlot.Axis = {
    stroke: colours.text,
    grid: { stroke: colours.grid, width: 1 },
    ticks: { stroke: colours.grid, width: 1 },
    font: '12px system-ui, sans-serif',
  };
  // Each value is of the time before its moment.
  const paths = uPlot.paths.stepped?.({ align: -1 });
  const line = (label: string, stroke: string, more: Partial<uPlot.Series>): uPlot.Series => ({
    label,
    stroke,
    width: 2,
    points: { show: false },
    ...(paths && { paths }),
    ...more,
  });
  return new uPlot(
    {
      width: paper ?? Math.max(240, place.clientWidth),
      height,
      cursor: { drag: { x: false, y: false } },
      // Values of no moment are none: the style hides them.
      hooks: {
        setCursor: [
          ({ root, cursor }): void => {
            root.classList.toggle('hovered', typeof cursor.idx === 'number');
          },
        ],
      },
      scales: { y: { range: (_, __, most) => [0, Math.max(1, most * 1.1)] } },
      axes: [
        { ...axis, space: 72, incrs: timeSteps, values: (_, splits) => splits.map(timeOfDay) },
        { ...axis, size: 44 },
      ],
      series: [
        {
          label: 'Until',
          value: (_, seconds: number | null) => (seconds === null ? '–' : timeOfDay(seconds)),
        },
        line('accepted a second', colours.calls, { fill: colours.fill }),
        line('quota', colours.quota, { dash: [6, 4] }),
        ...(isThrottled ? [line('throttled a second', colours.throttled, {})] : []),
      ],
    },
    [at, calls, quota, ...(isThrottled ? [throttled] : [])] as unknown as uPlot.AlignedData,
    place,
  );
}

/** In UTC. */
function timeOfDay(seconds: number): string {
  return new Date(seconds * 1_000).toISOString().slice(11, 19);
}

interface Colours {
  readonly text: string;
  readonly grid: string;
  readonly calls: string;
  readonly fill: string;
  readonly quota: string;
  readonly throttled: string;
}

/** Those of the page's style; on paper those of the light theme, which the style gives to print. */
function coloursOf(isPaper: boolean): Colours {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string): string =>
    style.getPropertyValue(`--${isPaper ? 'paper-' : ''}${name}`).trim();
  return {
    text: colour('text'),
    grid: colour('line'),
    calls: colour('calls'),
    fill: colour('calls-fill'),
    quota: colour('quota'),
    throttled: colour('throttled'),
  };
}
