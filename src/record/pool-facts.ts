import type { PasswordPolicy, PoolDescription, SchemaAttribute } from '../cognito/description.js';
import { READ_ONLY_ATTRIBUTES } from './attribute-names.js';

export type Address = 'email' | 'phone_number';

/** A pool's description as the rules ask about it. */
export interface PoolFacts {
  /** False where no pool is known, so that only what holds in every pool can be checked. */
  readonly known: boolean;
  /** What people sign in with in place of a username (UsernameAttributes). */
  readonly signInWith: readonly Address[];
  /** What people can sign in with beside their username (AliasAttributes). */
  readonly aliases: readonly string[];
  readonly caseSensitive: boolean;
  /** By name; undefined where the description has none. */
  readonly schema: ReadonlyMap<string, SchemaAttribute> | undefined;
  readonly required: readonly SchemaAttribute[];
  readonly passwordPolicy: PasswordPolicy;
  /** What a one-time code can be sent to in a passwordless pool, else empty. */
  readonly oneTimeCodes: readonly Address[];
  /** The names of the groups; undefined where they were not read. */
  readonly groups: ReadonlySet<string> | undefined;
}

const ADDRESSES: readonly Address[] = ['email', 'phone_number'];

export function poolFacts(pool: PoolDescription | undefined): PoolFacts {
  const settings = pool?.UserPool;
  const schema = settings?.SchemaAttributes;
  const factors = settings?.Policies?.SignInPolicy?.AllowedFirstAuthFactors ?? [];
  return {
    known: settings !== undefined,
    signInWith: ADDRESSES.filter((name) => settings?.UsernameAttributes?.includes(name)),
    aliases: settings?.AliasAttributes ?? [],
    // CreateUserPool's own default; a pool made in the console says false.
    caseSensitive: settings?.UsernameConfiguration?.CaseSensitive ?? true,
    schema: schema && new Map(schema.map((attribute) => [attribute.Name, attribute])),
    // DescribeUserPool calls `sub` required; it is the service that fills it in.
    required: (schema ?? []).filter(
      ({ Name, Required }) => Required === true && !READ_ONLY_ATTRIBUTES.includes(Name),
    ),
    passwordPolicy: settings?.Policies?.PasswordPolicy ?? {},
    oneTimeCodes: ADDRESSES.filter((name) =>
      factors.includes(name === 'email' ? 'EMAIL_OTP' : 'SMS_OTP'),
    ),
    groups: pool?.Groups && new Set(pool.Groups.map(({ GroupName }) => GroupName)),
  };
}
