import type { FileOptions, RowOptions } from '../../api/options.js';
import type { Given } from '../options.js';
import { UsageError } from '../usage-error.js';
import { columnsFrom } from './columns.js';
import { fileFrom } from './file.js';
import { listFrom } from './list.js';
import { onlyGiven } from './only-given.js';

/** The people of a file, and what is to become of each; throws a `UsageError`. */
export async function peopleFrom(
  given: Given<'file' | 'rows'> & Partial<Given<'pool'>> & { readonly file: string },
): Promise<FileOptions & RowOptions> {
  return { ...fileFrom(given), ...(await columnsFrom(given)), ...rowsFrom(given) };
}

function rowsFrom(given: Given<'rows'>): RowOptions {
  return onlyGiven({
    passwordMode: given['password-mode'],
    generatePasswords: given['generate-passwords'],
    invite: given.invite,
    verified: listFrom(given.verified, '--verified').map(addressName),
    groups: listFrom(given.groups, '--groups'),
    createGroups: given['create-groups'],
  });
}

function addressName(name: string): 'email' | 'phone_number' {
  if (name === 'email' || name === 'phone_number') return name;
  throw new UsageError(`--verified takes email and phone_number, not "${name}".`);
}
