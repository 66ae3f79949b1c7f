// Peak resident size of a check and of an import by number of rows: does anything grow with the file?
// Every user is "created" by a server that keeps nothing (pool-process.mjs). Run it after `npm run build`:
//   node bench/sizes.mjs [--rows 10000,100000,1000000] [--imports 10000,100000]
import console from 'node:console';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { machine, table } from './figures.mjs';
import { writePeople } from './people.mjs';
import { runImport, startMeasured, startPool, temporaryFolder, tool } from './processes.mjs';

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '10000,100000,1000000' },
    imports: { type: 'string', default: '10000,100000' },
  },
});
const folder = temporaryFolder();
machine();
const imports = values.imports.split(',').map(Number);
const rows = [];
for (const count of values.rows.split(',').map(Number)) {
  const file = join(folder, `${count}.csv`);
  await writePeople(file, count);
  const reports = ['--reports', join(folder, `r${count}`), '--json', '--no-progress'];
  const check = await startMeasured(tool, ['validate', file, ...reports]).ended;
  if (check.code !== 0) throw new Error(check.errors);
  const run = imports.includes(count) ? await importing(file) : undefined;
  rows.push({
    rows: count,
    'validate, peak MB': check.peakMB.toFixed(0),
    'validate, CPU s': (check.cpuMs / 1_000).toFixed(1),
    'import, peak MB': run?.peakMB.toFixed(0) ?? '-',
    'import, CPU s': run === undefined ? '-' : (run.cpuMs / 1_000).toFixed(1),
  });
}
console.log('');
table(rows);

async function importing(file) {
  const pool = await startPool({ stub: true });
  const noQuota = ['--rate', '1000000', '--concurrency', '64'];
  const run = await runImport(pool, file, join(folder, 'reports'), noQuota);
  await pool.stop();
  return run;
}
