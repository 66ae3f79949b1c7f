// Create, permanent password and one group for each user: whether the slowest category bounds the run.
// Run it after `npm run build`:  node bench/mixed.mjs [--seconds 25] [--latency 80]
import console from 'node:console';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { against, machine, steadyRate, table } from './figures.mjs';
import { group, password, writePeople } from './people.mjs';
import { runImport, startPool, temporaryFolder } from './processes.mjs';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '25' },
    latency: { type: 'string', default: '80' },
  },
});
const published = { UserCreation: 50, UserAccountRecovery: 30, UserUpdate: 25 };
const operations = ['AdminCreateUser', 'AdminSetUserPassword', 'AdminAddUserToGroup'];
const folder = temporaryFolder();
machine();
console.log(`${values.latency} ms latency; steady part: 15 % to 85 % of the groups given\n`);
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
  const pool = await startPool({ limits, latencyMs: Number(values.latency) });
  // Two of the three categories can't be asked for: more than the published limits has to be said.
  const rate = Object.entries(limits).map(([category, limit]) => `${category}=${limit}`);
  await runImport(pool, file, join(folder, 'reports'), [
    '--password-mode',
    'permanent',
    ...(times === 1 ? [] : ['--rate', rate.join(',')]),
    ...(times === 1 && share === 0.8 ? [] : ['--rate-share', String(share)]),
  ]);
  const { calls, samples, stallMs } = await pool.ask('samples');
  await pool.stop();
  const reached = steadyRate(samples, 'AdminAddUserToGroup');
  const counts = operations.map((operation) => calls[operation]);
  const throttled = counts.reduce((sum, count) => sum + count.throttled, 0);
  const all = counts.reduce((sum, { ok, failed }) => sum + ok + failed, throttled);
  const busy = samples.filter(
    ([, { AdminCreateUser = 0, AdminAddUserToGroup = 0 }]) =>
      AdminCreateUser > 0 && AdminAddUserToGroup < people,
  );
  const seconds = (busy.at(-1)[0] - busy[0][0]) / 1_000;
  return {
    quotas: times === 1 ? 'published' : `x ${times}`,
    share,
    users: people,
    'slowest/s': slowest,
    'steady/s': reached.toFixed(1),
    'of slowest': against(reached / slowest, '>=', 0.95),
    'whole run': (people / seconds / slowest).toFixed(3),
    throttled,
    'of calls': against(throttled / all, '<=', 0.001, 5),
    'pool stalled, ms': stallMs.toFixed(0),
  };
}
