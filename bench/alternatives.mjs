// The tool beside what people use in its place, against the same pool with the same quota: users a
// second, how much of the quota that is, calls that were throttled, users lost, CPU time a user.
// Run it after `npm run build`:
//   node bench/alternatives.mjs [--rates 25,50,120,500,2000] [--seconds 15] [--latency 80] [--runs 5]
//     [--only NAME,…] [--packages FOLDER]
// A row is the median of the runs. The AWS CLI takes part where `aws` is there. With --packages, the
// folder of an `npm install cognito-backup-restore`, that does too. Whoever is slow gets fewer users,
// so that a run ends.
import { spawn } from 'node:child_process';
import console from 'node:console';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath, URL } from 'node:url';
import { parseArgs } from 'node:util';

import { machine, median, table } from './figures.mjs';
import { person, writePeople } from './people.mjs';
import { startImport, startMeasured, startPool, temporaryFolder } from './processes.mjs';

const { values } = parseArgs({
  options: {
    rates: { type: 'string', default: '25,50,120,500,2000' },
    seconds: { type: 'string', default: '15' },
    latency: { type: 'string', default: '80' },
    runs: { type: 'string', default: '5' },
    only: { type: 'string' },
    packages: { type: 'string' },
  },
});
const latency = Number(values.latency);
const folder = temporaryFolder();
const script = (name) => fileURLToPath(new URL(`contenders/${name}.mjs`, import.meta.url));
const hasCli = process.env.PATH.split(delimiter).some((path) => existsSync(join(path, 'aws')));

/** `most`: users a second that it can reach at all, which bounds how many it gets. */
const contenders = [
  { name: 'cognito-bulk', most: Infinity, run: ours },
  {
    name: 'cognito-bulk --rate-share 1',
    most: Infinity,
    run: (...it) => ours(...it, ['--rate-share', '1']),
  },
  { name: 'SDK in a loop', most: 1_000 / (latency + 2), run: contender('sdk-loop') },
  { name: 'p-limit(50) over the SDK', most: Infinity, run: contender('batches') },
  { name: 'Promise.all over the SDK', most: Infinity, run: contender('promise-all') },
  ...(hasCli
    ? [
        { name: 'aws cli in a loop', most: 1.5, run: cli(1) },
        { name: 'aws cli under xargs -P 8', most: 3, run: cli(8) },
      ]
    : []),
  ...(values.packages
    ? [
        {
          name: 'cognito-backup-restore',
          most: 2,
          run: contender('cognito-backup-restore', values.packages),
        },
      ]
    : []),
].filter(({ name }) => !values.only || values.only.split(',').includes(name));

machine();
console.log(`${latency} ms latency, medians of ${values.runs}\n`);
if (!hasCli) console.log('aws: not on this machine\n');
const rows = [];
for (const rate of values.rates.split(',').map(Number)) {
  for (const one of contenders) rows.push(await measure(rate, one));
}
table(rows);

async function measure(rate, { name, most, run }) {
  const users = Math.max(10, Math.round(Math.min(rate, most) * Number(values.seconds)));
  const figures = [];
  for (let n = 0; n < Number(values.runs); n++) {
    const pool = await startPool({ limits: { UserCreation: rate }, latencyMs: latency });
    const { cpuMs } = await run(pool, users, `${name}-${rate}-${n}`);
    const { calls, samples } = await pool.ask('samples');
    await pool.stop();
    const { ok = 0, throttled = 0 } = calls.AdminCreateUser ?? {};
    const busy = samples.filter(([, { AdminCreateUser = 0 }]) => AdminCreateUser > 0);
    const first = samples.findLast(([at]) => at < (busy[0]?.[0] ?? 0)) ?? busy[0];
    const all = samples.at(-1)?.[1].AdminCreateUser ?? 0;
    const last = busy.find(([, { AdminCreateUser }]) => AdminCreateUser === all);
    const seconds = last && first ? (last[0] - first[0]) / 1_000 : NaN;
    figures.push({ reached: ok / seconds, throttled, lost: users - ok, cpu: cpuMs / users });
  }
  const of = (member) => median(figures.map((figure) => figure[member]));
  return {
    'quota/s': rate,
    what: name,
    users,
    'users/s': of('reached').toFixed(1),
    'of the quota': (of('reached') / rate).toFixed(3),
    throttled: of('throttled'),
    lost: of('lost'),
    'CPU ms/user': Number.isNaN(of('cpu')) ? '-' : of('cpu').toFixed(2),
  };
}

async function ours(pool, users, name, more = []) {
  const file = join(folder, `${users}.csv`);
  if (!existsSync(file)) await writePeople(file, users);
  return startImport(pool, file, join(folder, 'reports', name.replace(/\W+/g, '-')), more).ended;
}

function contender(name, ...more) {
  return (pool, users) =>
    startMeasured(script(name), [pool.endpoint, pool.userPoolId, '0', String(users), ...more])
      .ended;
}

/** `aws cognito-idp admin-create-user`, so many processes at once. */
function cli(atOnce) {
  return async (pool, users) => {
    const xargs = spawn(
      'xargs',
      ['-P', String(atOnce), '-L', '1', 'sh', '-c', 'aws "$@" || :', 'sh'],
      {
        stdio: ['pipe', 'ignore', 'ignore'],
        env: {
          ...process.env,
          AWS_ACCESS_KEY_ID: 'local',
          AWS_SECRET_ACCESS_KEY: 'local',
          AWS_DEFAULT_REGION: 'eu-central-1',
        },
      },
    );
    for (let number = 0; number < users; number++) {
      const { username, attributes } = person(number);
      const named = attributes.map(({ Name, Value }) => `Name="${Name}",Value="${Value}"`);
      xargs.stdin.write(
        `cognito-idp admin-create-user --endpoint-url ${pool.endpoint} --user-pool-id ${pool.userPoolId} --username ${username} --message-action SUPPRESS --user-attributes ${named.map((it) => `'${it}'`).join(' ')}\n`,
      );
    }
    xargs.stdin.end();
    await new Promise((resolve) => xargs.once('exit', resolve));
    // Node does not tell the CPU time of processes that another one started.
    return { cpuMs: NaN };
  };
}
