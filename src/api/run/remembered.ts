import { resolve } from 'node:path';

import type {
  CallOptions,
  ClientOptions,
  FileOptions,
  PoolOptions,
  RowOptions,
  RunOptions,
  SyncChoices,
} from '../options.js';

/** What `resume` goes on with: all that decides on the rows, and no secret. */
export interface Remembered extends Record<string, unknown> {
  readonly file: Omit<FileOptions, 'file' | 'stdin'>;
  readonly rows: RowOptions;
  readonly clientId?: string;
  /** Of a verification: the address that is verified. */
  readonly attribute?: 'email' | 'phone_number';
  readonly pool: Omit<PoolOptions, 'userPoolId' | 'region' | 'credentials'>;
  /** Of a sync: what made its plan. */
  readonly sync?: Omit<SyncChoices, 'protect' | 'minRows'>;
  /** Invitations of one session, unless another number is given anew. */
  readonly inviteLimit?: number;
  /** Whether report.html masks usernames. */
  readonly mask?: boolean;
  /** Nothing was to be done, only told. */
  readonly dryRun?: true;
}

/** Picks it from the options, each by name: what is not named here is not written to the disk. */
export function rememberedFrom(
  options: Omit<FileOptions, 'file'> &
    RowOptions &
    Pick<CallOptions, 'inviteLimit'> &
    Pick<RunOptions, 'mask'> &
    ClientOptions & { readonly pool: PoolOptions } & Pick<
      Remembered,
      'attribute' | 'sync' | 'dryRun'
    >,
): Remembered {
  const { encoding, delimiter, passwordMode, generatePasswords, invite, onExisting } = options;
  const { verified, groups, createGroups, resend, pool } = options;
  const { s3, header, mapping, defaults, defaultCountry, preset } = options;
  return withoutAbsent({
    file: { s3, encoding, delimiter, header },
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
    sync: options.sync,
    dryRun: options.dryRun,
    inviteLimit: options.inviteLimit,
    mask: options.mask,
    pool: { profile: pool.profile, endpointUrl: pool.endpointUrl },
  });
}

/** As JSON keeps it: absent members are gone, which is what the types say. */
function withoutAbsent(value: object): Remembered {
  return JSON.parse(JSON.stringify(value)) as Remembered;
}
