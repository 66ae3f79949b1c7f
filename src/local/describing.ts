import { invalidParameter, notFound } from './errors.js';
import { pageOf, readToken, tokenAt } from './paging.js';
import type { Pool } from './pool.js';
import { ADJUSTABLE, PUBLISHED_LIMITS } from './quotas.js';

interface PoolInput {
  readonly UserPoolId: string;
}

export function describeUserPool(pool: Pool, input: PoolInput): object {
  pool.check(input.UserPoolId);
  const { pool: settings, schema, caseSensitive } = pool.settings;
  const triggers: [string, string][] = [...pool.settings.triggers.keys()].map((name) => [
    name,
    `arn:aws:lambda:${pool.settings.region}:000000000000:function:${name}`,
  ]);
  return {
    UserPool: {
      MfaConfiguration: 'OFF',
      EmailConfiguration: { EmailSendingAccount: 'COGNITO_DEFAULT' },
      ...settings,
      // A saved description has these as texts, which no client could read.
      CreationDate: undefined,
      LastModifiedDate: undefined,
      Policies: { ...settings.Policies, PasswordPolicy: pool.policy },
      SchemaAttributes: schema.attributes,
      UsernameConfiguration: { CaseSensitive: caseSensitive },
      LambdaConfig: { ...Object.fromEntries(triggers), ...settings.LambdaConfig },
      EstimatedNumberOfUsers: pool.users.size,
      Arn: `arn:aws:cognito-idp:${pool.settings.region}:000000000000:userpool/${settings.Id}`,
    },
  };
}

export function getUserPoolMfaConfig(pool: Pool, input: PoolInput): object {
  pool.check(input.UserPoolId);
  const MfaConfiguration = pool.settings.pool.MfaConfiguration ?? 'OFF';
  return {
    MfaConfiguration,
    ...(MfaConfiguration !== 'OFF' && { SoftwareTokenMfaConfiguration: { Enabled: true } }),
  };
}

/** [IMPORT] the header of the service's own CSV import: the username, every attribute, two more. */
export function getCsvHeader(pool: Pool, input: PoolInput): object {
  pool.check(input.UserPoolId);
  const names = pool.settings.schema.attributes
    .map(({ Name }) => Name)
    .filter((name) => name !== 'sub' && name !== 'identities');
  return {
    UserPoolId: input.UserPoolId,
    CSVHeader: ['cognito:username', ...names, 'cognito:mfa_enabled'],
  };
}

interface ClientInput extends PoolInput {
  readonly ClientId: string;
}

export function describeUserPoolClient(pool: Pool, input: ClientInput): object {
  pool.check(input.UserPoolId);
  const { settings, flows, secrets } = pool.client(input.ClientId);
  return {
    UserPoolClient: {
      UserPoolId: input.UserPoolId,
      ClientId: settings.ClientId,
      ClientName: settings.ClientName ?? settings.ClientId,
      ExplicitAuthFlows: [...flows],
      AuthSessionValidity: settings.AuthSessionValidity ?? 3,
      PreventUserExistenceErrors: settings.PreventUserExistenceErrors ?? 'LEGACY',
      // [MODEL] both are returned only where they were customised.
      ...(settings.ReadAttributes !== undefined && { ReadAttributes: settings.ReadAttributes }),
      ...(settings.WriteAttributes !== undefined && { WriteAttributes: settings.WriteAttributes }),
      ...(secrets[0] !== undefined && { ClientSecret: secrets[0] }),
    },
  };
}

interface ListClientsInput extends PoolInput {
  readonly MaxResults?: number;
  readonly NextToken?: string;
}

export function listUserPoolClients(pool: Pool, input: ListClientsInput): object {
  pool.check(input.UserPoolId);
  const clients = [...pool.settings.clients.values()];
  const start = readToken(input.NextToken);
  const next = start + pageOf(input.MaxResults);
  return {
    UserPoolClients: clients.slice(start, next).map(({ settings }) => ({
      ClientId: settings.ClientId,
      UserPoolId: input.UserPoolId,
      ClientName: settings.ClientName ?? settings.ClientId,
    })),
    ...(next < clients.length && { NextToken: tokenAt(next) }),
  };
}

/** The two secrets of a rotation, without their values: the service shows a value only when it is made. */
export function listUserPoolClientSecrets(pool: Pool, input: ClientInput): object {
  pool.check(input.UserPoolId);
  const { secrets, settings } = pool.client(input.ClientId);
  return {
    ClientSecrets: secrets.map((_secret, index) => ({
      ClientSecretId: `${settings.ClientId}--${index + 1}`,
      ClientSecretCreateDate: 0,
    })),
  };
}

interface LimitInput {
  readonly LimitDefinition: {
    readonly LimitClass: string;
    readonly Attributes?: Readonly<Record<string, string>>;
  };
}

/** [QUOTAS] the limit in force for a category that can be raised. */
export function getProvisionedLimit(pool: Pool, input: LimitInput): object {
  const category = input.LimitDefinition.Attributes?.['Category'];
  if (category === undefined) throw invalidParameter('LimitDefinition has no Category.');
  if (!ADJUSTABLE.has(category)) throw notFound(`No provisioned limit for ${category}.`);
  // A category without a quota has to say something: the largest that a client can pace by.
  const inForce = pool.parts.quotas.limit(category);
  return {
    Limit: {
      LimitDefinition: input.LimitDefinition,
      ProvisionedLimitValue: inForce === 0 ? UNLIMITED : inForce,
      FreeLimitValue: PUBLISHED_LIMITS[category],
    },
  };
}

const UNLIMITED = 1_000_000;
