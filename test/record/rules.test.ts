import { describe, expect, it } from 'vitest';
import { isSafe, rules } from '../../src/record/rules.js';
import { codesOf, read, type Sheet } from './reading.js';
import { headerCases } from './header-cases.js';
import { rowCases } from './row-cases.js';
import type { RuleCase } from './rule-case.js';
import { signInCases } from './sign-in-cases.js';
import { valueCases } from './value-cases.js';

const ruleCases = [...headerCases, ...rowCases, ...valueCases, ...signInCases];

function sheetOf({ sheet }: RuleCase, change: Partial<Sheet>): Sheet {
  const settings = { ...sheet.settings, ...change.settings };
  return { ...sheet, ...change, settings };
}

describe('every rule', () => {
  it.each(ruleCases)('$code strikes what breaks it', (ruleCase) => {
    const { problems } = read(sheetOf(ruleCase, ruleCase.broken));
    const found = problems.filter(({ code }) => code === ruleCase.code);
    expect(found).not.toEqual([]);
    const rule = rules.find(({ code }) => code === ruleCase.code);
    expect(found.map(({ severity }) => severity)).toEqual(found.map(() => rule?.severity));
  });

  it.each(ruleCases)('$code spares what nearly breaks it', (ruleCase) => {
    expect(codesOf(read(sheetOf(ruleCase, ruleCase.nearMiss)))).not.toContain(ruleCase.code);
  });

  it('has a case', () => {
    const tested = new Set(ruleCases.map(({ code }) => code));
    expect(rules.map(({ code }) => code).filter((code) => !tested.has(code))).toEqual([]);
  });

  it('stands once, in kebab-case, with what it is about and where it comes from', () => {
    const codes = rules.map(({ code }) => code);
    expect(new Set(codes).size).toBe(codes.length);
    for (const { code, about, source } of rules) {
      expect(code).toMatch(/^[a-z0-9]+(-[a-z0-9]+)+$/);
      expect(about).toMatch(/^[^\n]{20,}\.$/);
      expect(source).not.toBe('');
    }
  });
});

describe('every message', () => {
  const broken = ruleCases.map((ruleCase) => sheetOf(ruleCase, ruleCase.broken));

  it.each(broken)('holds no value of the row: $header', (sheet) => {
    // Values of one or two characters are in any sentence.
    const cells = (sheet.rows ?? [])
      .flatMap((row) => row.split('|'))
      .filter((cell) => cell.length > 3);
    for (const { message, code } of read(sheet).problems) {
      // Whether the flag is true or false is what these say.
      if (code === 'mfa-not-carried-over' || code === 'verified-without-value') continue;
      for (const cell of cells) expect(message).not.toContain(cell);
    }
  });

  it.each(broken)('is one sentence or two: $header', (sheet) => {
    for (const { message } of read(sheet).problems) {
      expect(message).toMatch(/^["A-Z-].+\.$/s);
      expect(message.length).toBeLessThan(260);
    }
  });

  it('proposes no password', () => {
    const { problems } = read({ header: 'username|password', rows: ['ada| abc', 'bob|no way '] });
    expect(problems.map(({ code }) => code)).toContain('invalid-password');
    expect(
      problems.filter(({ column }) => column === 'password').map(({ proposal }) => proposal),
    ).toEqual(problems.filter(({ column }) => column === 'password').map(() => undefined));
  });
});

describe('isSafe', () => {
  it.each([
    ['surrounding-space', true],
    ['not-a-boolean', true],
    ['mistyped-email', false],
    ['missing-username', false],
    ['constructor', false],
  ])('%s: %s', (code, safe) => {
    expect(isSafe(code)).toBe(safe);
  });
});
