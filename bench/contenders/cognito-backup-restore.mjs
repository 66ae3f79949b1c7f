// The npm package, by its own function, from the folder in which it was installed.
//   cognito-backup-restore.mjs ENDPOINT POOL FROM TO 1 PACKAGES
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import process from 'node:process';

import { people } from './shared.mjs';

const [endpoint, pool, , , , packages] = process.argv.slice(2);
const require = createRequire(join(packages, 'package.json'));
const { CognitoIdentityServiceProvider } = require('aws-sdk');
const { restoreUsers } = require('cognito-backup-restore');
const users = [...people()].map(({ username, attributes }) => ({
  Username: username,
  Attributes: attributes,
  Enabled: true,
  UserStatus: 'CONFIRMED',
}));
const file = join(packages, 'users.json');
writeFileSync(file, JSON.stringify(users));
await restoreUsers(new CognitoIdentityServiceProvider({ endpoint }), pool, file);
