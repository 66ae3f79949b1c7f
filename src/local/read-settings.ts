import {
  asObject,
  between,
  flag,
  list,
  object,
  oneOf,
  only,
  ShapeError,
  table,
  text,
} from '../cognito/json-shape.js';
import type { JsonObject, Read } from '../cognito/json-shape.js';
import type { LocalPoolSettings } from './pool-settings.js';
import { PUBLISHED_LIMITS } from './quotas.js';
import { check, regExp, textThat } from './read-json.js';
import { STANDARD_NAMES } from './schema.js';
import { seedUserShape } from './seed-users.js';

const POOL_ID = /^[\w-]+_[0-9a-zA-Z]+$/;
const CLIENT_ID = /^[\w+]+$/;
const GROUP_NAME = /^[\p{L}\p{M}\p{S}\p{N}\p{P}]+$/u;

/**
 * Settings from a parsed JSON file: what `pool` saves, or DescribeUserPool's answer, with `Local` beside.
 * Members of the description that a local pool has no use for are let through.
 * @throws LocalPoolError one sentence that names the member.
 */
export function readLocalPoolSettings(json: unknown): LocalPoolSettings {
  check(asObject, json, 'The settings');
  check(settings, json, '');
  return json as LocalPoolSettings;
}

/** Requests a second by category, from an option. Throws a `LocalPoolError`. */
export function readLimits(value: unknown, where: string): void {
  check(limits, value, where);
}

const limits = only(
  Object.fromEntries(Object.keys(PUBLISHED_LIMITS).map((category) => [category, between(0)])),
);

const attribute: Read = (value, where) => {
  const { Name = '', Required } = attributeMembers(value, where) as JsonObject;
  const name = String(Name);
  const custom = name.startsWith('custom:') || name.startsWith('dev:');
  if (!custom && !STANDARD_NAMES.has(name)) {
    throw new ShapeError(
      `${where}.Name "${name}" is not a standard attribute; did you mean "custom:${name}"?`,
    );
  }
  // [ATTR] custom attributes can't be required.
  if (custom && Required === true) {
    throw new ShapeError(`${where}.Required can't be true: custom attributes are never required.`);
  }
  return value;
};

/** DescribeUserPool gives bounds as decimal strings. */
const bounds = table(
  textThat((bound) => !Number.isNaN(Number(bound)), 'be a number written as a text'),
);

const attributeMembers = object({
  'Name!': text,
  AttributeDataType: oneOf('String', 'Number', 'DateTime', 'Boolean'),
  Mutable: flag,
  Required: flag,
  StringAttributeConstraints: bounds,
  NumberAttributeConstraints: bounds,
});

const policies = object({
  // [MODEL] the bounds of the policy.
  PasswordPolicy: object({
    MinimumLength: between(6, 99),
    PasswordHistorySize: between(0, 24),
    TemporaryPasswordValidityDays: between(0, 365),
    RequireUppercase: flag,
    RequireLowercase: flag,
    RequireNumbers: flag,
    RequireSymbols: flag,
  }),
  SignInPolicy: object({
    AllowedFirstAuthFactors: list(oneOf('PASSWORD', 'EMAIL_OTP', 'SMS_OTP', 'WEB_AUTHN')),
  }),
});

const poolMembers = object({
  'Id!': textThat((id) => id.length <= 55 && POOL_ID.test(id), 'look like eu-central-1_AbCdEf123'),
  SchemaAttributes: list(attribute),
  Policies: policies,
  UsernameAttributes: list(oneOf('email', 'phone_number')),
  AutoVerifiedAttributes: list(oneOf('email', 'phone_number')),
  AliasAttributes: list(oneOf('email', 'phone_number', 'preferred_username')),
  UsernameConfiguration: object({ CaseSensitive: flag }),
  MfaConfiguration: oneOf('OFF', 'ON', 'OPTIONAL'),
  EmailConfiguration: object({ EmailSendingAccount: oneOf('COGNITO_DEFAULT', 'DEVELOPER') }),
});

const pool: Read = (value, where) => {
  const { UsernameAttributes, AliasAttributes } = poolMembers(value, where) as JsonObject;
  // [MODEL] a pool signs in with attributes in place of a username, or beside it, never both.
  if (isFilled(UsernameAttributes) && isFilled(AliasAttributes)) {
    throw new ShapeError(`${where} can have UsernameAttributes or AliasAttributes, not both.`);
  }
  return value;
};

function isFilled(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0;
}

const groupList = list(
  object({
    'GroupName!': textThat(
      (name) => name.length <= 128 && GROUP_NAME.test(name),
      'be 1 to 128 characters without blanks',
    ),
  }),
);

const groups: Read = (value, where) => {
  const names = (groupList(value, where) as { GroupName: string }[]).map((it) => it.GroupName);
  const twice = names.findIndex((name, index) => names.indexOf(name) < index);
  if (twice < 0) return value;
  throw new ShapeError(`${where}[${twice}].GroupName "${names[twice] ?? ''}" is there twice.`);
};

const flows: Read = (value, where) => {
  const names = list(text)(value, where) as string[];
  // [MODEL] the names from before ALLOW_ can't be mixed with the new ones.
  const modern = names.filter((flow) => flow.startsWith('ALLOW_')).length;
  if (modern === 0 || modern === names.length) return value;
  throw new ShapeError(`${where} mixes ALLOW_ names with names without it.`);
};

const client = object({
  'ClientId!': textThat((id) => CLIENT_ID.test(id), 'be letters, digits, _ and + only'),
  HasSecret: flag,
  ClientSecret: text,
  SecondClientSecret: text,
  AuthSessionValidity: between(3, 15),
  PreventUserExistenceErrors: oneOf('ENABLED', 'LEGACY'),
  ExplicitAuthFlows: flows,
  ReadAttributes: list(text),
  WriteAttributes: list(text),
});

const trigger = only({ 'RefuseUsernames!': regExp, Message: text });

const local = only({
  Triggers: only({ PreSignUp: trigger, PreAuthentication: trigger }),
  DailyEmailLimit: between(0),
  ListDelayMs: between(0),
  StoredUsernames: oneOf('lower-case', 'as-given'),
  UndeliverableTo: regExp,
  Users: list(seedUserShape),
});

const settings = object({
  'UserPool!': pool,
  Groups: groups,
  UserPoolClients: list(client),
  Limits: limits,
  Local: local,
});
