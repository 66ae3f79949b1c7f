// What the scripts share for counting and printing.
import console from 'node:console';
import { cpus, totalmem } from 'node:os';
import process from 'node:process';

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Accepted calls a second between the moments when `from` and `to` of all of them had been accepted. */
export function steadyRate(samples, operation, from = 0.15, to = 0.85) {
  const counts = samples.map(([at, accepted]) => [at, accepted[operation] ?? 0]);
  const all = counts.at(-1)?.[1] ?? 0;
  const first = counts.find(([, count]) => count >= from * all);
  const last = counts.find(([, count]) => count >= to * all);
  return (1_000 * (last[1] - first[1])) / (last[0] - first[0]);
}

/** `value` beside its target, and whether it is met. */
export function against(value, comparison, target, digits = 3) {
  const met = comparison === '>=' ? value >= target : value <= target;
  return `${value.toFixed(digits)} (target ${comparison} ${target}: ${met ? 'met' : 'MISSED'})`;
}

export function machine() {
  const [first] = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  console.log(
    `${first?.model.trim() ?? 'unknown CPU'}, ${cpus().length} cores, ${memory} GB, ${process.platform}, Node ${process.version}`,
  );
}

/** Shows rows that all have the same members as a table. */
export function table(rows) {
  const names = Object.keys(rows[0] ?? {});
  const cells = [names, ...rows.map((row) => names.map((name) => String(row[name])))];
  const widths = names.map((_, column) => Math.max(...cells.map((row) => row[column].length)));
  for (const row of cells) {
    console.log(
      row
        .map((cell, column) => cell.padEnd(widths[column]))
        .join('  ')
        .trimEnd(),
    );
  }
}
