import { readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, inject, it } from 'vitest';

import type { Running } from '../support/cli.js';
import { fast, openPlace, people, seeded, until, type Place } from '../support/place.js';
import { preloading } from '../support/preload.js';
import { lives, type Life } from './lives.js';

const { kills, seed } = inject('soak');
const rowsAtOnce = 6;
/** Deaths of one run, before it may come to its end and another begins. */
const killsOfRun = kills < 20 ? 3 : 10;
const calls = [...fast, '--concurrency', String(rowsAtOnce)];

/** When a process dies. */
type Moment = 'by the calls' | 'by the clock' | 'in its reports';

/** Where processes died. */
interface Deaths {
  all: number;
  inResume: number;
  /** Of a process that went on where another one had died. */
  inARow: number;
  /** With a report beside its name, not yet in its place. */
  inReports: number;
}

const noDeaths: Deaths = { all: 0, inResume: 0, inARow: 0, inReports: 0 };

/** One run of a life, and the processes that die at it. */
class Mortal {
  readonly deaths = { ...noDeaths };
  readonly place: Place;
  readonly #life: Life;
  readonly #random: () => number;
  /** Calls that changed somebody before the run. */
  readonly #before: number;

  private constructor(place: Place, life: Life, random: () => number) {
    this.place = place;
    this.#life = life;
    this.#random = random;
    this.#before = this.changes;
  }

  static async begin(life: Life, random: () => number): Promise<Mortal> {
    const place = await openPlace({
      latencyMs: 4,
      local: { DailyEmailLimit: 0, ListDelayMs: 400, ...life.local },
    });
    await life.prepare(place);
    return new Mortal(place, life, random);
  }

  /** Calls that change somebody. */
  get changes(): number {
    const all = this.#life.operations.map((operation) => this.place.calls(operation));
    return all.reduce((sum, count) => sum + count, 0);
  }

  /** Lets processes die until so many did. */
  async die(most: number): Promise<void> {
    let isAfterDeath = false;
    for (let n = 0; this.deaths.all < most && n < 3 * most; n++) {
      const run = await this.#run();
      const isLate = this.deaths.all >= most - 2;
      const moment = isLate ? 'in its reports' : n % 4 === 3 ? 'by the clock' : 'by the calls';
      const hasDied = await this.#kill(run, moment);
      if (hasDied) {
        this.deaths.all++;
        if (run !== undefined) this.deaths.inResume++;
        if (run !== undefined && isAfterDeath) this.deaths.inARow++;
        if ((await this.#parts()).length > 0) this.deaths.inReports++;
      }
      isAfterDeath = hasDied;
      await this.#removeUnbegun();
    }
  }

  /** Goes on to the end, and holds what is reported against the pool. */
  async end(): Promise<void> {
    const { code, stdout, stderr } = await this.place.start(this.#args(await this.#run())).ended;
    expect(code, stdout + stderr).toBe(0);
    const run = await this.#run();
    if (run === undefined) throw new Error('a run that ended has its folder');
    await this.#life.hold(this.place, run);
    expect(await this.#parts(), 'nothing half-written is left').toEqual([]);
    expect(
      this.changes - this.#before,
      'no more was sent again than was under way',
    ).toBeLessThanOrEqual(this.#life.changes + this.deaths.all * rowsAtOnce);
  }

  /** What the folder of the run is called, once there is one. */
  async #run(): Promise<string | undefined> {
    return (await this.place.runs()).find((name) => name !== 'before');
  }

  #args(run: string | undefined): readonly string[] {
    return [...(run === undefined ? this.#life.args : ['resume', run]), ...calls];
  }

  /** Starts a process and kills it at its moment, or lets it end where that comes first. */
  async #kill(run: string | undefined, moment: Moment): Promise<boolean> {
    const { child, ended } = this.place.start(this.#args(run));
    const isOver = (): boolean => child.exitCode !== null || child.signalCode !== null;
    const changes = this.changes + 1 + Math.floor(this.#random() * 25);
    if (moment === 'by the calls') await until(() => this.changes >= changes || isOver());
    if (moment === 'in its reports') {
      while (!isOver() && (await this.#parts()).length === 0) await sleep(1);
    } else {
      await sleep(Math.floor(this.#random() * (moment === 'by the clock' ? 900 : 15)));
    }
    child.kill('SIGKILL');
    return (await ended).code === 'SIGKILL';
  }

  /** Reports that are being written, or were when a process died. */
  async #parts(): Promise<string[]> {
    const run = await this.#run();
    if (run === undefined) return [];
    return readdirSync(this.place.path('reports', run)).filter((name) => name.endsWith('.part'));
  }

  /** A run whose journal was not begun sent nothing; its name is free again once its folder is gone. */
  async #removeUnbegun(): Promise<void> {
    const run = await this.#run();
    if (run === undefined || this.changes > this.#before) return;
    const report = await this.place.start(['report', run]).ended;
    if (report.code !== 2) return;
    await this.place.remove('reports', run);
    if (this.#life.makes !== undefined) await this.place.remove(this.#life.makes);
  }
}

it(`${kills} kills at random moments: every row once, true, told once`, async () => {
  const random = seeded(seed);
  const deaths = { ...noDeaths };
  const began = performance.now();
  let runs = 0;
  while (deaths.all < kills) {
    const life = lives[runs % lives.length];
    if (!life) throw new Error('there are lives');
    const mortal = await Mortal.begin(life, random);
    await mortal.die(Math.min(killsOfRun, kills - deaths.all));
    await mortal.end();
    expect(mortal.deaths.all, `some die in ${life.name}`).toBeGreaterThan(0);
    for (const what of Object.keys(deaths) as (keyof Deaths)[]) deaths[what] += mortal.deaths[what];
    runs++;
  }
  if (kills >= 20) {
    expect(deaths.inResume, 'some resumes were killed').toBeGreaterThan(0);
    expect(deaths.inARow, 'some died one after the other').toBeGreaterThan(0);
    expect(deaths.inReports, 'some died while they wrote a report').toBeGreaterThan(0);
  }
  process.stdout.write(
    `crashes: ${deaths.all} kills in ${runs} runs, ${((performance.now() - began) / 1_000).toFixed(0)} s: ` +
      `${deaths.inResume} of a resume, ${deaths.inARow} in a row, ${deaths.inReports} in a report; ` +
      `every row once and true, nobody told twice\n`,
  );
}, 3_600_000);

it('kills while each report is written, three in a row, cost nothing but another resume', async () => {
  const place = await openPlace();
  await place.write('f.csv', people(30, { groups: () => 'staff' }));
  /** Starts a process that comes to a halt beside the place of a report, and kills it there. */
  const killBeside = async (report: string, args: readonly string[]): Promise<void> => {
    const held: Running = place.start([...args, ...calls], {
      env: preloading('held-reports', { HELD_REPORT: report }),
    });
    await held.said(`held before`);
    held.child.kill('SIGKILL');
    expect((await held.ended).code).toBe('SIGKILL');
    expect(readdirSync(place.path('reports/r'))).toContain(`${report}.part`);
  };
  await killBeside('results.csv', ['import', 'f.csv', '--run', 'r']);
  await killBeside('summary.json', ['resume', 'r']);
  await killBeside('report.html', ['resume', 'r']);
  const { code, stdout, stderr } = await place.start(['resume', 'r', ...calls]).ended;
  expect(code, stdout + stderr).toBe(0);
  expect(place.statuses()).toEqual({ created: 30 });
  expect(place.summary()).toMatchObject({ outcome: 'complete', exitCode: 0 });
  expect(readdirSync(place.path('reports/r')).filter((name) => name.endsWith('.part'))).toEqual([]);
  expect(place.calls('AdminCreateUser')).toBe(30);
});
