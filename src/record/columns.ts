import { distance } from 'fastest-levenshtein';

import { READ_ONLY_ATTRIBUTES, STANDARD_ATTRIBUTES } from './attribute-names.js';
import type { PoolFacts } from './pool-facts.js';

export type ColumnKind =
  | 'username'
  | 'password'
  /** What a person was sent to prove that an address is theirs; in no report. */
  | 'code'
  | 'groups'
  | 'enabled'
  | 'mfa'
  | 'attribute'
  /** Written by the service alone, such as `sub`: known, and not sent. */
  | 'read-only'
  /** Dropped, and in no report: a password or what one could be found out from. */
  | 'secret'
  /** Dropped by a mapping, or a column of our own reports. */
  | 'ignored';

export interface Column {
  readonly index: number;
  /** As the file has it, without surrounding space. */
  readonly header: string;
  readonly kind: ColumnKind;
  /** Cognito's name; the empty string in a column that is ignored. */
  readonly name: string;
  /** What cells mean, where a preset says so: by the cell in lower case, without surrounding space. */
  readonly values?: ReadonlyMap<string, string>;
  /** What stands between groups in place of `;`. */
  readonly separator?: string;
}

const SPECIAL: ReadonlyMap<string, { kind: ColumnKind; name: string }> = new Map([
  ['username', { kind: 'username', name: 'username' }],
  ['cognito:username', { kind: 'username', name: 'username' }],
  ['password', { kind: 'password', name: 'password' }],
  ['groups', { kind: 'groups', name: 'groups' }],
  ['enabled', { kind: 'enabled', name: 'enabled' }],
  ['cognito:mfa_enabled', { kind: 'mfa', name: 'cognito:mfa_enabled' }],
  ['error_code', { kind: 'ignored', name: '' }],
  ['error_message', { kind: 'ignored', name: '' }],
  ...READ_ONLY_ATTRIBUTES.map((name): [string, { kind: ColumnKind; name: string }] => [
    name,
    { kind: 'read-only', name },
  ]),
]);

/** What people call things, without anything but letters; too far from Cognito's name for a distance. */
const COMMON_NAMES: ReadonlyMap<string, string> = new Map([
  ['firstname', 'given_name'],
  ['forename', 'given_name'],
  ['lastname', 'family_name'],
  ['surname', 'family_name'],
  ['fullname', 'name'],
  ['displayname', 'name'],
  ['mail', 'email'],
  ['emailaddress', 'email'],
  ['phone', 'phone_number'],
  ['mobile', 'phone_number'],
  ['mobilephone', 'phone_number'],
  ['telephone', 'phone_number'],
  ['login', 'username'],
  ['userid', 'username'],
  ['birthday', 'birthdate'],
  ['dateofbirth', 'birthdate'],
  ['dob', 'birthdate'],
  ['timezone', 'zoneinfo'],
  ['language', 'locale'],
  ['sex', 'gender'],
  ['url', 'website'],
  ['photo', 'picture'],
  ['avatar', 'picture'],
  ['roles', 'groups'],
  ['active', 'enabled'],
]);

/** The names that a pool's file can have. */
export interface KnownNames {
  /** @returns undefined where no column is called so. */
  find(name: string): { readonly kind: ColumnKind; readonly name: string } | undefined;
  /** The known name that was probably meant. */
  nearest(name: string): string | undefined;
}

export function knownNames(facts: PoolFacts): KnownNames {
  const attributes = [...new Set([...STANDARD_ATTRIBUTES, ...(facts.schema?.keys() ?? [])])].filter(
    (name) => !READ_ONLY_ATTRIBUTES.includes(name),
  );
  const exact = new Set(attributes);
  const byLowerCase = new Map(attributes.map((name) => [name.toLowerCase(), name]));
  const all = [...attributes, 'username', 'password', 'groups', 'enabled'];
  return {
    find(given) {
      // Two custom attributes may differ in case alone, so the exact name goes first.
      const name = exact.has(given) ? given : byLowerCase.get(given.toLowerCase());
      if (name !== undefined) return { kind: 'attribute', name };
      const special = SPECIAL.get(given.toLowerCase());
      if (special !== undefined) return special;
      // Without a schema nobody can say which custom attributes there are.
      const custom = facts.schema === undefined && /^(?:dev:)?custom:./i.test(given);
      return custom ? { kind: 'attribute', name: withLowerCasePrefix(given) } : undefined;
    },
    nearest(given) {
      const bare = bareLetters(given);
      if (bare === '') return undefined;
      const common = COMMON_NAMES.get(bare);
      if (common !== undefined) return common;
      let best: string | undefined;
      // Two slips, of which a swap of letters is one; one in a short name.
      let least = bare.length > 4 ? 3 : 2;
      for (const name of all) {
        const far = distance(bare, bareLetters(name));
        if (far < least) [best, least] = [name, far];
      }
      return best;
    },
  };
}

function withLowerCasePrefix(name: string): string {
  const colon = name.lastIndexOf(':') + 1;
  return name.slice(0, colon).toLowerCase() + name.slice(colon);
}

function bareLetters(name: string): string {
  const bare = name.toLowerCase().replace(/^(?:dev:)?custom:/, '');
  return bare.replace(/[^\p{L}\p{N}]/gu, '');
}
