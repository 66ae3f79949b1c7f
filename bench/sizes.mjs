// Peak resident size of a check and of an import by number of rows: does anything grow with the file?
// Every user is "created" by a server that keeps nothing (pool-process.mjs). Run it after `npm run build`:
//   node bench/sizes.mjs [--rows 10000,100000,1000000] [--imports 10000,100000] [--runs 5]
// A figure is the median of the runs.
import console from 'node:console';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { machine, median, table } from './figures.mjs';
import { writePeople } from './people.mjs';
import { runImport, startMeasured, startPool, temporaryFolder, tool } from './processes.mjs';

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '10000,100000,1000000' },
    imports: { type: 'string', default: '10000,100000' },
    runs: { type: 'string', default: '5' },
  },
});
const folder = temporaryFolder();
machine();
const imports = values.imports.split(',').map(Number);
const rows = [];
for (const count of values.rows.split(',').map(Number)) {
  const file = join(folder, `${count}.csv`);
  await writePeople(file, count);
  const checks = [];
  const runs = [];
  for (let n = 0; n < Number(values.runs); n++) {
    checks.push(await checking(file, join(folder, `r${count}-${n}`)));
    if (imports.includes(count)) runs.push(await importing(file, join(folder, `i${count}-${n}`)));
  }
  rows.push({
    rows: count,
    'validate, peak MB': median(checks.map(({ peakMB }) => peakMB)).toFixed(0),
    'validate, CPU s': median(checks.map(({ cpuMs }) => cpuMs / 1_000)).toFixed(1),
    'import, peak MB': runs.length > 0 ? median(runs.map(({ peakMB }) => peakMB)).toFixed(0) : '-',
    'import, CPU s':
      runs.length > 0 ? median(runs.map(({ cpuMs }) => cpuMs / 1_000)).toFixed(1) : '-',
  });
}
console.log('');
table(rows);

async function checking(file, reports) {
  const args = ['validate', file, '--reports', reports, '--json', '--no-progress'];
  const check = await startMeasured(tool, args).ended;
  if (check.code !== 0) throw new Error(check.errors);
  return check;
}

async function importing(file, reports) {
  const pool = await startPool({ stub: true });
  const noQuota = ['--rate', '1000000', '--concurrency', '64'];
  const run = await runImport(pool, file, reports, noQuota);
  await pool.stop();
  return run;
}
