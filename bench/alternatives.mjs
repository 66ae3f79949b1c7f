// The tool beside what people use in its place, against the same pool with the same quota: users a
// second, how much of the quota that is, calls that were throttled, users lost, CPU time a user.
// Run it after `npm run build`:
//   node bench/alternatives.mjs [--rates 25,50,120,500,2000] [--seconds 10] [--latency 80] [--runs 5]
//     [--steps 1|3] [--only NAME,…] [--packages FOLDER]
// `--rates` are quotas of UserCreation. With `--steps 3` each user also gets a permanent password and a
// group, whose quotas stand to that one as the published do; users who lack one of the three are lost.
// A row is the median of the runs. The AWS CLI takes part where `aws` is there. With --packages, the
// folder of an `npm install cognito-backup-restore`, that does too. Whoever is slow gets fewer users,
// so that a run ends, and is measured at the first quota that is more than it can reach: no other
// quota slows it down. A chart for each quota follows the table.
import { spawn } from 'node:child_process';
import console from 'node:console';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath, URL } from 'node:url';
import { parseArgs } from 'node:util';

import { machine, median, table } from './figures.mjs';
import { group, password, person, writePeople } from './people.mjs';
import { startImport, startMeasured, startPool, temporaryFolder } from './processes.mjs';

/** The calls for a user: each with its quota category, and what its quota is to that of UserCreation. */
const operations = {
  one: [{ operation: 'AdminCreateUser', category: 'UserCreation', share: 1 }],
  three: [
    { operation: 'AdminCreateUser', category: 'UserCreation', share: 1 },
    { operation: 'AdminSetUserPassword', category: 'UserAccountRecovery', share: 0.6 },
    { operation: 'AdminAddUserToGroup', category: 'UserUpdate', share: 0.5 },
  ],
};

const { values } = parseArgs({
  options: {
    rates: { type: 'string', default: '25,50,120,500,2000' },
    seconds: { type: 'string', default: '10' },
    latency: { type: 'string', default: '80' },
    runs: { type: 'string', default: '5' },
    steps: { type: 'string', default: '1' },
    only: { type: 'string' },
    packages: { type: 'string' },
  },
});
const latency = Number(values.latency);
const steps = values.steps === '3' ? operations.three : operations.one;
const lastStep = steps.at(-1).operation;
const folder = temporaryFolder();
const script = (name) => fileURLToPath(new URL(`contenders/${name}.mjs`, import.meta.url));
const hasCli = process.env.PATH.split(delimiter).some((path) => existsSync(join(path, 'aws')));

/** `most`: users a second that it can reach at all, which bounds how many it gets. */
const contenders = [
  { name: 'cognito-bulk', most: Infinity, run: ours },
  // Where rates are said, as three steps need it, the whole of them is used anyhow.
  ...(steps.length === 1
    ? [
        {
          name: 'cognito-bulk --rate-share 1',
          most: Infinity,
          run: (...it) => ours(...it, ['--rate-share', '1']),
        },
      ]
    : []),
  {
    name: 'SDK in a loop',
    most: 1_000 / (latency + 2) / steps.length,
    run: contender('sdk-loop'),
  },
  { name: 'p-limit(50) over the SDK', most: Infinity, run: contender('batches') },
  { name: 'Promise.all over the SDK', most: Infinity, run: contender('promise-all') },
  ...(hasCli
    ? [
        { name: 'aws cli in a loop', most: 1.5 / steps.length, run: cli(1) },
        { name: 'aws cli under xargs -P 8', most: 3 / steps.length, run: cli(8) },
      ]
    : []),
  // It makes users, and gives them neither.
  ...(values.packages && steps.length === 1
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
console.log(
  `${latency} ms latency, medians of ${values.runs}, ${steps.map(({ operation }) => operation).join(' + ')}\n`,
);
if (!hasCli) console.log('aws: not on this machine\n');
const rates = values.rates.split(',').map(Number);
const rows = [];
const done = new Set();
for (const rate of rates) {
  for (const one of contenders.filter(({ name }) => !done.has(name))) {
    rows.push(await measure(rate, one));
    if (one.most < slowestOf(limitsAt(rate))) done.add(one.name);
  }
}
table(rows);
for (const rate of rates) chart(rate, rows);

function limitsAt(rate) {
  return Object.fromEntries(steps.map(({ category, share }) => [category, rate * share]));
}

function slowestOf(limits) {
  return Math.min(...Object.values(limits));
}

/** As Mermaid has it: users a second at one quota. */
function chart(rate, all) {
  const quota = slowestOf(limitsAt(rate));
  const shown = all.filter((row) => row['quota/s'] === rate);
  const most = Math.ceil(Math.max(quota, ...shown.map((row) => Number(row['users/s']))));
  console.log('\n```mermaid\nxychart-beta');
  console.log(`  title "Users a second where the slowest quota is ${quota}"`);
  console.log(`  x-axis [${shown.map(({ what }) => `"${what}"`).join(', ')}]`);
  console.log(`  y-axis "users/s" 0 --> ${most}`);
  console.log(`  bar [${shown.map((row) => row['users/s']).join(', ')}]\n\`\`\``);
}

async function measure(rate, { name, most, run }) {
  const limits = limitsAt(rate);
  const slowest = slowestOf(limits);
  const users = Math.max(10, Math.round(Math.min(slowest, most) * Number(values.seconds)));
  const figures = [];
  for (let n = 0; n < Number(values.runs); n++) {
    const pool = await startPool({ limits, latencyMs: latency });
    const { cpuMs } = await run(pool, users, `${name}-${rate}-${n}`, limits);
    const { calls, samples } = await pool.ask('samples');
    await pool.stop();
    const ok = calls[lastStep]?.ok ?? 0;
    const throttled = steps.reduce((sum, step) => sum + (calls[step.operation]?.throttled ?? 0), 0);
    // From the first create on: whoever makes all users first and gives them groups last is no faster.
    const busy = samples.filter(([, { AdminCreateUser = 0 }]) => AdminCreateUser > 0);
    const first = samples.findLast(([at]) => at < (busy[0]?.[0] ?? 0)) ?? busy[0];
    const all = samples.at(-1)?.[1][lastStep] ?? 0;
    const last = busy.find(([, accepted]) => (accepted[lastStep] ?? 0) === all);
    const seconds = last && first ? (last[0] - first[0]) / 1_000 : NaN;
    figures.push({ reached: ok / seconds, throttled, lost: users - ok, cpu: cpuMs / users });
  }
  const of = (member) => median(figures.map((figure) => figure[member]));
  return {
    'quota/s': rate,
    what: name,
    users,
    'users/s': of('reached').toFixed(1),
    'of the slowest quota': (of('reached') / slowest).toFixed(3),
    throttled: of('throttled'),
    lost: of('lost'),
    'CPU ms/user': Number.isNaN(of('cpu')) ? '-' : of('cpu').toFixed(2),
  };
}

async function ours(pool, users, name, limits, more = []) {
  const file = join(folder, `${users}.csv`);
  const columns = steps.length === 1 ? {} : { groups: group, password };
  if (!existsSync(file)) await writePeople(file, users, 'a', columns);
  // Two of the three categories can't be asked for.
  const rates = Object.entries(limits).map(([category, limit]) => `${category}=${limit}`);
  const threeSteps = ['--password-mode', 'permanent', '--rate', rates.join(',')];
  const args = [...(steps.length === 1 ? [] : threeSteps), ...more];
  return startImport(pool, file, join(folder, 'reports', name.replace(/\W+/g, '-')), args).ended;
}

function contender(name, ...more) {
  return (pool, users) => {
    const whom = [pool.endpoint, pool.userPoolId, '0', String(users), String(steps.length)];
    return startMeasured(script(name), [...whom, ...more]).ended;
  };
}

/** `aws cognito-idp`, so many users at once. */
function cli(atOnce) {
  return async (pool, users) => {
    const xargs = spawn(
      'xargs',
      ['-P', String(atOnce), '-L', '1', 'sh', '-c', 'eval "$1" || :', 'sh'],
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
      const named = attributes.map(({ Name, Value }) => `'Name="${Name}",Value="${Value}"'`);
      const whom = `--endpoint-url ${pool.endpoint} --user-pool-id ${pool.userPoolId} --username ${username}`;
      const calls = [
        `admin-create-user ${whom} --message-action SUPPRESS --user-attributes ${named.join(' ')}`,
        `admin-set-user-password ${whom} --permanent --password ${password}`,
        `admin-add-user-to-group ${whom} --group-name ${group}`,
      ].slice(0, steps.length);
      const line = calls.map((call) => `aws cognito-idp ${call}`).join(' && ');
      xargs.stdin.write(`${line.replace(/[\\'" ]/g, '\\$&')}\n`);
    }
    xargs.stdin.end();
    await new Promise((resolve) => xargs.once('exit', resolve));
    // Node does not tell the CPU time of processes that another one started.
    return { cpuMs: NaN };
  };
}
