import { describe, expect, it } from 'vitest';

import { fast, openPlace, people } from '../support/place.js';

describe.concurrent('report.html', () => {
  it('is made by a run, masked where that is asked for, and made again by report', async () => {
    const place = await openPlace();
    await place.write('users.csv', `${people(3)}bad name,bad@example.com\n`);
    expect((await place.import('users.csv', '--mask')).code).toBe(1);
    const page = place.text('report.html');
    expect(page).toContain('3 of 4 people were created and 1 row is not fine.');
    expect(page).toContain('invalid-username');
    expect(page).toContain('AdminCreateUser');
    expect(page).not.toMatch(/u0001|bad name/);
    expect(place.text('results.csv')).toContain('u0001');
    expect(place.mode('reports', 'r', 'report.html')).toBe('600');

    expect((await place.run(['report', 'r'])).code).toBe(0);
    expect(place.text('report.html')).toBe(page);
    expect((await place.run(['report', 'r', '--no-mask'])).code).toBe(0);
    expect(place.text('report.html')).toContain('u0001');
    expect((await place.run(['report', 'r', '--mask'])).code).toBe(0);
    expect(place.text('report.html')).not.toContain('u0001');
  });

  it('is masked too where a masked run is resumed', async () => {
    const place = await openPlace();
    await place.write('users.csv', people(3));
    const limit = ['--invite', 'email', '--invite-limit', '1'];
    expect((await place.import('users.csv', '--mask', ...limit)).code).toBe(3);
    expect(place.text('report.html')).toContain('To go on: cognito-bulk resume r');
    expect((await place.resume('--invite-limit', '99')).code).toBe(0);
    expect(place.text('report.html')).toContain('all 3 people were created.');
    expect(place.text('report.html')).not.toMatch(/u00\d\d/);
  });

  it('is made by a dry run and by a validation', async () => {
    const place = await openPlace();
    await place.write('users.csv', people(2));
    await place.run(['import', 'users.csv', '--run', 'dry', '--dry-run', ...fast]);
    expect(place.text('report.html', 'dry')).toContain('all 2 people would be created.');
    await place.run(['validate', 'users.csv', '--run', 'check', '--mask']);
    expect(place.text('report.html', 'check')).toContain('all 2 rows are valid.');
    expect(place.text('report.html', 'check')).not.toContain('u0001');
  });
});
