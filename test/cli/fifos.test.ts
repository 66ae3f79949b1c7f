import { execFileSync } from 'node:child_process';
import { closeSync, constants, openSync, readdirSync, readlinkSync, writeSync } from 'node:fs';
import process from 'node:process';
import { describe, expect, it, vi } from 'vitest';

import { startProgram } from '../support/cli.js';
import type { Running } from '../support/cli.js';
import { fast, openPlace, people, until } from '../support/place.js';
import type { Place } from '../support/place.js';

// Most of the time these wait for each other's clock, not for the processor.
vi.setConfig({ maxConcurrency: 4 });

/** A place with people in `f.csv` and the FIFO `ff`. */
async function placeWithFifo(): Promise<Place> {
  const place = await openPlace();
  await place.write('f.csv', people(3));
  execFileSync('mkfifo', [place.path('ff')]);
  return place;
}

/** Resolves once a process has the FIFO open, as Linux tells. */
function isReading({ child: { pid } }: Running, fifo: string): Promise<void> {
  const folder = `/proc/${pid ?? 'none'}/fd`;
  const leadsTo = (name: string): string => {
    try {
      return readlinkSync(`${folder}/${name}`);
    } catch {
      return ''; // closed meanwhile
    }
  };
  return until(() => readdirSync(folder).some((name) => leadsTo(name) === fifo));
}

const commands = [
  'import ff --run r',
  'validate ff',
  'validate f.csv --schema ff',
  'sync f.csv --protect ff',
];

describe.runIf(process.platform === 'linux').concurrent('a FIFO', () => {
  it.for(commands)('to which nobody writes is waited for until a signal: %s', async (command) => {
    const place = await placeWithFifo();
    const running = place.start([...command.split(' '), ...fast]);
    await isReading(running, place.path('ff'));
    running.child.kill('SIGTERM');
    const ended = await running.ended;
    expect(ended.code, ended.stderr).toBe(143);
    expect(ended.stderr).toMatch('Ended before anything was sent: SIGTERM ended it.');
    expect([place.pool.userCount, await place.runs()]).toEqual([0, []]);
  });

  it('to which somebody writes no more is let go by a signal, too', async () => {
    const place = await placeWithFifo();
    const running = place.start(['import', 'ff', ...fast]);
    await isReading(running, place.path('ff'));
    const writer = openSync(place.path('ff'), constants.O_WRONLY | constants.O_NONBLOCK);
    writeSync(writer, people(2));
    running.child.kill('SIGINT');
    const ended = await running.ended;
    closeSync(writer);
    expect(ended.code, ended.stderr).toBe(130);
    expect([place.pool.userCount, await place.runs()]).toEqual([0, []]);
  });

  it('is read to its end by whoever came first, also in pieces', async () => {
    const place = await placeWithFifo();
    const running = place.start(['import', 'ff', '--run', 'r', ...fast]);
    await isReading(running, place.path('ff'));
    const rows = people(800);
    const script = 'head -c 10000 "$1"; sleep 0.2; tail -c +10001 "$1"';
    await place.write('rows', rows);
    await startProgram('sh', ['-c', `{ ${script}; } > ff`, 'sh', 'rows'], { cwd: place.folder })
      .ended;
    const ended = await running.ended;
    expect(ended.code, ended.stderr).toBe(0);
    expect(place.statuses()).toEqual({ created: 800 });
  });

  it('whose writer says nothing is an empty file', async () => {
    const place = await placeWithFifo();
    const running = place.start(['import', 'ff', '--run', 'r', ...fast]);
    await isReading(running, place.path('ff'));
    closeSync(openSync(place.path('ff'), constants.O_WRONLY | constants.O_NONBLOCK));
    const ended = await running.ended;
    expect(ended.code, ended.stderr).toBe(2);
    expect(ended.stderr).toMatch('"ff" is empty');
    expect(await place.runs()).toEqual([]);
  });

  it('may hold the people who are protected, or a pool', async () => {
    const place = await placeWithFifo();
    const running = place.start(['sync', 'f.csv', '--protect', 'ff', '--run', 'r', ...fast]);
    await isReading(running, place.path('ff'));
    const writer = openSync(place.path('ff'), constants.O_WRONLY | constants.O_NONBLOCK);
    writeSync(writer, 'boss\n');
    closeSync(writer);
    const ended = await running.ended;
    expect(ended.code, ended.stderr).toBe(0);
    expect(place.statuses()).toEqual({ created: 3 });
  });

  it('is no plan, which is read more than once', async () => {
    const place = await placeWithFifo();
    const ended = await place.run(['apply', 'ff']);
    expect(ended.code, ended.stderr).toBe(2);
    expect(ended.stderr).toMatch(/^cognito-bulk: ff is not a regular file, .*\n$/);
  });
});
