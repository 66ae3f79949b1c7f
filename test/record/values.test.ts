import { describe, expect, it } from 'vitest';
import { emailFault } from '../../src/record/email.js';
import { withoutFormulaGuard } from '../../src/record/formula-guard.js';
import { meantDomain } from '../../src/record/mistyped-email.js';
import { loadNationalNumbers } from '../../src/record/national-numbers.js';
import { toE164 } from '../../src/record/phone-number.js';
import { bytesOf } from '../../src/record/text.js';
import { poolOf, read } from './reading.js';

const x = (length: number): string => 'x'.repeat(length);

describe('an email address', () => {
  it.each([
    'ada@example.com',
    'a.b+c_d-e@sub.example.co.uk',
    'ADA@EXAMPLE.COM',
    '1@example.com',
    "o'hara!#$%&*/=?^`{|}~@example.com",
    '"john smith"@example.com',
    '"a@b"@example.com',
    'ada@köln.example.com',
    'ada@例え.jp',
    'françois@example.com',
    'ada@xn--kln-sna.de',
    'ada@a--b.example',
    `${x(64)}@example.com`,
    `ada@${x(63)}.com`,
    `${x(64)}@${x(63)}.${x(63)}.${x(57)}.com`,
  ])('may be %s', (value) => {
    expect(emailFault(value)).toBeUndefined();
  });

  it.each([
    'ada',
    '@example.com',
    'ada@',
    'ada@@example.com',
    'ada@eve@example.com',
    'ada@localhost',
    'ada@example.',
    'ada@.example.com',
    'ada@example..com',
    'ada@-example.com',
    'ada@example-.com',
    'ada@my_host.example.com',
    'ada@example.com/x',
    'ada@köln.com/x',
    'ada@192.0.2.1',
    'ada@[192.0.2.1]',
    '.ada@example.com',
    'ada.@example.com',
    'a..da@example.com',
    'a da@example.com',
    'ada@exam ple.com',
    'ada,eve@example.com',
    'ada@example.com,eve@example.com',
    'ada@example.com;eve@example.com',
    'a<da@example.com',
    '"a"da"@example.com',
    `${x(65)}@example.com`,
    `${'é'.repeat(33)}@example.com`,
    `ada@${x(64)}.com`,
    `${x(64)}@${x(63)}.${x(63)}.${x(58)}.com`,
  ])('may not be %s', (value) => {
    expect(emailFault(value)).toBeDefined();
  });

  it.each([
    ['Ada <ada@example.com>', 'ada@example.com'],
    ['<ada@example.com>', 'ada@example.com'],
    ['mailto:ada@example.com', 'ada@example.com'],
    ['Ada <ada@@example.com>', undefined],
    ['ada@@example.com', undefined],
  ])('is taken out of %s', (value, proposal) => {
    expect(emailFault(value)?.proposal).toBe(proposal);
  });

  it.each([
    ['gmial.com', 'gmail.com'],
    ['GMAIL.CON', 'gmail.com'],
    ['hotmial.com', 'hotmail.com'],
    ['outlok.com', 'outlook.com'],
    ['example.con', 'example.com'],
    ['gmail.com', undefined],
    ['mail.com', undefined],
    ['ymail.com', undefined],
    ['hotmail.de', undefined],
    ['example.co', undefined],
    ['constructor', undefined],
  ])('at %s was meant for %s', (domain, meant) => {
    expect(meantDomain(domain)).toBe(meant);
  });
});

describe('a phone number', () => {
  it.each([
    ['+442079460018', '+442079460018'],
    ['+44 20 7946 0018', '+442079460018'],
    ['+1 (415) 555-0132', '+14155550132'],
    ['+1.415.555.0132', '+14155550132'],
    ['+49/30/23125118', '+493023125118'],
    ['+44 (0)20 7946 0018', '+442079460018'],
    ['0044 20 7946 0018', '+442079460018'],
    ['tel:+442079460018', '+442079460018'],
    ['＋４４２０７９４６００１８', '+442079460018'],
    ['\u202a+442079460018\u202c', '+442079460018'],
    ['+33\u00a01\u00a099\u00a000\u00a012\u00a034', '+33199001234'],
    ['+44‑20‑7946‑0018', '+442079460018'],
    ['+2904567', '+2904567'],
    ['020 7946 0018', undefined],
    ['442079460018', undefined],
    ['+4420', undefined],
    ['+0442079460018', undefined],
    ['+1234567890123456', undefined],
    ['+123456789012345', '+123456789012345'],
    ['+1 415 555 0135 ext. 12', undefined],
    ['+442079460025 / +442079460026', undefined],
    ['+', undefined],
    ['4.42079E+11', undefined],
  ])('%s without a country: %s', (value, number) => {
    expect(toE164(value)).toBe(number);
  });

  it.each([
    ['GB', '020 7946 0018', '+442079460018'],
    ['gb', '(0161) 496 0024', '+441614960024'],
    ['US', '(415) 555-0134', '+14155550134'],
    ['US', '1-415-555-0134', '+14155550134'],
    ['US', '011 44 20 7946 0018', '+442079460018'],
    ['US', '+44 20 7946 0018', '+442079460018'],
    ['JP', '03-1234-5678', '+81312345678'],
    ['GB', '0044 20 7946 0018', '+442079460018'],
    ['GB', 'ext. 4417', undefined],
    ['GB', '12', undefined],
    ['US', '415 555 0134 x12', undefined],
    ['GB', 'hello', undefined],
  ])('in %s: %s is %s', async (country, value, number) => {
    expect(toE164(value, await loadNationalNumbers(country))).toBe(number);
  });

  it.each(['XX', '', 'GBR', 'constructor'])('has no country %s', async (country) => {
    await expect(loadNationalNumbers(country)).rejects.toThrow(RangeError);
  });

  it('is read in the default country when a row is', async () => {
    const nationalNumbers = await loadNationalNumbers('GB');
    const { users } = read({
      pool: poolOf(),
      settings: { invite: 'none', nationalNumbers },
      header: 'username|phone_number',
      rows: ['ada|020 7946 0018'],
    });
    expect(users[0]?.attributes).toEqual([{ Name: 'phone_number', Value: '+442079460018' }]);
  });
});

describe('proposals', () => {
  it.each([
    ['birthdate', '1990/2/3', '1990-02-03'],
    ['birthdate', '19900203', '1990-02-03'],
    ['birthdate', '1990-02-03T00:00:00Z', '1990-02-03'],
    ['birthdate', '31.12.1990', '1990-12-31'],
    ['birthdate', '12/31/1990', '1990-12-31'],
    ['birthdate', '5/5/1990', '1990-05-05'],
    ['birthdate', '03/04/1990', undefined],
    ['birthdate', '31.02.1990', undefined],
    ['birthdate', 'May 1990', undefined],
    ['enabled', 'Yes', 'true'],
    ['enabled', '0', 'false'],
    ['enabled', 'maybe', undefined],
    ['updated_at', '2026-01-01T00:00:00Z', '1767225600'],
    ['updated_at', '1767225600123', '1767225600'],
    ['updated_at', 'today', undefined],
    ['given_name', '  Ada ', 'Ada'],
    ['given_name', 'A\u0007da', 'Ada'],
    ['email', 'Ada <ada@example.com>', 'ada@example.com'],
    ['email', 'ada@gmial.com', 'ada@gmail.com'],
    ['groups', 'STAFF;admins', 'staff;admins'],
    ['groups', 'STAFF;other', undefined],
  ])('for %s %s: %s', (column, cell, proposal) => {
    const settings = { invite: 'none', generatesPasswords: true } as const;
    const { problems } = read({
      pool: poolOf(),
      settings,
      header: `username|${column}`,
      rows: [`ada|${cell}`],
    });
    expect(problems.map((problem) => problem.proposal)).toEqual([proposal]);
  });
});

describe('bytesOf', () => {
  it.each(['', 'abc', 'é', 'ß京', '𠮷', 'a😀b'])('%s', (value) => {
    expect(bytesOf(value)).toBe(Buffer.byteLength(value));
  });
});

describe('withoutFormulaGuard', () => {
  it.each([
    ["'=1", '=1'],
    ["'+1", '+1'],
    ["'-1", '-1'],
    ["'@a", '@a'],
    ["'\tx", '\tx'],
    ["'\rx", '\rx'],
    ["''=1", "'=1"],
    ["'t Hart", "'t Hart"],
    ["'", "'"],
    ['=1', '=1'],
  ])('%s', (cell, value) => {
    expect(withoutFormulaGuard(cell)).toBe(value);
  });
});
