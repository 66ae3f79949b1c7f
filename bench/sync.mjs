// What a sync costs beside its calls: CPU time and peak resident size of a dry run of as many rows
// against as many users, one in a hundred of them changed, one in a thousand gone from the file. A
// server makes the pages up as they are asked for (pool-process.mjs); a loop that only lists them is
// what the calls cost. Run it after `npm run build`:  node bench/sync.mjs [--rows 1000000] [--runs 5]
import console from 'node:console';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, URL } from 'node:url';
import { parseArgs } from 'node:util';

import { against, machine, median, table } from './figures.mjs';
import { person } from './people.mjs';
import { startMeasured, startPool, temporaryFolder, tool } from './processes.mjs';

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000000' },
    runs: { type: 'string', default: '5' },
  },
});
const rows = Number(values.rows);
const folder = temporaryFolder();
machine();
const file = join(folder, 'people.csv');
await writeChanged(file);
const pool = await startPool({ stub: true, people: rows });

const lists = [];
const syncs = [];
for (let run = 0; run < Number(values.runs); run++) {
  lists.push(await list());
  syncs.push(await sync(`r${run}`));
}
await pool.stop();
table([...lists, ...syncs].map(shown));
const beside = median(syncs.map(({ cpuMs }) => cpuMs)) - median(lists.map(({ cpuMs }) => cpuMs));
console.log(`\n${rows} rows against ${rows} users:`);
console.log(`CPU s beside the calls: ${against(beside / 1_000, '<=', 60, 1)}`);
console.log(`peak MB: ${against(median(syncs.map(({ peakMB }) => peakMB)), '<=', 400, 0)}`);

async function list() {
  const script = fileURLToPath(new URL('list-loop.mjs', import.meta.url));
  const { ended } = startMeasured(script, [pool.endpoint, pool.userPoolId]);
  return { what: 'ListUsers alone', ...(await whole(ended)) };
}

async function sync(run) {
  const { ended } = startMeasured(tool, [
    'sync',
    file,
    '--dry-run',
    ...['--endpoint-url', pool.endpoint, '--user-pool-id', pool.userPoolId],
    ...['--missing', 'disable', '--scope', 'all', '--rate', 'UserList=1000000'],
    ...['--reports', join(folder, run), '--json', '--no-progress'],
  ]);
  const { output, ...figures } = await whole(ended);
  const { byStatus } = JSON.parse(output).rows;
  return { what: `sync --dry-run ${JSON.stringify(byStatus)}`, ...figures };
}

async function whole(ended) {
  const result = await ended;
  if (result.code !== 0) throw new Error(result.errors);
  return result;
}

async function writeChanged(path) {
  const out = createWriteStream(path);
  const columns = person(0).attributes.map(({ Name }) => Name);
  let text = `username,${columns.join(',')}\n`;
  for (let number = 0; number < rows; number++) {
    if (number % 1_000 === 7) continue;
    const { username, attributes } = person(number);
    const cells = attributes.map(({ Value }) => Value);
    if (number % 100 === 3) cells[3] = 'Renamed';
    text += `${username},${cells.join(',')}\n`;
    if (text.length < 1 << 20) continue;
    if (!out.write(text)) await once(out, 'drain');
    text = '';
  }
  out.end(text);
  await once(out, 'finish');
}

function shown({ what, peakMB, cpuMs, wallMs }) {
  return {
    '': what,
    'peak MB': peakMB.toFixed(0),
    CPU: `${(cpuMs / 1_000).toFixed(1)} s`,
    wall: `${(wallMs / 1_000).toFixed(1)} s`,
  };
}
