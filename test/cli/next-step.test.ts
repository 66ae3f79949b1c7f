import { describe, expect, it } from 'vitest';

import { fast, openPlace, people } from '../support/place.js';

describe('the end of a run says what to do next', () => {
  it('in an import that can be taken back, and in its undo, where nothing is to be imported', async () => {
    const place = await openPlace();
    await place.write('f.csv', people(3));

    const look = await place.run(['import', 'f.csv', '--dry-run', '--run', 'look']);
    expect(look.stdout).toContain('To do it: the same command without --dry-run');
    expect(look.stdout).not.toContain('rejects.csv');

    const made = await place.import('f.csv');
    expect(made.stdout).toContain('To take it back: cognito-bulk undo reports/r --dry-run');

    place.pool.setFaults({
      rules: [{ kind: 'internal-error', operation: 'AdminDeleteUser', count: 1 }],
    });
    const undone = await place.run(['undo', 'r', '--yes', '--max-attempts', '1', ...fast]);
    expect(undone.stdout).toContain('rejects.csv, the users who are not taken back');
    expect(undone.stdout).not.toContain('import again');
    expect(undone.stdout).not.toContain('To take it back');
  });

  it('in a run that ended early and in one with rows to mend', async () => {
    const place = await openPlace();
    await place.write('f.csv', `${people(3)}u0001,twice@example.com\n`);
    const stopped = await place.import('f.csv', '--invite', 'email', '--invite-limit', '1');
    expect(stopped.stdout).toContain('rejects.csv, the rows that are not fine so far');
    expect(stopped.stdout).toContain('To go on: cognito-bulk resume reports/r');
    const done = await place.resume('--invite-limit', '99');
    expect(done.stdout).toContain('rejects.csv, the rows to mend and import again');
  });
});
