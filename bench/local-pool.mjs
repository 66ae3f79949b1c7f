// Measures the local pool: AdminCreateUser calls a second on one core, and memory by number of users.
// Run it after `npm run build`:  node bench/local-pool.mjs [--users 1000000] [--data FILE]
// Where `taskset` is there, the pool has core 0 for itself and the client core 1.
import { spawn, spawnSync } from 'node:child_process';
import console from 'node:console';
import { connect } from 'node:net';
import { cpus } from 'node:os';
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { fileURLToPath, URL } from 'node:url';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    users: { type: 'string', default: '1000000' },
    data: { type: 'string' },
    role: { type: 'string', default: 'measure' },
    port: { type: 'string' },
  },
});
const self = fileURLToPath(import.meta.url);
const users = Number(values.users);

const HEAD = [
  'POST / HTTP/1.1',
  'host: 127.0.0.1',
  'content-type: application/x-amz-json-1.1',
  'x-amz-target: AWSCognitoIdentityProviderService.AdminCreateUser',
  'authorization: AWS4-HMAC-SHA256 Credential=local/20260101/eu-central-1/cognito-idp/aws4_request, SignedHeaders=host, Signature=0',
  'content-length: ',
].join('\r\n');

if (values.role === 'pool') await servePool();
else if (values.role === 'load') await load(Number(values.port));
else await measure();

/** The pool's process: answers each line on its standard input with its figures. */
async function servePool() {
  const { startLocalPool, NO_LIMITS } = await import('../dist/local/index.js');
  const started = performance.now();
  const pool = await startLocalPool({
    limits: NO_LIMITS,
    ...(values.data && { dataFile: values.data }),
  });
  const say = (figures) => console.log(JSON.stringify(figures));
  say({ port: Number(new URL(pool.endpoint).port), startMs: performance.now() - started });
  process.stdin.on('data', () => {
    const { user, system } = process.cpuUsage();
    say({ users: pool.userCount, rss: process.memoryUsage.rss(), cpuMs: (user + system) / 1000 });
  });
  process.stdin.on('end', () => void pool.close());
}

/** The client's process: keep-alive requests over 32 sockets, bare, so that it isn't what is measured. */
async function load(port) {
  let next = 0;
  const started = performance.now();
  await Promise.all(
    Array.from({ length: 32 }, async () => {
      const socket = connect(port, '127.0.0.1').setNoDelay(true).setEncoding('latin1');
      while (next < users) await create(socket, next++);
      socket.destroy();
    }),
  );
  console.log(JSON.stringify({ seconds: (performance.now() - started) / 1000 }));
}

function create(socket, number) {
  const body = JSON.stringify({
    UserPoolId: 'eu-central-1_LocalPool',
    Username: `user.${number}`,
    MessageAction: 'SUPPRESS',
    TemporaryPassword: 'Passw0rd!',
    UserAttributes: [
      { Name: 'email', Value: `user.${number}@example.com` },
      { Name: 'email_verified', Value: 'true' },
      { Name: 'given_name', Value: `Given ${number}` },
      { Name: 'family_name', Value: `Family ${number}` },
      { Name: 'custom:department', Value: 'Sales' },
    ],
  });
  return new Promise((resolve, reject) => {
    let answer = '';
    const read = (text) => {
      answer += text;
      const end = answer.indexOf('\r\n\r\n');
      if (end === -1) return;
      const length = Number(/content-length: (\d+)/i.exec(answer)[1]);
      if (answer.length < end + 4 + length) return;
      socket.off('data', read);
      if (answer.startsWith('HTTP/1.1 200')) resolve();
      else reject(new Error(answer));
    };
    socket.on('data', read);
    socket.write(`${HEAD}${body.length}\r\n\r\n${body}`);
  });
}

async function measure() {
  const pool = start('pool', 0);
  const { port, startMs } = await pool.line();
  const before = await pool.ask();
  const client = start('load', 1, ['--port', String(port)]);
  const { seconds } = await client.line();
  const after = await pool.ask();
  pool.child.stdin.end();
  const made = after.users - before.users;
  const cpuMs = after.cpuMs - before.cpuMs;
  console.table({
    'start, ms': Math.round(startMs),
    'users created': made,
    'creates a second': Math.round(made / seconds),
    'creates a second of the pool’s CPU time': Math.round(made / (cpuMs / 1000)),
    'RSS before, MB': Math.round(before.rss / 2 ** 20),
    'RSS after, MB': Math.round(after.rss / 2 ** 20),
    'bytes a user': Math.round((after.rss - before.rss) / made),
  });
}

function start(role, core, more = []) {
  const args = [self, '--role', role, '--users', String(users), ...more];
  if (values.data) args.push('--data', values.data);
  const pinned = cpus().length > 1 && spawnSync('taskset', ['-V']).status === 0;
  const command = pinned ? ['taskset', '-c', String(core), process.execPath] : [process.execPath];
  const child = spawn(command[0], [...command.slice(1), ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = [];
  const waiting = [];
  let rest = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    const parts = (rest + text).split('\n');
    rest = parts.pop() ?? '';
    for (const part of parts) {
      const take = waiting.shift();
      if (take) take(JSON.parse(part));
      else lines.push(JSON.parse(part));
    }
  });
  const line = () =>
    new Promise((resolve) => {
      if (lines.length > 0) resolve(lines.shift());
      else waiting.push(resolve);
    });
  const ask = () => {
    child.stdin.write('figures\n');
    return line();
  };
  return { child, line, ask };
}
