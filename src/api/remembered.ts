import { resolve } from 'node:path';

import type { ClientOptions, FileOptions, PoolOptions, RowOptions } from './options.js';

/** What `resume` goes on with: all that decides on the rows, and no secret. */
export interface Remembered extends Record<string, unknown> {
  readonly file: Omit<FileOptions, 'file' | 'stdin'>;
  readonly rows: RowOptions;
  readonly clientId?: string;
  /** Of a verification: the address that is verified. */
  readonly attribute?: 'email' | 'phone_number';
  readonly pool: Omit<PoolOptions, 'userPoolId' | 'region' | 'credentials'>;
}

/** Picks it from the options, each by name: what is not named here is not written to the disk. */
export function rememberedFrom(
  options: Omit<FileOptions, 'file'> &
    RowOptions &
    ClientOptions & { readonly pool: PoolOptions } & Pick<Remembered, 'attribute'>,
): Remembered {
  const { encoding, delimiter, passwordMode, generatePasswords, invite, onExisting } = options;
  const { verified, groups, createGroups, resend, pool } = options;
  const { header, mapping, defaults, defaultCountry, preset } = options;
  return withoutAbsent({
    file: { encoding, delimiter, header },
    rows: {
      mapping,
      defaults,
      defaultCountry,
      preset,
      passwordMode,
      generatePasswords: generatePasswords && resolve(generatePasswords),
      invite,
      onExisting,
      verified,
      groups,
      createGroups,
      resend,
    },
    clientId: options.clientId,
    attribute: options.attribute,
    pool: { profile: pool.profile, endpointUrl: pool.endpointUrl },
  });
}

/** As JSON keeps it: absent members are gone, which is what the types say. */
function withoutAbsent(value: object): Remembered {
  return JSON.parse(JSON.stringify(value)) as Remembered;
}
