// CPU time for a created user, with no quota: `cognito-bulk import` beside a bare loop over the SDK's
// client. Run it after `npm run build`:
//   node bench/cpu.mjs [--users 20000] [--runs 5] [--concurrency 64] [--stub] [--profile FOLDER]
// With --profile it writes a CPU profile of one import there, and says which part costs what.
import console from 'node:console';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, URL } from 'node:url';
import { parseArgs } from 'node:util';

import { against, machine, median, table } from './figures.mjs';
import { writePeople } from './people.mjs';
import { runImport, startMeasured, startPool, temporaryFolder } from './processes.mjs';

const { values } = parseArgs({
  options: {
    users: { type: 'string', default: '20000' },
    runs: { type: 'string', default: '5' },
    concurrency: { type: 'string', default: '64' },
    stub: { type: 'boolean', default: false },
    profile: { type: 'string' },
  },
});
const users = Number(values.users);
/** A short run beside the long one tells what the start costs. */
const few = Math.round(users / 10);
const folder = temporaryFolder();
const bareLoop = fileURLToPath(new URL('bare-loop.mjs', import.meta.url));
const noQuota = ['--rate', '1000000', '--concurrency', values.concurrency];

machine();
if (values.profile) await profile(values.profile);
else await compare();

async function compare() {
  console.log(`${users} users, ${values.concurrency} at once, medians of ${values.runs} runs\n`);
  const figures = { import: [], plain: [], tuned: [] };
  for (let run = 0; run < Number(values.runs); run++) {
    const pool = await startPool(values.stub ? { stub: true } : { limits: 'none' });
    figures.import.push(await longAndShort((count, name) => importing(pool, count, name)));
    for (const kind of ['plain', 'tuned']) {
      figures[kind].push(await longAndShort((count, name) => looping(pool, count, name, kind)));
    }
    await pool.stop();
  }
  const of = (kind, member) => median(figures[kind].map((figure) => figure[member]));
  const plain = of('plain', 'perUser');
  table(
    [
      ['import', 'cognito-bulk import'],
      ['plain', "bare loop, the SDK's client as it comes"],
      ['tuned', "bare loop, the tool's own client options"],
    ].map(([kind, name]) => ({
      '': name,
      'CPU ms/user': of(kind, 'perUser').toFixed(3),
      'of it after the start': of(kind, 'marginal').toFixed(3),
      'users/s': Math.round(of(kind, 'usersPerSecond')),
      'peak MB': Math.round(of(kind, 'peakMB')),
      'of the bare loop': (of(kind, 'perUser') / plain).toFixed(2),
    })),
  );
  const ratio = median(figures.import.map((it, run) => it.perUser / figures.plain[run].perUser));
  console.log(`\nimport / bare loop: ${against(ratio, '<=', 1, 2)}`);
}

async function longAndShort(measure) {
  const short = await measure(few, 'short');
  const long = await measure(users, 'long');
  return {
    perUser: long.cpuMs / users,
    marginal: (long.cpuMs - short.cpuMs) / (users - few),
    usersPerSecond: (1_000 * (users - few)) / (long.wallMs - short.wallMs),
    peakMB: long.peakMB,
  };
}

async function importing(pool, count, name, options) {
  const file = join(folder, `${name}.csv`);
  await writePeople(file, count, name);
  return runImport(pool, file, join(folder, 'reports'), noQuota, options);
}

async function looping({ endpoint, userPoolId }, count, name, kind) {
  const run = `${kind}.${name}`;
  const args = [endpoint, userPoolId, count, values.concurrency, run, kind].map(String);
  const result = await startMeasured(bareLoop, args).ended;
  if (result.code !== 0) throw new Error(result.errors);
  return result;
}

async function profile(into) {
  mkdirSync(into, { recursive: true });
  const before = new Set(readdirSync(into));
  const pool = await startPool(values.stub ? { stub: true } : { limits: 'none' });
  await importing(pool, users, 'profiled', {
    nodeArgs: ['--cpu-prof', '--cpu-prof-dir', into],
  });
  await pool.stop();
  const name = readdirSync(into).find((it) => it.endsWith('.cpuprofile') && !before.has(it));
  const path = join(into, name);
  console.log(`${path}: main thread, ms a user by where the code stands (self time)\n`);
  const parts = byPart(JSON.parse(readFileSync(path, 'utf8')));
  table(parts.map(([part, ms]) => ({ part, 'ms/user': (ms / users).toFixed(4) })).slice(0, 40));
}

/** Self time by part of the program: a folder of ours, or a package. */
function byPart({ nodes, samples, timeDeltas }) {
  const partOf = new Map(nodes.map((node) => [node.id, nameOf(node.callFrame)]));
  const total = new Map();
  samples.forEach((id, index) => {
    const part = partOf.get(id);
    total.set(part, (total.get(part) ?? 0) + timeDeltas[index] / 1_000);
  });
  total.delete('(idle)');
  return [...total].sort(([, a], [, b]) => b - a);
}

function nameOf({ url, functionName }) {
  if (url === '') return functionName || '(native)';
  const [, packaged] = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url) ?? [];
  if (packaged !== undefined) return packaged;
  const [, ours] = /dist\/(\w+\/[\w-]+)/.exec(url) ?? [];
  return ours ?? url.replace(/^(node:[^/]+(?:\/[^/]+)?).*/, '$1');
}
