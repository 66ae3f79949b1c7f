import type { PoolDescription } from './description.js';

/** The text is no pool's description. The message says in one sentence which member is wrong. */
export class DescriptionError extends Error {
  override readonly name = 'DescriptionError';
}

/** Reads one member, or throws a `DescriptionError` that begins with `where`. */
type Read = (value: unknown, where: string) => unknown;

/**
 * A pool's description from parsed JSON: what `pool` saves, or what `aws cognito-idp
 * describe-user-pool` prints. Members that nothing here asks about are left out, a client's secret
 * among them.
 * @throws DescriptionError
 */
export function descriptionFrom(json: unknown): PoolDescription {
  const given = asObject(json, 'The description');
  if (isAbsent(given['UserPool'])) {
    throw new DescriptionError(
      'The description has no "UserPool": give what cognito-bulk pool or aws cognito-idp describe-user-pool wrote.',
    );
  }
  return object(description)(given, '') as PoolDescription;
}

const text: Read = (value, where) => {
  if (typeof value === 'string' && value !== '') return value;
  throw new DescriptionError(`${where} must be a text that is not empty.`);
};

/** A text that may be empty, or one whose words AWS may add to. */
const anyText: Read = (value, where) => {
  if (typeof value === 'string') return value;
  throw new DescriptionError(`${where} must be a text.`);
};

const flag: Read = (value, where) => {
  if (typeof value === 'boolean') return value;
  throw new DescriptionError(`${where} must be true or false.`);
};

const number: Read = (value, where) => {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw new DescriptionError(`${where} must be a number.`);
};

/** DescribeUserPool gives bounds as decimal texts. */
const bound: Read = (value, where) => {
  if (typeof value === 'string' && value.trim() !== '' && !Number.isNaN(Number(value)))
    return value;
  throw new DescriptionError(`${where} must be a number written as a text.`);
};

const anything: Read = (value, where) => asObject(value, where);

function oneOf(...allowed: readonly string[]): Read {
  return (value, where) => {
    if (typeof value === 'string' && allowed.includes(value)) return value;
    throw new DescriptionError(`${where} must be one of ${allowed.join(', ')}.`);
  };
}

function list(read: Read): Read {
  return (value, where) => {
    if (!Array.isArray(value)) throw new DescriptionError(`${where} must be a list.`);
    return value.map((item, index) => read(item, `${where}[${index}]`));
  };
}

/** The members named, where they are there. Those whose name ends in `!` must be. */
function object(members: Readonly<Record<string, Read>>): Read {
  return (value, where) => {
    const given = asObject(value, where);
    const prefix = where === '' ? '' : `${where}.`;
    const found: [string, unknown][] = [];
    for (const [key, read] of Object.entries(members)) {
      const name = key.replace('!', '');
      const member = Object.hasOwn(given, name) ? given[name] : undefined;
      // null is how some programs write what is not there.
      if (!isAbsent(member)) found.push([name, read(member, prefix + name)]);
      else if (name !== key) throw new DescriptionError(`${prefix}${name} is missing.`);
    }
    return Object.fromEntries(found);
  };
}

function asObject(value: unknown, where: string): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Readonly<Record<string, unknown>>;
  }
  throw new DescriptionError(`${where} must be a JSON object.`);
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null;
}

const limits: Read = (value, where) =>
  Object.fromEntries(
    Object.entries(asObject(value, where)).map(([category, limit]) => [
      category,
      number(limit, `${where}.${category}`),
    ]),
  );

/** The members of `PoolDescription`, which tells what they are. */
const description: Readonly<Record<string, Read>> = {
  'UserPool!': object({
    'Id!': text,
    Name: anyText,
    SchemaAttributes: list(
      object({
        'Name!': text,
        AttributeDataType: oneOf('String', 'Number', 'DateTime', 'Boolean'),
        Mutable: flag,
        Required: flag,
        DeveloperOnlyAttribute: flag,
        StringAttributeConstraints: object({ MinLength: bound, MaxLength: bound }),
        NumberAttributeConstraints: object({ MinValue: bound, MaxValue: bound }),
      }),
    ),
    Policies: object({
      PasswordPolicy: object({
        MinimumLength: number,
        RequireUppercase: flag,
        RequireLowercase: flag,
        RequireNumbers: flag,
        RequireSymbols: flag,
        PasswordHistorySize: number,
        TemporaryPasswordValidityDays: number,
      }),
      SignInPolicy: object({ AllowedFirstAuthFactors: list(text) }),
    }),
    UsernameAttributes: list(oneOf('email', 'phone_number')),
    AliasAttributes: list(oneOf('email', 'phone_number', 'preferred_username')),
    UsernameConfiguration: object({ CaseSensitive: flag }),
    AutoVerifiedAttributes: list(oneOf('email', 'phone_number')),
    MfaConfiguration: oneOf('OFF', 'ON', 'OPTIONAL'),
    EmailConfiguration: object({
      EmailSendingAccount: oneOf('COGNITO_DEFAULT', 'DEVELOPER'),
      From: anyText,
    }),
    SmsConfigurationFailure: anyText,
    EmailConfigurationFailure: anyText,
    UserAttributeUpdateSettings: object({ AttributesRequireVerificationBeforeUpdate: list(text) }),
    UserPoolTier: anyText,
    EstimatedNumberOfUsers: number,
    LambdaConfig: anything,
  }),
  Groups: list(object({ 'GroupName!': text, Description: anyText, Precedence: number })),
  UserPoolClients: list(
    object({
      'ClientId!': text,
      ClientName: anyText,
      ExplicitAuthFlows: list(text),
      PreventUserExistenceErrors: oneOf('ENABLED', 'LEGACY'),
      ReadAttributes: list(text),
      WriteAttributes: list(text),
      AuthSessionValidity: number,
      HasSecret: flag,
    }),
  ),
  Limits: limits,
};
