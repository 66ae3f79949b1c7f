import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { describe, expect, it, onTestFinished } from 'vitest';
import { importUsers } from '../../src/api/import/import-users.js';
import { NO_LIMITS, startLocalPool } from '../../src/local/index.js';
import { temporaryFolder } from '../support/folder.js';

const cellsOf = (path: string): string[][] => parse(readFileSync(path));

describe('an import with generated passwords', () => {
  it('keeps the password of a user whose name another row has as well', async () => {
    const folder = temporaryFolder();
    const file = join(folder, 'users.csv');
    const passwords = join(folder, 'passwords.csv');
    writeFileSync(file, 'username,email\nada,ada@x.org\neve,eve@x.org\nada,ada2@x.org\n');
    const pool = await startLocalPool({ limits: NO_LIMITS });
    onTestFinished(() => pool.close());
    const { summary } = await importUsers({
      file,
      reports: join(folder, 'reports'),
      generatePasswords: passwords,
      passwordMode: 'permanent',
      rate: { UserCreation: 1_000, UserAccountRecovery: 1_000 },
      pool: {
        userPoolId: pool.userPoolId,
        region: pool.region,
        endpointUrl: pool.endpoint,
        credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
      },
    });
    expect(summary.rows.byStatus).toEqual({ created: 2, invalid: 1 });
    const names = cellsOf(passwords).map(([name]) => name);
    expect(names).toEqual(['username', 'ada', 'eve']);
  });
});
