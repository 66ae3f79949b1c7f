import {
  anyText,
  count,
  flag,
  list,
  number,
  object,
  oneOf,
  table,
} from '../../cognito/json-shape.js';
import type { Read } from '../../cognito/json-shape.js';
import type { Preset } from '../../record/preset.js';
import type { FileOptions, RowOptions, SyncChoices } from '../options.js';
import type { Remembered } from './remembered.js';

/** Every member of a type, whether it may be absent or not. */
type Members<T> = Readonly<Record<keyof T, Read>>;

/**
 * What a run remembers, from the JSON of its journal or plan, which others may have written to.
 * @throws ShapeError
 */
export function rememberedIn(json: unknown): Remembered {
  whole(json, 'options');
  return json as Remembered;
}

const texts = list(anyText);
const textTable = table(anyText);
const address = oneOf('email', 'phone_number');

const presetMembers: Members<Preset> = {
  name: anyText,
  header: texts,
  columns: textTable,
  values: table(textTable),
  separators: textTable,
  usernameFrom: list(address),
  defaults: textTable,
  dropped: list(object({ 'columns!': texts, 'because!': anyText, 'secret!': flag })),
  remarks: list(object({ 'columns!': texts, 'remark!': anyText })),
};

const preset: Read = (value, where) => {
  const { header, ...needed } = presetMembers;
  const members = Object.entries(needed).map(([name, read]) => [`${name}!`, read] as const);
  return object({ header, ...Object.fromEntries(members) })(value, where);
};

const rowMembers: Members<RowOptions> = {
  mapping: textTable,
  defaults: textTable,
  defaultCountry: anyText,
  preset,
  passwordMode: oneOf('none', 'temporary', 'permanent', 'challenge'),
  generatePasswords: anyText,
  invite: oneOf('none', 'email', 'sms'),
  onExisting: oneOf('skip', 'update', 'fail'),
  verified: list(address),
  groups: texts,
  createGroups: flag,
  resend: flag,
};

const fileMembers: Members<Omit<FileOptions, 'file' | 'stdin'>> = {
  s3: object({ region: anyText, profile: anyText }),
  encoding: anyText,
  delimiter: anyText,
  header: texts,
};

const scope: Read = (value, where) => {
  const { is } = object({ 'is!': oneOf('all', 'group', 'attribute') })(value, where) as {
    readonly is: 'all' | 'group' | 'attribute';
  };
  const members = { all: {}, group: { 'name!': anyText }, attribute: attributeScope }[is];
  return object(members)(value, where);
};

const attributeScope: Readonly<Record<string, Read>> = { 'name!': anyText, 'value!': anyText };

const cap: Read = (value, where) => {
  const hasUsers = typeof value === 'object' && value !== null && 'users' in value;
  return object(hasUsers ? { 'users!': count } : { 'percent!': number })(value, where);
};

const syncMembers: Members<Omit<SyncChoices, 'protect' | 'minRows'>> = {
  key: anyText,
  groupsMode: oneOf('add', 'exact'),
  missing: oneOf('ignore', 'disable', 'delete'),
  scope,
  maxRemovals: cap,
};

const whole = object({
  'file!': object(fileMembers),
  'rows!': object(rowMembers),
  'pool!': object({ profile: anyText, endpointUrl: anyText }),
  clientId: anyText,
  attribute: address,
  sync: object(syncMembers),
  inviteLimit: count,
  mask: flag,
  dryRun: oneOf(true),
});
