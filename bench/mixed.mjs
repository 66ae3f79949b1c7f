// Create, permanent password and one group for each user: whether the slowest category bounds the run.
// Run it after `npm run build`:  node bench/mixed.mjs [--seconds 10] [--latency 80] [--runs 5]
import console from 'node:console';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { against, machine, median, steadyRate, table } from './figures.mjs';
import { group, password, writePeople } from './people.mjs';
import { runImport, startPool, temporaryFolder } from './processes.mjs';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '10' },
    latency: { type: 'string', default: '80' },
    runs: { type: 'string', default: '5' },
  },
});
const published = { UserCreation: 50, UserAccountRecovery: 30, UserUpdate: 25 };
const operations = ['AdminCreateUser', 'AdminSetUserPassword', 'AdminAddUserToGroup'];
const folder = temporaryFolder();
machine();
console.log(
  `${values.latency} ms latency, medians of ${values.runs} runs; steady part: 15 % to 85 % of the groups given\n`,
);
const rows = [];
for (const times of [1, 4]) {
  for (const share of [1, 0.8]) rows.push(await measure(times, share));
}
table(rows);

async function measure(times, share) {
  const limits = Object.fromEntries(
    Object.entries(published).map(([category, limit]) => [category, limit * times]),
  );
  const slowest = Math.min(...Object.values(limits)) * share;
  const people = Math.round(slowest * Number(values.seconds));
  const file = join(folder, `${times}-${share}.csv`);
  await writePeople(file, people, 'a', { groups: group, password });
  // Two of the three categories can't be asked for: more than the published limits has to be said.
  const rate = Object.entries(limits).map(([category, limit]) => `${category}=${limit}`);
  const args = [
    ...['--password-mode', 'permanent'],
    ...(times === 1 ? [] : ['--rate', rate.join(',')]),
    ...(times === 1 && share === 0.8 ? [] : ['--rate-share', String(share)]),
  ];
  const runs = [];
  for (let run = 0; run < Number(values.runs); run++) {
    runs.push(await once(file, people, limits, args));
  }
  const of = (member) => median(runs.map((figures) => figures[member]));
  return {
    quotas: times === 1 ? 'published' : `x ${times}`,
    share,
    users: people,
    'slowest/s': slowest,
    'steady/s': of('reached').toFixed(1),
    'of slowest': against(of('reached') / slowest, '>=', 0.95),
    'whole run': (of('whole') / slowest).toFixed(3),
    throttled: of('throttled'),
    'of calls': against(of('throttledShare'), '<=', 0.001, 5),
    'pool stalled, ms': of('stallMs').toFixed(0),
  };
}

async function once(file, people, limits, args) {
  const pool = await startPool({ limits, latencyMs: Number(values.latency) });
  await runImport(pool, file, join(folder, 'reports'), args);
  const { calls, samples, stallMs } = await pool.ask('samples');
  await pool.stop();
  const counts = operations.map((operation) => calls[operation]);
  const throttled = counts.reduce((sum, count) => sum + count.throttled, 0);
  const all = counts.reduce((sum, { ok, failed }) => sum + ok + failed, throttled);
  const busy = samples.filter(
    ([, { AdminCreateUser = 0, AdminAddUserToGroup = 0 }]) =>
      AdminCreateUser > 0 && AdminAddUserToGroup < people,
  );
  return {
    reached: steadyRate(samples, 'AdminAddUserToGroup'),
    // Users a second from the first create to the last group.
    whole: (1_000 * people) / (busy.at(-1)[0] - busy[0][0]),
    throttled,
    throttledShare: throttled / all,
    stallMs,
  };
}
