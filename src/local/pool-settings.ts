import { createHash } from 'node:crypto';

import type {
  PasswordPolicy,
  PoolDescription,
  UserPoolClientSettings,
  UserPoolSettings,
} from '../cognito/description.js';
import { poolSchema } from './schema.js';
import type { PoolSchema } from './schema.js';
import type { SeedUser } from './seed-users.js';

/** An app client of a local pool. Unlike the saved description of a live one it may hold secrets. */
export interface LocalClientSettings extends UserPoolClientSettings {
  /** Where HasSecret is true and this is absent, a secret is derived from the pool's and the client's id. */
  readonly ClientSecret?: string;
  /** The other secret of a rotation: a hash made with either is accepted. */
  readonly SecondClientSecret?: string;
}

/** A Lambda trigger of a local pool: it refuses the users whose username matches. */
export interface TriggerSettings {
  /** A regular expression; usernames that match are refused. */
  readonly RefuseUsernames: string;
  /** What the trigger says; it becomes "[trigger] failed with error [text]" [LAMBDA]. */
  readonly Message?: string;
}

/** What only a local pool has. */
export interface LocalBehaviour {
  readonly Triggers?: {
    readonly PreSignUp?: TriggerSettings;
    readonly PreAuthentication?: TriggerSettings;
  };
  /** E-mails a day on the built-in sender; default 50, back at 09:00 UTC. 0 for no limit. */
  readonly DailyEmailLimit?: number;
  /** For how many milliseconds ListUsers and ListUsersInGroup don't show what is new. Default 0. */
  readonly ListDelayMs?: number;
  /** How a pool that ignores case keeps usernames. Default `lower-case`. */
  readonly StoredUsernames?: 'lower-case' | 'as-given';
  /** E-mail addresses and phone numbers that nothing can be delivered to: a regular expression. */
  readonly UndeliverableTo?: string;
  /** Users that are there from the start, made where they are missing. */
  readonly Users?: readonly SeedUser[];
}

/** The settings file of a local pool: what `pool` saves, plus what only a local pool needs. */
export interface LocalPoolSettings extends PoolDescription {
  readonly UserPoolClients?: readonly LocalClientSettings[];
  readonly Local?: LocalBehaviour;
}

/** An app client with what was left out filled in. */
export interface PoolClient {
  readonly settings: LocalClientSettings;
  readonly flows: ReadonlySet<string>;
  /** None, one, or two while a rotation is under way. */
  readonly secrets: readonly string[];
}

/** Settings made ready for use: schema filled in, clients by id, regular expressions compiled. */
export interface PreparedSettings {
  readonly pool: UserPoolSettings;
  readonly region: string;
  readonly schema: PoolSchema;
  readonly caseSensitive: boolean;
  readonly storesLowerCase: boolean;
  /** The kind of pool (cognito-facts, Identity semantics): the attributes that sign in. */
  readonly usernameAttributes: readonly string[];
  readonly aliasAttributes: readonly string[];
  readonly passwordless: boolean;
  readonly clients: ReadonlyMap<string, PoolClient>;
  readonly triggers: ReadonlyMap<string, { readonly refuses: RegExp; readonly message: string }>;
  readonly dailyEmailLimit: number;
  readonly listDelayMs: number;
  readonly undeliverable: RegExp | undefined;
}

/** CreateUserPool's default policy [MODEL]. */
export const DEFAULT_POLICY: PasswordPolicy = {
  MinimumLength: 8,
  RequireUppercase: true,
  RequireLowercase: true,
  RequireNumbers: true,
  RequireSymbols: true,
  TemporaryPasswordValidityDays: 7,
};

/** A pool with plain usernames, all standard attributes, four custom ones and the default policy. */
export function defaultSettings(): LocalPoolSettings {
  return {
    UserPool: {
      Id: 'eu-central-1_LocalPool',
      Name: 'local',
      SchemaAttributes: [
        {
          Name: 'custom:department',
          AttributeDataType: 'String',
          Mutable: true,
          StringAttributeConstraints: { MinLength: '1', MaxLength: '256' },
        },
        {
          Name: 'custom:employee_id',
          AttributeDataType: 'String',
          Mutable: false,
          StringAttributeConstraints: { MinLength: '0', MaxLength: '2048' },
        },
        {
          Name: 'custom:cost_center',
          AttributeDataType: 'Number',
          Mutable: true,
          NumberAttributeConstraints: { MinValue: '0', MaxValue: '999999' },
        },
        { Name: 'custom:newsletter', AttributeDataType: 'Boolean', Mutable: true },
      ],
      Policies: {
        PasswordPolicy: DEFAULT_POLICY,
      },
      UsernameConfiguration: { CaseSensitive: false },
      AutoVerifiedAttributes: [],
      MfaConfiguration: 'OFF',
      EmailConfiguration: { EmailSendingAccount: 'COGNITO_DEFAULT' },
      UserPoolTier: 'ESSENTIALS',
    },
    Groups: ['staff', 'admins', 'editors', 'customers', 'partners', 'teachers', 'students'].map(
      (GroupName, Precedence) => ({ GroupName, Precedence }),
    ),
    UserPoolClients: [
      {
        ClientId: 'localclientwithoutsecret01',
        ClientName: 'public',
        ExplicitAuthFlows: ['ALLOW_ADMIN_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
        PreventUserExistenceErrors: 'ENABLED',
      },
      {
        ClientId: 'localclientwithsecret00001',
        ClientName: 'confidential',
        ExplicitAuthFlows: ['ALLOW_ADMIN_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
        PreventUserExistenceErrors: 'ENABLED',
        HasSecret: true,
      },
    ],
  };
}

export function prepareSettings(settings: LocalPoolSettings): PreparedSettings {
  const { UserPool: pool, Local: local = {} } = settings;
  const caseSensitive = pool.UsernameConfiguration?.CaseSensitive ?? true;
  const factors = pool.Policies?.SignInPolicy?.AllowedFirstAuthFactors ?? [];
  const builtInSender =
    (pool.EmailConfiguration?.EmailSendingAccount ?? 'COGNITO_DEFAULT') === 'COGNITO_DEFAULT';
  // [QUOTAS] 50 e-mails a day on the built-in sender; with SES its own limits apply.
  const dailyEmailLimit = builtInSender ? (local.DailyEmailLimit ?? 50) : 0;
  return {
    pool,
    region: pool.Id.slice(0, pool.Id.indexOf('_')),
    schema: poolSchema(pool.SchemaAttributes ?? []),
    caseSensitive,
    // Whether a pool that ignores case keeps the name as it was given is UNCONFIRMED: lower case is
    // the harder outcome, since the username filter of ListUsers is case-sensitive [MODEL].
    storesLowerCase: !caseSensitive && local.StoredUsernames !== 'as-given',
    usernameAttributes: pool.UsernameAttributes ?? [],
    aliasAttributes: pool.AliasAttributes ?? [],
    // [ADMINCREATE] passwordless factors are the ones that send a one-time code, and passkeys.
    passwordless: factors.some((factor) => factor !== 'PASSWORD'),
    clients: new Map(
      (settings.UserPoolClients ?? []).map((client) => [
        client.ClientId,
        {
          settings: client,
          flows: new Set(client.ExplicitAuthFlows ?? DEFAULT_FLOWS),
          secrets: secretsOf(pool.Id, client),
        },
      ]),
    ),
    triggers: new Map(
      Object.entries(local.Triggers ?? {}).map(([name, trigger]) => [
        name,
        {
          refuses: new RegExp(trigger.RefuseUsernames, 'u'),
          message: trigger.Message ?? 'This username is refused.',
        },
      ]),
    ),
    dailyEmailLimit: dailyEmailLimit === 0 ? Infinity : dailyEmailLimit,
    listDelayMs: local.ListDelayMs ?? 0,
    undeliverable:
      local.UndeliverableTo === undefined ? undefined : new RegExp(local.UndeliverableTo, 'u'),
  };
}

/** [MODEL] a client made without ExplicitAuthFlows can't sign in with a password. */
const DEFAULT_FLOWS: readonly string[] = [
  'ALLOW_REFRESH_TOKEN_AUTH',
  'ALLOW_USER_SRP_AUTH',
  'ALLOW_CUSTOM_AUTH',
];

function secretsOf(poolId: string, client: LocalClientSettings): readonly string[] {
  const { ClientSecret, SecondClientSecret, HasSecret } = client;
  const first = ClientSecret ?? (HasSecret === true ? derived(poolId, client.ClientId) : undefined);
  return [first, SecondClientSecret].filter((secret) => secret !== undefined);
}

/** The same at every start, so that a saved secret keeps working; it guards nothing. */
function derived(poolId: string, clientId: string): string {
  return createHash('sha256').update(`local pool ${poolId} ${clientId}`).digest('hex').slice(0, 51);
}
