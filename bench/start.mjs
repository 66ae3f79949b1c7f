// What a start costs: CPU time of `--help`, and of an import up to its first call.
// Run it after `npm run build`:  node bench/start.mjs [--runs 9]
import console from 'node:console';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { against, machine, median, table } from './figures.mjs';
import { writePeople } from './people.mjs';
import { runImport, startMeasured, startPool, temporaryFolder, tool } from './processes.mjs';

const { values } = parseArgs({ options: { runs: { type: 'string', default: '9' } } });
const runs = Number(values.runs);
const folder = temporaryFolder();
machine();
console.log(`medians of ${runs} runs\n`);

const rows = [];
for (const args of [['--help'], ['import', '--help'], ['--version']]) {
  const cpu = [];
  const wall = [];
  for (let run = 0; run < runs; run++) {
    const { cpuMs, wallMs } = await startMeasured(tool, args).ended;
    cpu.push(cpuMs);
    wall.push(wallMs);
  }
  const target = args.length === 1 && args[0] === '--help';
  const ms = median(cpu);
  rows.push({
    command: args.join(' '),
    'CPU ms': target ? against(ms, '<=', 200, 0) : ms.toFixed(0),
    'wall ms': median(wall).toFixed(0),
  });
}
table(rows);

const starts = [];
for (const count of [1, 10_000]) {
  const file = join(folder, `${count}.csv`);
  await writePeople(file, count);
  const first = { description: [], create: [], cpuMs: [] };
  for (let run = 0; run < runs; run++) {
    const pool = await startPool({ stub: true });
    const { startedAt, cpuMs } = await runImport(pool, file, join(folder, 'reports'), [
      ...['--rate', '1000000', '--concurrency', '64'],
    ]);
    const { firstAt } = await pool.ask();
    await pool.stop();
    first.description.push(firstAt.DescribeUserPool - startedAt);
    first.create.push(firstAt.AdminCreateUser - startedAt);
    first.cpuMs.push(cpuMs);
  }
  starts.push({
    'import of': `${count} rows`,
    'ms to the first call (DescribeUserPool)': median(first.description).toFixed(0),
    'ms to the first create (file checked)': median(first.create).toFixed(0),
    'CPU ms of the whole run': median(first.cpuMs).toFixed(0),
  });
}
console.log('');
table(starts);
