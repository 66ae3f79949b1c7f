import { mkdirSync, rmSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';

import { fast, openPlace, people, stackTrace, until } from '../support/place.js';

// Most of the time these wait for each other's clock, not for the processor.
vi.setConfig({ maxConcurrency: 4 });

describe.concurrent('reports that can not be written', () => {
  it('for a file where their folder should be: 2, and nothing is sent', async () => {
    const place = await openPlace();
    await place.write('f.csv', people(3));
    await place.write('reports', 'mine');
    const ended = await place.import('f.csv');
    expect(ended.code, ended.stdout).toBe(2);
    expect(ended.stderr).toMatch(/No run can be kept under reports \(\w+\): .*--reports/);
    expect(ended.stderr).not.toMatch(stackTrace);
    expect(place.calls('AdminCreateUser')).toBe(0);
    await place.remove('reports');
    expect((await place.import('f.csv')).code).toBe(0);
  });

  // A folder is in the way of everybody; what a mode forbids, root may do.
  it.for(['results.csv', 'summary.json'])(
    'for a folder where %s should be: 3, and resume writes them once it is away',
    async (name) => {
      const place = await openPlace({ latencyMs: 20 });
      await place.write('f.csv', people(40));
      const { ended } = place.start(['import', 'f.csv', '--run', 'r', ...fast]);
      await until(() => place.pool.userCount >= 1);
      mkdirSync(place.path('reports', 'r', name, 'in the way'), { recursive: true });
      const { code, stderr } = await ended;
      expect(code, stderr).toBe(3);
      expect(stderr).toMatch(/The reports in .*reports\/r can't be written \(\w+\)/);
      expect(stderr).not.toMatch('This was not expected');
      expect(stderr).not.toMatch(stackTrace);
      rmSync(place.path('reports', 'r', name), { recursive: true });
      const again = await place.resume();
      expect(again.code, again.stdout + again.stderr).toBe(0);
      expect(place.statuses()).toEqual({ created: 40 });
      expect(place.summary()).toMatchObject({ outcome: 'complete', exitCode: 0 });
      expect(place.calls('AdminCreateUser')).toBe(40);
    },
  );
});
