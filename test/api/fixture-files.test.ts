import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

import { SourceError } from '../../src/index.js';
import { fixtures } from '../support/cli.js';
import { arrivals, type Arrivals, type Asked } from './arrivals.js';

const PEOPLE = [
  {
    username: 'akiko.tanaka',
    email: 'akiko.tanaka@example.com',
    given_name: '明子',
    family_name: '田中',
    phone_number: '+14155550132',
    'custom:department': 'Research, Development & QA',
    groups: ['editors', 'staff'],
  },
  {
    username: 'juergen.gross',
    email: 'juergen.gross@example.com',
    given_name: 'Jürgen',
    family_name: 'Groß',
    phone_number: '+493023125118',
    'custom:department': 'Sales',
    groups: ['staff'],
  },
  {
    username: 'olena.hryhorieva',
    email: 'olena.hryhorieva@example.org',
    given_name: 'Олена',
    family_name: "Григор'єва",
    phone_number: '+493023125119',
  },
  {
    username: 'sean.obrien',
    email: 'sean+crm@example.net',
    given_name: 'Seán',
    family_name: "O'Brien",
    phone_number: '+442079460018',
    'custom:department': 'Editorial',
    groups: ['editors', 'staff'],
  },
  {
    username: 'suharti',
    email: 'suharti@example.com',
    given_name: 'Suharti',
    groups: ['customers'],
  },
];

const JAPANESE = [
  {
    username: 'akiko.tanaka',
    email: 'akiko.tanaka@example.com',
    given_name: '明子',
    family_name: '田中',
    address: '東京都渋谷区神宮前3丁目12番地',
  },
  {
    username: 'yu.nose',
    email: 'yu.nose@example.com',
    given_name: '祐',
    family_name: '能勢',
    address: '表参道ソ十番館',
  },
  {
    username: 'hiroshi.takahashi',
    email: 'hiroshi.takahashi@example.org',
    given_name: '浩',
    family_name: '髙橋',
    address: '大阪市北区梅田2-4\n①号館',
  },
  {
    username: 'sakura.sato',
    email: 'sakura.sato@example.com',
    given_name: 'さくら',
    family_name: '佐藤',
    address: 'ﾎﾞｽﾄﾝﾋﾞﾙ 5F',
  },
];

const WESTERN = [
  {
    username: 'juergen.gross',
    email: 'juergen.gross@example.com',
    given_name: 'Jürgen',
    family_name: 'Groß',
    'custom:department': 'Außendienst (50 € Tagessatz)',
  },
  {
    username: 'oeuvre.l',
    email: 'lise.loeuvre@example.org',
    given_name: 'Lise',
    family_name: 'L’Œuvre',
    'custom:department': 'Édition – Paris',
  },
  {
    username: 'zeljka.simic',
    email: 'zeljka.simic@example.com',
    given_name: 'Željka',
    family_name: 'Šimic',
    'custom:department': 'Vertrieb™',
  },
  {
    username: 'pena.inigo',
    email: 'inigo.pena@example.com',
    given_name: 'Íñigo',
    family_name: 'Peña',
    'custom:department': '“Ventas”',
  },
];

const AWS_IMPORT = [
  {
    username: 'akiko.tanaka',
    name: 'Tanaka, Akiko',
    given_name: 'Akiko',
    family_name: 'Tanaka',
    email: 'akiko.tanaka@example.com',
    email_verified: 'true',
    gender: 'female',
    birthdate: '1985-02-14',
    zoneinfo: 'Asia/Tokyo',
    locale: 'ja-JP',
    phone_number: '+14155550132',
    phone_number_verified: 'false',
    address: '3-12-5 Jingumae, Shibuya-ku, Tokyo 150-0001',
    updated_at: '1735689600',
    'custom:department': 'Legal, Risk & Compliance',
    'custom:employee_id': '000417',
    'custom:cost_center': '1150',
    'custom:newsletter': 'true',
  },
  {
    username: 'juergen.gross',
    name: 'Jürgen Groß',
    given_name: 'Jürgen',
    family_name: 'Groß',
    email: 'juergen.gross@example.com',
    email_verified: 'true',
    birthdate: '1970-12-31',
    phone_number_verified: 'false',
    updated_at: '0',
  },
  {
    username: 'noor',
    name: 'Noor',
    profile: 'https://people.example.org/noor',
    picture: 'https://images.example.com/noor.png',
    website: 'https://noor.example.org/',
    email: 'noor@example.org',
    email_verified: 'false',
    phone_number: '+442079460018',
    phone_number_verified: 'true',
  },
];

/** What fixtures/README.md says of the small files, as users of a pool. */
const small = (name: string, asked: Asked = {}, kind = 'plain-username'): Promise<Arrivals> =>
  arrivals(join(fixtures, 'small', name), kind, asked);

describe('the five people', () => {
  it.each<[string, Asked]>([
    ['utf8-bom.csv', {}],
    ['utf16le-bom.csv', {}],
    ['utf16be-bom.csv', {}],
    ['utf16le-no-bom.csv', { encoding: 'utf-16le' }],
    ['semicolon.csv', {}],
    ['tab.csv', {}],
    ['pipe.csv', {}],
    ['cr-only.csv', {}],
    ['no-final-newline.csv', {}],
    ['excel-sep-line.csv', {}],
    ['two-members.csv.gz', {}],
    ['header-case-and-space.csv', {}],
  ])('arrive from %s as from crlf.csv', async (name, asked) => {
    const expected = await small('crlf.csv');
    expect(expected.users).toHaveLength(5);
    const { users, rejected } = await small(name, asked);
    expect(users).toEqual(expected.users);
    expect(rejected).toEqual([]);
  });

  it('are who they are', async () => {
    expect((await small('crlf.csv')).users).toEqual(PEOPLE);
  });
});

describe('encodings by name', () => {
  it('shift_jis: with the extensions of code page 932', async () => {
    expect((await small('shift_jis.csv', { encoding: 'shift_jis' })).users).toEqual(JAPANESE);
  });

  it('windows-1252', async () => {
    expect((await small('windows-1252.csv', { encoding: 'windows-1252' })).users).toEqual(WESTERN);
  });

  it.each([
    ['shift_jis.csv', 'Line 2', /Shift_JIS/i],
    ['windows-1252.csv', 'Line 2', /--encoding/],
    ['broken-bytes.csv', 'Line 3', /windows-1252/i],
    ['utf16le-no-bom.csv', 'utf16le-no-bom.csv', /utf-16le/i],
  ])('%s stops before anything is sent without it', async (name, line, advice) => {
    const asked = small(name);
    await expect(asked).rejects.toThrow(SourceError);
    await expect(asked).rejects.toThrow(line);
    await expect(asked).rejects.toThrow(advice);
  });
});

describe("the file of AWS's own import", () => {
  it('arrives as it is', async () => {
    const { users, rejected } = await small('aws-import.csv');
    expect(users).toEqual(AWS_IMPORT);
    expect(rejected).toEqual([
      [5, 'invalid-birthdate'],
      [6, 'verified-without-value'],
    ]);
  });
});
