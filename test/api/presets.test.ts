import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

import { STANDARD_ATTRIBUTES } from '../../src/record/attribute-names.js';
import { loadPreset, presetNames, Refusal, type Preset } from '../../src/index.js';
import { presetFrom } from '../../src/api/presets/preset-file.js';
import { fixtures } from '../support/cli.js';
import { arrivals, type Arrivals, type Asked } from './arrivals.js';
import { presetCases, type PresetCase } from './preset-cases.js';

const folder = join(import.meta.dirname, '../../presets');
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.json'))
  .map((file) => file.slice(0, -'.json'.length));
const special = ['username', 'groups', 'enabled'];

async function arrivalsOf({ preset: name, file }: PresetCase, kind: string, asked: Asked = {}) {
  const preset = await loadPreset(name);
  const header = preset.header && { header: preset.header };
  return arrivals(join(fixtures, 'exports', file), kind, { preset, ...header, ...asked });
}

function caseOf(file: string): PresetCase {
  const found = presetCases.find((one) => one.file === file);
  if (!found) throw new Error(`no case for ${file}`);
  return found;
}

describe('every file in presets/', () => {
  const columnsOf = (preset: Preset): string[] => [
    ...Object.keys(preset.columns),
    ...preset.dropped.flatMap(({ columns }) => columns),
  ];

  it('is known by its name, and has a case here', async () => {
    expect(await presetNames()).toEqual(names.sort());
    const tested = new Set(presetCases.map(({ preset }) => preset));
    expect(names.filter((name) => !tested.has(name))).toEqual([]);
  });

  it.each(names)('%s says what system it is, and where its form is described', (name) => {
    expect(name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    const { about, sources } = JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as {
      about: string;
      sources: string[];
    };
    expect(about).toMatch(/^.+: .+\.$/);
    expect(sources.every((source) => source.startsWith('https://'))).toBe(true);
  });

  it.each(names)('%s maps to what Cognito has', async (name) => {
    const { columns, defaults, usernameFrom } = await loadPreset(name);
    for (const target of [...Object.values(columns), ...Object.keys(defaults)]) {
      const known = STANDARD_ATTRIBUTES.includes(target) || special.includes(target);
      expect(known || /^custom:[a-z_]{1,20}$/.test(target), target).toBe(true);
    }
    expect(Object.values(columns).includes('username') || usernameFrom.length > 0).toBe(true);
  });

  it.each(names)('%s says one thing of each column', async (name) => {
    const preset = await loadPreset(name);
    const columns = columnsOf(preset).map((column) => column.toLowerCase());
    expect(columns.filter((column, index) => columns.indexOf(column) !== index)).toEqual([]);
    const { values, separators, remarks, header } = preset;
    const named = [
      ...Object.keys(values),
      ...Object.keys(separators),
      ...remarks.flatMap((remark) => remark.columns),
      ...(header ?? []).filter((column) => column !== ''),
    ];
    for (const column of named) expect(columns).toContain(column.toLowerCase());
  });

  it.each(names)('%s gives no column of hashes or secrets away', async (name) => {
    const { columns, dropped } = await loadPreset(name);
    const isSecret = (column: string): boolean => /pass|hash|salt|secret|token/i.test(column);
    const shown = [
      ...Object.keys(columns),
      ...dropped.filter(({ secret }) => !secret).flatMap((group) => group.columns),
    ];
    const facts = ['last_password_reset', 'passwordChanged', 'PasswordLastSet'];
    const harmless = [...facts, 'PasswordExpired', 'PasswordNeverExpires'];
    expect(shown.filter(isSecret).filter((column) => !harmless.includes(column))).toEqual([]);
  });

  it.each(names)('%s tells what is lost in short sentences', async (name) => {
    const { dropped, remarks } = await loadPreset(name);
    const texts = [
      ...dropped.map(({ because }) => because),
      ...remarks.map(({ remark }) => remark),
    ];
    for (const text of texts) {
      expect(text).toMatch(/[^.]$/);
      expect(text.length).toBeLessThan(200);
    }
  });
});

describe.each(presetCases)('$file', (one) => {
  it('arrives in a pool with usernames of its own', async () => {
    const { users, rejected } = await arrivalsOf(one, 'plain-username');
    expect(users).toEqual(one.users);
    expect(rejected).toEqual(one.rejected);
  });

  it('arrives in a pool with email sign-in', async () => {
    const { users, rejected, notices } = await arrivalsOf(one, 'email-sign-in');
    const withEmail = users.filter((user) => 'email' in user);
    expect(users).toEqual(withEmail);
    expect(rejected).toEqual(one.withoutEmail.map((line) => [line, 'missing-username']));
    const wanted = one.users
      .filter((user) => 'email' in user)
      .map((user) =>
        Object.fromEntries(Object.entries(user).filter(([key]) => key !== 'username')),
      );
    // Who is rejected in the other pool for a username may come here.
    expect(users.filter(({ email }) => wanted.some((user) => user['email'] === email))).toEqual(
      wanted,
    );
    expect(users.length + rejected.length).toBe(one.users.length + one.rejected.length);
    const told = notices.some((notice) => notice.includes('Cognito makes up the usernames'));
    expect(told).toBe(one.preset !== 'google-workspace');
  });
});

describe('what a preset cannot carry over', () => {
  const said = ({ notices }: Arrivals, text: string): string | undefined =>
    notices.find((notice) => notice.includes(text));

  it('is told with its columns: password hashes', async () => {
    const arrived = await arrivalsOf(caseOf('firebase.csv'), 'plain-username');
    expect(said(arrived, 'hashes')).toMatch(/^"passwordHash" and "salt" are not carried over: /);
  });

  it('is told once for many columns', async () => {
    const arrived = await arrivalsOf(caseOf('firebase.csv'), 'plain-username');
    expect(said(arrived, 'Google and the like')).toContain('"facebookPhotoUrl" and 8 more are');
  });

  it('is told where the pool lacks an attribute', async () => {
    const arrived = await arrivalsOf(caseOf('auth0.csv'), 'plain-username');
    expect(said(arrived, 'the pool has no')).toMatch(/^"country" and "plan" are not carried over/);
  });

  it('is told only of columns that are there', async () => {
    const arrived = await arrivalsOf(caseOf('wordpress-wp-cli.csv'), 'plain-username');
    expect(said(arrived, 'hashes')).toBeUndefined();
    expect(said(arrived, '"roles" is not carried over')).toBeDefined();
  });

  it('is in no report where it is secret', async () => {
    const arrived = await arrivalsOf(caseOf('wordpress.csv'), 'plain-username');
    const rejects = arrived.reject('rejects.csv');
    expect(rejects.split('\n')[0]).toBe(
      'user_login,user_email,first_name,last_name,display_name,role,user_registered,error_code,error_message',
    );
    expect(rejects).not.toContain('$P$');
  });
});

describe('what the user says', () => {
  it('wins over the preset: a column, its meaning, another column', async () => {
    const { users, notices } = await arrivalsOf(caseOf('okta.csv'), 'plain-username', {
      mapping: {
        id: 'username',
        login: '',
        primaryPhone: 'phone_number',
        STATUS: 'nickname',
        nickName: '',
      },
      defaultCountry: 'de',
    });
    expect(users[1]).toEqual({
      username: '00u1a2b3c4d5e6f7g8i0',
      nickname: 'ACTIVE',
      given_name: 'Jürgen',
      family_name: 'Groß',
      email: 'juergen.gross@example.com',
      phone_number: '+493023125118',
      locale: 'de_DE',
      zoneinfo: 'Europe/Berlin',
      'custom:employee_id': '000418',
      'custom:department': 'Sales',
    });
    expect(notices).toContain(
      '"mobilePhone" is not carried over: the column "primaryPhone" is "phone_number" already.',
    );
  });

  it('drops the id, and the email is the username', async () => {
    const { users, rejected } = await arrivalsOf(caseOf('firebase.csv'), 'plain-username', {
      mapping: { uid: '' },
    });
    expect(users.map(({ username }) => username)).toEqual([
      'akiko.tanaka@example.com',
      'juergen.gross@example.com',
      'sean.obrien@example.net',
      '+442079460018',
      'suharti@example.com',
      'odile.marchand@example.com',
    ]);
    expect(rejected).toEqual([]);
  });

  it('takes roles as groups, which commas part', async () => {
    const { users } = await arrivalsOf(caseOf('wordpress.csv'), 'email-sign-in', {
      mapping: { role: 'groups' },
      createGroups: true,
    });
    expect(users.map(({ groups }) => groups)).toEqual([
      ['editor'],
      ['administrator'],
      ['author'],
      ['subscriber'],
      ['customer', 'shop_manager'],
      ['customer'],
    ]);
  });

  it('fills in defaults', async () => {
    const { users } = await arrivalsOf(caseOf('keycloak.csv'), 'plain-username', {
      defaults: { locale: 'en-GB', family_name: 'Unknown' },
    });
    expect(users.map((user) => [user['locale'], user['family_name']])).toEqual([
      ['en-GB', '田中'],
      ['en-GB', 'Groß'],
      ['en-GB', "O'Brien"],
      ['en-GB', 'Unknown'],
      ['en-GB', 'Marchand-Lefèvre'],
      ['en-GB', 'Unknown'],
    ]);
  });

  it('is refused where a country is none', async () => {
    const asked = arrivalsOf(caseOf('okta.csv'), 'plain-username', { defaultCountry: 'XX' });
    await expect(asked).rejects.toThrow(Refusal);
  });
});

describe('a preset that is not there', () => {
  it.each([
    ['autho', 'Did you mean auth0?'],
    ['google', 'Did you mean google-workspace?'],
    ['../package', 'it is one of active-directory, auth0, firebase'],
  ])('%s', async (name, said) => {
    await expect(loadPreset(name)).rejects.toThrow(said);
  });
});

describe('a data file that is wrong', () => {
  it.each([
    ['', 'not an object'],
    [{ colums: {} }, '"colums" is not known'],
    [{ columns: { a: 1 } }, '"columns" is not a text'],
    [{ values: { a: [] } }, '"values.a" is not an object'],
    [{ usernameFrom: ['name'] }, 'not a list of email and phone_number'],
    [{ dropped: [{ columns: ['a'] }] }, '"dropped".because is not a text'],
    [{ dropped: [{ columns: ['a'], because: 'b', secret: 1 }] }, 'neither true nor false'],
    [{ remarks: {} }, '"remarks" is not a list'],
  ])('%j', (json, said) => {
    expect(() => presetFrom(json, 'x')).toThrow(said);
  });
});
