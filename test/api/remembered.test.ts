import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

import { importUsers, loadPreset, resumeRun, writeReport } from '../../src/index.js';
import { fixtures } from '../support/cli.js';
import { openPlace, poolOf } from '../support/place.js';

describe('resume', () => {
  it('goes on with the mapping, the defaults, the country and the preset of the run', async () => {
    const place = await openPlace({ settings: poolOf('plain-username') });
    const preset = await loadPreset('firebase');
    const pool = {
      userPoolId: place.pool.userPoolId,
      region: place.pool.region,
      endpointUrl: place.pool.endpoint,
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    };
    const lines = readFileSync(join(fixtures, 'exports/firebase.csv'), 'utf8');
    const file = await place.write(
      'people.csv',
      lines.replaceAll('+442079460018', '020 7946 0018'),
    );
    const controller = new AbortController();
    const first = await importUsers(
      {
        file,
        pool,
        preset,
        header: preset.header ?? [],
        mapping: { photoUrl: '', createdAt: 'nickname' },
        defaults: { locale: 'en-GB' },
        defaultCountry: 'GB',
        concurrency: 1,
        rate: { UserCreation: 20 },
        reports: place.path('reports'),
        run: 'r',
        signal: controller.signal,
      },
      {
        onResult: () => {
          controller.abort();
        },
      },
    );
    expect(first.summary.outcome).toBe('interrupted');
    const before = place.users().size;
    expect(before).toBeLessThan(6);

    const { summary } = await resumeRun({ run: 'r', reports: place.path('reports'), pool });
    expect(summary.rows.byStatus).toEqual({ created: 6 });
    const users = [...place.users().values()];
    expect(users.map(({ attributes }) => attributes['locale'])).toEqual(users.map(() => 'en-GB'));
    expect(users.map(({ attributes }) => attributes['picture'])).toEqual(
      users.map(() => undefined),
    );
    expect(place.users().get('d9lvt7yzs2bug4fh8ij1mn5op6r4')?.attributes).toEqual({
      email_verified: 'false',
      nickname: '1714885505005',
      phone_number: '+442079460018',
      locale: 'en-GB',
    });
    expect(place.users().get('e0mwu8zat3cvh5gi9jk2no6pq7s5')?.enabled).toBe(false);

    const again = await writeReport({ run: 'r', reports: place.path('reports') });
    expect(again.summary.rows.byStatus).toEqual({ created: 6 });
  });
});
