// A pool for the other scripts, in a process of its own. Its only argument is JSON:
//   {limits, latencyMs, settings}  a local pool; no `limits` for the published quotas
//   {stub: true}                   answers every AdminCreateUser with success at once and remembers
//                                  nothing; a local pool behind it answers the other operations
//   {stub: true, people: N}        also answers ListUsers and ListUsersInGroup, from the first N people
//                                  of people.mjs
// Sends {endpoint, userPoolId} to its parent; after the message "figures" {cpuMs, stallMs, calls,
// firstAt}, where `stallMs` is the longest that its event loop was held up and `firstAt` is when each
// operation was first called, in milliseconds since 1970; after "samples" also `samples`, which are
// [milliseconds, {operation: accepted calls}], ten a second.
import { Buffer } from 'node:buffer';
import { createServer, request } from 'node:http';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import process from 'node:process';
import { text } from 'node:stream/consumers';
import { setInterval } from 'node:timers';

import { NO_LIMITS, startLocalPool } from '../dist/local/index.js';
import { person } from './people.mjs';

const {
  stub = false,
  people = 0,
  limits,
  latencyMs = 0,
  settings,
} = JSON.parse(process.argv[2] ?? '{}');
const pool = await startLocalPool({
  latencyMs,
  ...(limits === 'none' ? { limits: NO_LIMITS } : limits && { limits }),
  ...(settings && { settings }),
});
const delay = monitorEventLoopDelay({ resolution: 5 });
delay.enable();
const firstAt = {};
const samples = [];
let creates = 0;
const server = stub ? await startStub() : undefined;
const calls = () => {
  const { operations } = pool.stats();
  return stub ? { ...operations, AdminCreateUser: count(creates) } : operations;
};

setInterval(() => {
  const accepted = {};
  for (const [operation, { ok }] of Object.entries(calls())) {
    accepted[operation] = ok;
    if (ok > 0) firstAt[operation] ??= Date.now();
  }
  samples.push([performance.now(), accepted]);
}, 100);

process.on('message', (wanted) => {
  const { user, system } = process.cpuUsage();
  const figures = {
    cpuMs: (user + system) / 1_000,
    stallMs: delay.max / 1e6,
    calls: calls(),
    firstAt,
  };
  process.send(wanted === 'samples' ? { ...figures, samples } : figures);
});
process.on('disconnect', () => process.exit());
process.send({
  endpoint: server ? `http://127.0.0.1:${server.address().port}` : pool.endpoint,
  userPoolId: pool.userPoolId,
});

function count(ok) {
  return { ok, throttled: 0, failed: 0 };
}

async function startStub() {
  const answering = createServer(
    { keepAliveTimeout: 120_000, noDelay: true },
    (asked, response) => {
      const chunks = [];
      asked.on('data', (chunk) => chunks.push(chunk));
      asked.on('end', () => {
        const body = Buffer.concat(chunks);
        const [, operation] = (asked.headers['x-amz-target'] ?? '').split('.');
        firstAt[operation] ??= Date.now();
        if (operation === 'AdminCreateUser') send(response, 200, made(JSON.parse(body.toString())));
        else if (people > 0 && operation.startsWith('ListUsers')) {
          send(response, 200, listed(JSON.parse(body.toString())));
        } else forward(asked, body, response);
      });
    },
  );
  await new Promise((resolve) => answering.listen(0, '127.0.0.1', resolve));
  return answering;
}

const pageSize = 60;

/** A page of the people, or the one whose sub a filter names. */
function listed({ Filter, PaginationToken, NextToken }) {
  const [, digits] = /^sub = ".*-(\d{12})"$/.exec(Filter ?? '') ?? [];
  const from = digits === undefined ? Number(PaginationToken ?? NextToken ?? 0) : Number(digits);
  const to = digits === undefined ? Math.min(people, from + pageSize) : from + 1;
  const users = [];
  for (let number = from; number < to; number++) users.push(user(number));
  const next = digits === undefined && to < people ? String(to) : undefined;
  return JSON.stringify({ Users: users, PaginationToken: next, NextToken: next });
}

function user(number) {
  const { username, attributes } = person(number);
  const sub = `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
  return {
    Username: username,
    Attributes: [{ Name: 'sub', Value: sub }, ...attributes],
    UserCreateDate: 1.7e9,
    UserLastModifiedDate: 1.7e9,
    Enabled: true,
    UserStatus: 'CONFIRMED',
  };
}

function made({ Username, UserAttributes = [] }) {
  const number = String(creates++).padStart(12, '0');
  const now = Date.now() / 1_000;
  return JSON.stringify({
    User: {
      Username,
      Attributes: [{ Name: 'sub', Value: `00000000-0000-4000-8000-${number}` }, ...UserAttributes],
      UserCreateDate: now,
      UserLastModifiedDate: now,
      Enabled: true,
      UserStatus: 'FORCE_CHANGE_PASSWORD',
    },
  });
}

function forward({ headers }, body, response) {
  const { 'content-type': type, 'x-amz-target': target, authorization } = headers;
  const asked = request(pool.endpoint, {
    method: 'POST',
    headers: { 'content-type': type, 'x-amz-target': target, authorization },
  });
  asked.on('response', (answer) => {
    void text(answer).then((found) => send(response, answer.statusCode, found));
  });
  asked.end(body);
}

function send(response, status, body) {
  response.writeHead(status, {
    'content-type': 'application/x-amz-json-1.1',
    'content-length': Buffer.byteLength(body),
  });
  response.end(body);
}
