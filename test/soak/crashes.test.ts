import { expect, inject, it } from 'vitest';

import { fast, openPlace, people, seeded, until, type Place } from '../support/place.js';
import { expectTrueImport, type Wanted } from '../support/truth.js';

const { kills, seed } = inject('soak');
const rowsAtOnce = 6;
/** Deaths of one run, before it may come to its end and another begins. */
const killsOfRun = 10;
const count = 150;

const wanted: readonly Wanted[] = Array.from({ length: count }, (_, index) => {
  const username = `u${String(index + 1).padStart(4, '0')}`;
  const attributes = { email: `${username}@example.com`, given_name: `Given ${index + 1}` };
  return { username, attributes, groups: ['editors', 'staff'], enabled: index % 3 !== 0 };
});

const file = people(count, {
  given_name: (n) => `Given ${n}`,
  groups: () => 'staff;editors',
  enabled: (n) => ((n - 1) % 3 === 0 ? 'false' : ''),
});

/** When a process dies. */
type Moment = 'by the calls' | 'by the clock' | 'in its reports';

/** Starts a process and kills it at its moment, or lets it end where that comes first. */
async function kill(
  place: Place,
  args: readonly string[],
  moment: Moment,
  random: () => number,
): Promise<boolean> {
  const { child, ended } = place.start(args);
  const isOver = (): boolean => child.exitCode !== null || child.signalCode !== null;
  const creates = place.calls('AdminCreateUser') + 1 + Math.floor(random() * 25);
  const pause = Math.floor(random() * (moment === 'by the clock' ? 900 : 15));
  if (moment === 'by the calls')
    await until(() => place.calls('AdminCreateUser') >= creates || isOver());
  if (moment === 'in its reports') await until(() => place.pool.userCount >= count || isOver());
  await new Promise((resolve) => setTimeout(resolve, pause));
  child.kill('SIGKILL');
  return (await ended).code === 'SIGKILL';
}

async function run(
  random: () => number,
  most: number,
): Promise<{ deaths: number; seconds: number }> {
  const began = performance.now();
  const told = new Map<string, number>();
  const place = await openPlace({
    latencyMs: 4,
    local: { DailyEmailLimit: 0, ListDelayMs: 400 },
    onMessage: ({ sub }) => told.set(sub, (told.get(sub) ?? 0) + 1),
  });
  await place.write('f.csv', file);
  const calls = [...fast, '--concurrency', String(rowsAtOnce)];
  let deaths = 0;
  for (let n = 0; deaths < most && n < 3 * most; n++) {
    const isBegun = (await place.runs()).includes('r');
    const args = isBegun ? ['resume', 'r'] : ['import', 'f.csv', '--run', 'r', '--invite', 'email'];
    const isNearEnd = place.pool.userCount >= count - 30;
    const moment = isNearEnd ? 'in its reports' : n % 4 === 3 ? 'by the clock' : 'by the calls';
    if (await kill(place, [...args, ...calls], moment, random)) deaths++;
    // Of a process that died before its journal was begun there is a folder that nothing goes on with.
    else if (isNearEnd && deaths > 0) break;
    await removeUnbegun(place);
  }
  const last = (await place.runs()).includes('r')
    ? await place.run(['resume', 'r', ...calls])
    : await place.import('f.csv', '--invite', 'email', '--concurrency', String(rowsAtOnce));
  expect(last.code, last.stdout + last.stderr).toBe(0);
  expectTrueImport(place, wanted);
  expect(place.statuses()).toEqual({ created: count });
  expect(
    [...told.values()].every((messages) => messages === 1),
    'nobody is told twice',
  ).toBe(true);
  expect(told.size).toBe(count);
  expect(place.calls('AdminCreateUser')).toBeLessThanOrEqual(count + deaths * rowsAtOnce);
  return { deaths, seconds: (performance.now() - began) / 1_000 };
}

/** A run whose journal was not begun sent nothing; its name is free again once its folder is gone. */
async function removeUnbegun(place: Place): Promise<void> {
  if (!(await place.runs()).includes('r')) return;
  const report = await place.run(['report', 'r']);
  if (report.code !== 2) return;
  expect(place.calls('AdminCreateUser'), report.stderr).toBe(0);
  await place.remove('reports', 'r');
}

it(`${kills} kills at random moments: every row once, true, told once`, async () => {
  const random = seeded(seed);
  let deaths = 0;
  let runs = 0;
  let seconds = 0;
  while (deaths < kills) {
    const done = await run(random, Math.min(killsOfRun, kills - deaths));
    expect(done.deaths, 'some die').toBeGreaterThan(0);
    deaths += done.deaths;
    seconds += done.seconds;
    runs++;
  }
  process.stdout.write(
    `crashes: ${deaths} kills in ${runs} runs of ${count} rows, ${seconds.toFixed(0)} s: ` +
      `every row once and true, nobody told twice\n`,
  );
}, 3_600_000);
