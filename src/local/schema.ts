import type { SchemaAttribute } from '../cognito/description.js';

/** One attribute of a pool, its bounds as numbers. */
export interface AttributeRule {
  readonly name: string;
  readonly type: 'String' | 'Number' | 'DateTime' | 'Boolean';
  readonly mutable: boolean;
  readonly required: boolean;
  readonly minLength: number;
  readonly maxLength: number;
  readonly minValue: number;
  readonly maxValue: number;
}

/** What DescribeUserPool gives and what values are checked against. */
export interface PoolSchema {
  readonly attributes: readonly SchemaAttribute[];
  readonly rules: ReadonlyMap<string, AttributeRule>;
  readonly required: readonly AttributeRule[];
}

function text(Name: string, MinLength = '0', MaxLength = '2048'): SchemaAttribute {
  return {
    Name,
    AttributeDataType: 'String',
    DeveloperOnlyAttribute: false,
    Mutable: true,
    Required: false,
    StringAttributeConstraints: { MinLength, MaxLength },
  };
}

function flag(Name: string): SchemaAttribute {
  return {
    Name,
    AttributeDataType: 'Boolean',
    DeveloperOnlyAttribute: false,
    Mutable: true,
    Required: false,
  };
}

/** Every pool has these, whatever it was created with [ATTR]. */
const STANDARD: readonly SchemaAttribute[] = [
  // [ATTR] sub is made by the service and never changes.
  { ...text('sub', '1'), Mutable: false, Required: true },
  text('name'),
  text('given_name'),
  text('family_name'),
  text('middle_name'),
  text('nickname'),
  text('preferred_username'),
  text('profile'),
  text('picture'),
  text('website'),
  text('email'),
  flag('email_verified'),
  text('gender'),
  // [ATTR] birthdate is YYYY-MM-DD, ten characters.
  text('birthdate', '10', '10'),
  text('zoneinfo'),
  text('locale'),
  text('phone_number'),
  flag('phone_number_verified'),
  text('address'),
  {
    Name: 'updated_at',
    AttributeDataType: 'Number',
    DeveloperOnlyAttribute: false,
    Mutable: true,
    Required: false,
    NumberAttributeConstraints: { MinValue: '0' },
  },
  {
    Name: 'identities',
    AttributeDataType: 'String',
    DeveloperOnlyAttribute: false,
    Mutable: true,
    Required: false,
    StringAttributeConstraints: {},
  },
];

export const STANDARD_NAMES: ReadonlySet<string> = new Set(STANDARD.map(({ Name }) => Name));

/**
 * A settings file may name only the attributes that differ; DescribeUserPool always returns all the
 * standard ones, so the rest is filled in.
 */
export function poolSchema(given: readonly SchemaAttribute[]): PoolSchema {
  const byName = new Map(given.map((attribute) => [attribute.Name, attribute]));
  const standard = STANDARD.map((attribute) => ({ ...attribute, ...byName.get(attribute.Name) }));
  const custom = given
    .filter(({ Name }) => !STANDARD_NAMES.has(Name))
    .map((attribute) => completeCustom(attribute));
  const attributes = [...standard, ...custom];
  const rules = new Map(attributes.map((attribute) => [attribute.Name, ruleOf(attribute)]));
  const required = [...rules.values()].filter(({ required, name }) => required && name !== 'sub');
  return { attributes, rules, required };
}

/** CreateUserPool's defaults: a String, not mutable, not required [MODEL]. */
function completeCustom(attribute: SchemaAttribute): SchemaAttribute {
  return {
    AttributeDataType: 'String',
    DeveloperOnlyAttribute: false,
    Mutable: false,
    Required: false,
    ...attribute,
  };
}

function ruleOf(attribute: SchemaAttribute): AttributeRule {
  const { StringAttributeConstraints: length, NumberAttributeConstraints: value } = attribute;
  return {
    name: attribute.Name,
    type: attribute.AttributeDataType ?? 'String',
    mutable: attribute.Mutable ?? false,
    required: attribute.Required ?? false,
    minLength: Number(length?.MinLength ?? 0),
    // [QUOTAS] says 2,048 bytes, [ATTR] and [MODEL] 2,048 characters: the model's value type counts characters.
    maxLength: Number(length?.MaxLength ?? 2048),
    minValue: Number(value?.MinValue ?? -Infinity),
    maxValue: Number(value?.MaxValue ?? Infinity),
  };
}
