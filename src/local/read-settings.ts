import { LocalPoolError } from './errors.js';
import {
  asBoolean,
  asList,
  asNumber,
  asObject,
  asOneOf,
  asRegExp,
  asText,
  onlyKnown,
} from './json-shape.js';
import type { LocalPoolSettings } from './pool-settings.js';
import { PUBLISHED_LIMITS } from './quotas.js';
import { STANDARD_NAMES } from './schema.js';
import { readSeedUsers } from './seed-users.js';

const POOL_ID = /^[\w-]+_[0-9a-zA-Z]+$/;
const CLIENT_ID = /^[\w+]+$/;
const GROUP_NAME = /^[\p{L}\p{M}\p{S}\p{N}\p{P}]+$/u;
const SIGN_IN_NAMES = ['email', 'phone_number'];

/**
 * Settings from a parsed JSON file: what `pool` saves, or DescribeUserPool's answer, with `Local` beside.
 * Members of the description that a local pool has no use for are let through.
 * @throws LocalPoolError one sentence that names the member.
 */
export function readLocalPoolSettings(json: unknown): LocalPoolSettings {
  const settings = asObject(json, 'The settings');
  readPool(asObject(settings['UserPool'], 'UserPool'));
  optional(settings['Groups'], 'Groups', readGroups);
  optional(settings['UserPoolClients'], 'UserPoolClients', readClients);
  optional(settings['Limits'], 'Limits', readLimits);
  optional(settings['Local'], 'Local', readLocal);
  return json as LocalPoolSettings;
}

/** Requests a second by category, from a parsed file or an option. */
export function readLimits(value: unknown, where: string): void {
  for (const [category, limit] of Object.entries(asObject(value, where))) {
    if (!Object.hasOwn(PUBLISHED_LIMITS, category)) {
      const known = Object.keys(PUBLISHED_LIMITS).join(', ');
      throw new LocalPoolError(`${where} has no category "${category}"; it knows ${known}.`);
    }
    asNumber(limit, `${where}.${category}`, 0);
  }
}

function optional(value: unknown, where: string, read: (value: unknown, where: string) => void) {
  if (value !== undefined && value !== null) read(value, where);
}

function each(value: unknown, where: string, read: (item: unknown, where: string) => void): void {
  asList(value, where).forEach((item, index) => {
    read(item, `${where}[${index}]`);
  });
}

function readPool(pool: Readonly<Record<string, unknown>>): void {
  const id = asText(pool['Id'], 'UserPool.Id');
  if (id.length > 55 || !POOL_ID.test(id)) {
    throw new LocalPoolError('UserPool.Id must look like eu-central-1_AbCdEf123.');
  }
  optional(pool['SchemaAttributes'], 'UserPool.SchemaAttributes', (list, where) => {
    each(list, where, readAttribute);
  });
  optional(pool['Policies'], 'UserPool.Policies', readPolicies);
  for (const member of ['UsernameAttributes', 'AutoVerifiedAttributes']) {
    optional(pool[member], `UserPool.${member}`, (list, where) => {
      each(list, where, (name, at) => asOneOf(name, at, SIGN_IN_NAMES));
    });
  }
  optional(pool['AliasAttributes'], 'UserPool.AliasAttributes', (list, where) => {
    each(list, where, (name, at) => asOneOf(name, at, [...SIGN_IN_NAMES, 'preferred_username']));
  });
  // [MODEL] a pool signs in with attributes in place of a username, or beside it, never both.
  if (isFilled(pool['UsernameAttributes']) && isFilled(pool['AliasAttributes'])) {
    throw new LocalPoolError('UserPool can have UsernameAttributes or AliasAttributes, not both.');
  }
  optional(pool['UsernameConfiguration'], 'UserPool.UsernameConfiguration', (value, where) => {
    optional(asObject(value, where)['CaseSensitive'], `${where}.CaseSensitive`, asBoolean);
  });
  optional(pool['MfaConfiguration'], 'UserPool.MfaConfiguration', (value, where) => {
    asOneOf(value, where, ['OFF', 'ON', 'OPTIONAL']);
  });
  optional(pool['EmailConfiguration'], 'UserPool.EmailConfiguration', (value, where) => {
    optional(
      asObject(value, where)['EmailSendingAccount'],
      `${where}.EmailSendingAccount`,
      (account, at) => asOneOf(account, at, ['COGNITO_DEFAULT', 'DEVELOPER']),
    );
  });
}

function isFilled(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0;
}

function readAttribute(value: unknown, where: string): void {
  const attribute = asObject(value, where);
  const name = asText(attribute['Name'], `${where}.Name`);
  const custom = name.startsWith('custom:') || name.startsWith('dev:');
  if (!custom && !STANDARD_NAMES.has(name)) {
    throw new LocalPoolError(
      `${where}.Name "${name}" is not a standard attribute; did you mean "custom:${name}"?`,
    );
  }
  optional(attribute['AttributeDataType'], `${where}.AttributeDataType`, (type, at) => {
    asOneOf(type, at, ['String', 'Number', 'DateTime', 'Boolean']);
  });
  optional(attribute['Mutable'], `${where}.Mutable`, asBoolean);
  optional(attribute['Required'], `${where}.Required`, asBoolean);
  if (custom && attribute['Required'] === true) {
    // [ATTR] custom attributes can't be required.
    throw new LocalPoolError(
      `${where}.Required can't be true: custom attributes are never required.`,
    );
  }
  readBounds(attribute['StringAttributeConstraints'], `${where}.StringAttributeConstraints`);
  readBounds(attribute['NumberAttributeConstraints'], `${where}.NumberAttributeConstraints`);
}

/** DescribeUserPool gives bounds as decimal strings. */
function readBounds(value: unknown, where: string): void {
  optional(value, where, (bounds) => {
    for (const [name, bound] of Object.entries(asObject(bounds, where))) {
      if (Number.isNaN(Number(asText(bound, `${where}.${name}`)))) {
        throw new LocalPoolError(`${where}.${name} must be a number written as a text.`);
      }
    }
  });
}

function readPolicies(value: unknown, where: string): void {
  const policies = asObject(value, where);
  optional(policies['PasswordPolicy'], `${where}.PasswordPolicy`, (given, at) => {
    const policy = asObject(given, at);
    // [MODEL] the bounds of the policy.
    optional(policy['MinimumLength'], `${at}.MinimumLength`, (n, to) => asNumber(n, to, 6, 99));
    optional(policy['PasswordHistorySize'], `${at}.PasswordHistorySize`, (n, to) =>
      asNumber(n, to, 0, 24),
    );
    optional(
      policy['TemporaryPasswordValidityDays'],
      `${at}.TemporaryPasswordValidityDays`,
      (n, to) => asNumber(n, to, 0, 365),
    );
    for (const kind of ['Uppercase', 'Lowercase', 'Numbers', 'Symbols']) {
      optional(policy[`Require${kind}`], `${at}.Require${kind}`, asBoolean);
    }
  });
  optional(policies['SignInPolicy'], `${where}.SignInPolicy`, (given, at) => {
    optional(
      asObject(given, at)['AllowedFirstAuthFactors'],
      `${at}.AllowedFirstAuthFactors`,
      (list, to) => {
        each(list, to, (factor, each) =>
          asOneOf(factor, each, ['PASSWORD', 'EMAIL_OTP', 'SMS_OTP', 'WEB_AUTHN']),
        );
      },
    );
  });
}

function readGroups(value: unknown, where: string): void {
  const names = new Set<string>();
  each(value, where, (group, at) => {
    const name = asText(asObject(group, at)['GroupName'], `${at}.GroupName`);
    if (name.length > 128 || !GROUP_NAME.test(name)) {
      throw new LocalPoolError(`${at}.GroupName must be 1 to 128 characters without blanks.`);
    }
    if (names.has(name)) throw new LocalPoolError(`${at}.GroupName "${name}" is there twice.`);
    names.add(name);
  });
}

function readClients(value: unknown, where: string): void {
  each(value, where, (given, at) => {
    const client = asObject(given, at);
    if (!CLIENT_ID.test(asText(client['ClientId'], `${at}.ClientId`))) {
      throw new LocalPoolError(`${at}.ClientId must be letters, digits, _ and + only.`);
    }
    optional(client['HasSecret'], `${at}.HasSecret`, asBoolean);
    optional(client['ClientSecret'], `${at}.ClientSecret`, asText);
    optional(client['SecondClientSecret'], `${at}.SecondClientSecret`, asText);
    optional(client['AuthSessionValidity'], `${at}.AuthSessionValidity`, (n, to) =>
      asNumber(n, to, 3, 15),
    );
    optional(client['PreventUserExistenceErrors'], `${at}.PreventUserExistenceErrors`, (word, to) =>
      asOneOf(word, to, ['ENABLED', 'LEGACY']),
    );
    optional(client['ExplicitAuthFlows'], `${at}.ExplicitAuthFlows`, readFlows);
    for (const member of ['ReadAttributes', 'WriteAttributes']) {
      optional(client[member], `${at}.${member}`, (list, to) => {
        each(list, to, asText);
      });
    }
  });
}

function readFlows(value: unknown, where: string): void {
  const flows = asList(value, where).map((flow, index) => asText(flow, `${where}[${index}]`));
  // [MODEL] the names from before ALLOW_ can't be mixed with the new ones.
  const modern = flows.filter((flow) => flow.startsWith('ALLOW_')).length;
  if (modern !== 0 && modern !== flows.length) {
    throw new LocalPoolError(`${where} mixes ALLOW_ names with names without it.`);
  }
}

function readLocal(value: unknown, where: string): void {
  const local = asObject(value, where);
  const known = [
    'Triggers',
    'DailyEmailLimit',
    'ListDelayMs',
    'StoredUsernames',
    'UndeliverableTo',
    'Users',
  ];
  onlyKnown(local, where, known);
  optional(local['DailyEmailLimit'], `${where}.DailyEmailLimit`, (n, at) => asNumber(n, at, 0));
  optional(local['ListDelayMs'], `${where}.ListDelayMs`, (n, at) => asNumber(n, at, 0));
  optional(local['Users'], `${where}.Users`, readSeedUsers);
  optional(local['UndeliverableTo'], `${where}.UndeliverableTo`, asRegExp);
  optional(local['StoredUsernames'], `${where}.StoredUsernames`, (word, at) =>
    asOneOf(word, at, ['lower-case', 'as-given']),
  );
  optional(local['Triggers'], `${where}.Triggers`, (given, at) => {
    const triggers = asObject(given, at);
    onlyKnown(triggers, at, ['PreSignUp', 'PreAuthentication']);
    for (const [name, trigger] of Object.entries(triggers)) {
      const members = asObject(trigger, `${at}.${name}`);
      onlyKnown(members, `${at}.${name}`, ['RefuseUsernames', 'Message']);
      asRegExp(members['RefuseUsernames'], `${at}.${name}.RefuseUsernames`);
      optional(members['Message'], `${at}.${name}.Message`, asText);
    }
  });
}
