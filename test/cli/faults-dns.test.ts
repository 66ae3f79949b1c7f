import { rmSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { describe, expect, it, vi } from 'vitest';

import { fast, openPlace, people, stackTrace, until } from '../support/place.js';
import type { Place } from '../support/place.js';
import { expectStaff, staff } from '../support/truth.js';
import type { Running } from '../support/cli.js';

// Most of the time these wait for each other's clock, not for the processor.
vi.setConfig({ maxConcurrency: 4 });

/** The name of a host that only the file `dns` makes known. */
const host = 'cognito-idp.invalid';

/** Answers for that name as a resolver does, as long as the file is there. */
const resolver = `
import dns from 'node:dns';
import { existsSync } from 'node:fs';
const { lookup } = dns;
dns.lookup = (name, options, done) => {
  if (name !== '${host}') return lookup(name, options, done);
  const answer = typeof options === 'function' ? options : done;
  if (!existsSync('dns')) {
    const error = Object.assign(new Error('getaddrinfo ENOTFOUND ${host}'), { code: 'ENOTFOUND' });
    return process.nextTick(answer, error);
  }
  const address = '127.0.0.1';
  if (options.all) return process.nextTick(answer, null, [{ address, family: 4 }]);
  return process.nextTick(answer, null, address, 4);
};
`;

/** Starts a command for which the pool has that name. */
async function start(place: Place, args: readonly string[]): Promise<Running> {
  const preload = await place.write('resolver.mjs', resolver);
  return place.start(args, {
    env: {
      NODE_OPTIONS: `--import=${pathToFileURL(preload).href}`,
      AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER: place.pool.endpoint.replace('127.0.0.1', host),
    },
  });
}

/** No name is known any more, and no connection of before is left. */
function lose(place: Place): void {
  rmSync(place.path('dns'));
  place.pool.setFaults({ rules: [{ kind: 'reset-before' }] });
}

function find(place: Place): void {
  writeFileSync(place.path('dns'), '');
  place.pool.setFaults({ rules: [] });
}

const slow = ['--rate', 'UserCreation=40,UserList=500', '--concurrency', '4'];

describe.concurrent('a pool whose name is not known', () => {
  it('from the beginning: 2, and says so', async () => {
    const place = await openPlace();
    await place.write('f.csv', people(3));
    const { ended } = await start(place, ['import', 'f.csv', '--run', 'r', ...fast]);
    const { code, stderr } = await ended;
    expect(code, stderr).toBe(2);
    expect(stderr).toMatch('ENOTFOUND');
    expect(stderr).not.toMatch(stackTrace);
    expect([place.pool.userCount, await place.runs()]).toEqual([0, []]);
  });

  it('for a while, midway: the run waits and goes on', async () => {
    const place = await openPlace();
    await place.write('f.csv', staff(80));
    find(place);
    // Its beginning and its end may cost a try each, since others were answered beside them.
    const few = ['--max-attempts', '3'];
    const { ended } = await start(place, ['import', 'f.csv', '--run', 'r', ...slow, ...few]);
    await until(() => place.pool.userCount >= 10);
    lose(place);
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    const meanwhile = place.pool.userCount;
    find(place);
    const { code, stdout, stderr } = await ended;
    expect(code, stdout + stderr).toBe(0);
    expect(meanwhile, 'it was there midway').toBeLessThan(70);
    expectStaff(place, 80);
    expect(place.results().some(({ attempts }) => Number(attempts) > 1)).toBe(true);
  });

  it('until the run ends: 3, and resume does the rest', async () => {
    const place = await openPlace();
    await place.write('f.csv', staff(80));
    find(place);
    const args = ['import', 'f.csv', '--run', 'r', ...slow, '--max-duration', '4s'];
    const { ended } = await start(place, args);
    await until(() => place.pool.userCount >= 10);
    lose(place);
    const { code, stderr } = await ended;
    expect(code, stderr).toBe(3);
    expect(stderr).not.toMatch(stackTrace);
    expect(place.statuses()['not-attempted']).toBeGreaterThan(0);
    find(place);
    const again = await (await start(place, ['resume', 'r', ...fast])).ended;
    expect(again.code, again.stdout + again.stderr).toBe(0);
    expectStaff(place, 80);
    // Beside those whose connection was cut.
    expect(place.calls('AdminCreateUser')).toBeLessThanOrEqual(84);
  });
});
