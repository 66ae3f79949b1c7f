import type { PoolDescription } from './description.js';
import {
  anything,
  anyText,
  asObject,
  flag,
  isAbsent,
  list,
  number,
  object,
  oneOf,
  ShapeError,
  table,
  text,
} from './json-shape.js';
import type { Read } from './json-shape.js';

/**
 * A pool's description from parsed JSON: what `pool` saves, or what `aws cognito-idp
 * describe-user-pool` prints. Members that nothing here asks about are left out, a client's secret
 * among them.
 * @throws ShapeError
 */
export function descriptionFrom(json: unknown): PoolDescription {
  const given = asObject(json, 'The description');
  if (isAbsent(given['UserPool'])) {
    throw new ShapeError(
      'The description has no "UserPool": give what cognito-bulk pool or aws cognito-idp describe-user-pool wrote.',
    );
  }
  return object(description)(given, '') as PoolDescription;
}

/** DescribeUserPool gives bounds as decimal texts. */
const bound: Read = (value, where) => {
  if (typeof value === 'string' && value.trim() !== '' && !Number.isNaN(Number(value)))
    return value;
  throw new ShapeError(`${where} must be a number written as a text.`);
};

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
  Limits: table(number),
};
