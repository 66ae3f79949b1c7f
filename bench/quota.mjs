// How much of a quota is used, and how often the service says that it was too much.
// Run it after `npm run build`:  node bench/quota.mjs [--rates 50,200,1000] [--seconds 10] [--latency 80]
//   [--runs 5]
import console from 'node:console';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { against, machine, median, steadyRate, table } from './figures.mjs';
import { writePeople } from './people.mjs';
import { runImport, startPool, temporaryFolder } from './processes.mjs';

const { values } = parseArgs({
  options: {
    rates: { type: 'string', default: '50,200,1000' },
    seconds: { type: 'string', default: '10' },
    latency: { type: 'string', default: '80' },
    runs: { type: 'string', default: '5' },
  },
});
const folder = temporaryFolder();
machine();
console.log(
  `${values.latency} ms latency, medians of ${values.runs} runs; steady part: 15 % to 85 % of the creates`,
);
console.log(
  'A pool that was held up longer than 5 to 20 ms sees calls in clumps: then repeat the run.\n',
);
const rows = [];
for (const rate of values.rates.split(',').map(Number)) {
  for (const share of [1, 0.8]) rows.push(await measure(rate, share));
}
table(rows);

async function measure(rate, share) {
  const people = Math.round(rate * share * Number(values.seconds));
  const file = join(folder, `${rate}-${share}.csv`);
  await writePeople(file, people);
  const runs = [];
  for (let run = 0; run < Number(values.runs); run++)
    runs.push(await once(file, people, rate, share));
  const of = (member) => median(runs.map((figures) => figures[member]));
  return {
    'quota/s': rate,
    share,
    users: people,
    'reached/s': of('reached').toFixed(1),
    'of rate x share': against(of('reached') / (rate * share), '>=', 0.98),
    throttled: of('throttled'),
    'of calls': against(of('throttledShare'), '<=', 0.001, 5),
    'CPU ms/user': of('cpuMs').toFixed(2),
    'pool stalled, ms': of('stallMs').toFixed(0),
  };
}

async function once(file, people, rate, share) {
  const pool = await startPool({
    limits: { UserCreation: rate },
    latencyMs: Number(values.latency),
  });
  // 0.8 is the default, and is left to be that.
  const args = share === 0.8 ? [] : ['--rate-share', String(share)];
  const { cpuMs } = await runImport(pool, file, join(folder, 'reports'), args);
  const { calls, samples, stallMs } = await pool.ask('samples');
  await pool.stop();
  const { ok, throttled, failed } = calls.AdminCreateUser;
  return {
    reached: steadyRate(samples, 'AdminCreateUser'),
    throttled,
    throttledShare: throttled / (ok + throttled + failed),
    cpuMs: cpuMs / people,
    stallMs,
  };
}
