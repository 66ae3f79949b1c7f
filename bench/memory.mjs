// Peak resident size of an import by number of rows, and what `resume` costs after a kill.
// Every user is "created" by a server that answers at once and keeps nothing (pool-process.mjs).
// Run it after `npm run build`:  node bench/memory.mjs [--rows 1000000] [--few 50000] [--kill 0.9]
//     [--whole] [--runs 5]
// The long import is killed (SIGKILL) once `--kill` of its creates were answered, and resumed: its peak
// is that of the larger of the two processes. The time to its first call is the median of `--runs` resumes,
// all but the last of a copy, killed there. --whole lets it run to its end instead. A million rows take
// 10 to 15 minutes.
import console from 'node:console';
import { once } from 'node:events';
import { cpSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';

import { against, machine, median, table } from './figures.mjs';
import { writePeople } from './people.mjs';
import { startImport, startMeasured, startPool, temporaryFolder, tool } from './processes.mjs';

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000000' },
    few: { type: 'string', default: '50000' },
    kill: { type: 'string', default: '0.9' },
    whole: { type: 'boolean', default: false },
    runs: { type: 'string', default: '5' },
  },
});
const noQuota = ['--rate', '1000000', '--concurrency', '64'];
const folder = temporaryFolder();
machine();
const small = await importWhole(Number(values.few));
const large = values.whole ? await importWhole(Number(values.rows)) : await killAndResume();
table([small, ...[large].flat()].map(shown));
const peak = Math.max(...[large].flat().map(({ peakMB }) => peakMB));
console.log(
  `\npeak at ${values.rows} rows / at ${values.few} rows: ${against(peak / small.peakMB, '<=', 1.25, 2)}`,
);

async function importWhole(rows) {
  const pool = await startPool({ stub: true });
  const file = await people(rows);
  const run = startImport(pool, file, join(folder, `whole-${rows}`), noQuota);
  const watched = watch(run, pool, rows);
  const { code, errors, peakMB, cpuMs, wallMs } = await run.ended;
  if (code !== 0) throw new Error(errors);
  await watched.ended;
  await pool.stop();
  return { what: `import of ${rows} rows`, peakMB, phases: watched.peaks, cpuMs, wallMs };
}

async function killAndResume() {
  const rows = Number(values.rows);
  const pool = await startPool({ stub: true });
  const file = await people(rows);
  const reports = join(folder, 'killed');
  const killed = startImport(pool, file, reports, noQuota);
  const first = watch(killed, pool, rows, Number(values.kill) * rows);
  await once(killed.child, 'exit');
  await first.ended;
  const before = (await pool.ask()).calls.AdminCreateUser.ok;
  const [run] = readdirSync(reports);
  const journalMB = statSync(join(reports, run, 'journal.jsonl')).size / 2 ** 20;

  const resume = async (from, then) => {
    const { calls: earlier } = await pool.ask();
    const started = performance.now();
    const args = ['resume', run, '--reports', from, '--json', '--no-progress', ...noQuota];
    const process = startMeasured(tool, args);
    const first = {};
    const more = (calls, name) => (calls[name]?.ok ?? 0) > (earlier[name]?.ok ?? 0);
    const watched = watch(process, pool, rows, Infinity, ({ calls }) => {
      if (more(calls, 'DescribeUserPool')) first.any ??= performance.now() - started;
      if (!more(calls, 'AdminCreateUser') && !more(calls, 'ListUsers')) return;
      first.create ??= performance.now() - started;
      then(process.child);
    });
    return { process, first, watched };
  };
  const firsts = [];
  for (let n = 1; n < Number(values.runs); n++) {
    const copy = join(folder, 'copy');
    cpSync(reports, copy, { recursive: true });
    const { process, first, watched } = await resume(copy, (child) => child.kill('SIGKILL'));
    await once(process.child, 'exit');
    await watched.ended;
    firsts.push(first);
    rmSync(copy, { recursive: true });
  }
  const copied = (await pool.ask()).calls;
  const last = await resume(reports, () => undefined);
  const { process: resumed, watched: second } = last;
  firsts.push(last.first);
  const { code, errors, output, peakMB, cpuMs, wallMs } = await resumed.ended;
  if (code !== 0) throw new Error(errors);
  await second.ended;
  const { calls } = await pool.ask();
  await pool.stop();
  const { rows: reported } = JSON.parse(output);
  console.log(
    [
      `killed after ${before} creates; journal ${journalMB.toFixed(0)} MB`,
      `resume: ${seconds(median(firsts.map(({ any }) => any)))} to its first call, ${seconds(median(firsts.map(({ create }) => create)))} to the first new create or lookup, median of ${values.runs}`,
      `reported: ${JSON.stringify(reported)}; creates sent in all: ${before + calls.AdminCreateUser.ok - copied.AdminCreateUser.ok}; lookups: ${(calls.ListUsers?.ok ?? 0) - (copied.ListUsers?.ok ?? 0)}`,
      '',
    ].join('\n'),
  );
  return [
    {
      what: `import of ${rows} rows, killed`,
      peakMB: first.last(),
      phases: first.peaks,
      wallMs: first.wallMs(),
    },
    { what: 'its resume', peakMB, phases: second.peaks, cpuMs, wallMs },
  ];
}

/** Samples the process ten times a second: its peaks by phase; kills it after `until` creates. */
function watch({ child }, pool, rows, until = Infinity, onFigures = () => undefined) {
  const peaks = { check: 0, import: 0, report: 0 };
  const started = performance.now();
  let peak = 0;
  let wall = 0;
  let base;
  const watching = async () => {
    while (child.exitCode === null && child.signalCode === null) {
      const figures = await pool.ask();
      const creates = figures.calls.AdminCreateUser?.ok ?? 0;
      base ??= creates;
      onFigures(figures);
      const status = readStatus(child.pid);
      if (status) {
        const phase = creates >= rows ? 'report' : creates > base ? 'import' : 'check';
        peaks[phase] = Math.max(peaks[phase], status.VmRSS);
        peak = status.VmHWM;
      }
      wall = performance.now() - started;
      if (creates >= until) child.kill('SIGKILL');
      await sleep(100);
    }
  };
  return { peaks, last: () => peak, wallMs: () => wall, ended: watching() };
}

/** Sizes in MB. */
function readStatus(pid) {
  try {
    const text = readFileSync(`/proc/${pid}/status`, 'utf8');
    const size = (name) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1]) / 1_024;
    const sizes = { VmRSS: size('VmRSS'), VmHWM: size('VmHWM') };
    return Number.isNaN(sizes.VmRSS) ? undefined : sizes;
  } catch {
    return undefined;
  }
}

async function people(rows) {
  const file = join(folder, `${rows}.csv`);
  await writePeople(file, rows);
  return file;
}

function shown({ what, peakMB, phases, cpuMs, wallMs }) {
  return {
    '': what,
    'peak MB': peakMB.toFixed(0),
    checking: phases.check.toFixed(0),
    importing: phases.import.toFixed(0),
    reporting: phases.report.toFixed(0),
    CPU: cpuMs === undefined ? '-' : seconds(cpuMs),
    wall: seconds(wallMs),
  };
}

function seconds(ms) {
  return ms === undefined ? '-' : `${(ms / 1_000).toFixed(1)} s`;
}
