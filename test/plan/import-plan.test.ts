import { describe, expect, it } from 'vitest';
import { planCreate } from '../../src/plan/import-plan.js';
import type { ImportSettings } from '../../src/plan/import-plan.js';
import { planUpdate } from '../../src/plan/update-plan.js';
import type { Update } from '../../src/plan/update-plan.js';
import type { User } from '../../src/record/user.js';
import { importSettings, userOf } from '../support/apply-bench.js';

/** A plan in one line: each step with what it carries. */
function told(user: Partial<User>, settings: Partial<ImportSettings>): string {
  const { steps } = planCreate(0, userOf('ada', user), { ...importSettings, ...settings });
  return steps
    .map((step) => {
      if (step.name === 'groups') return `groups(${step.add.join()})`;
      if (step.name !== 'create') return step.name;
      const flags = [step.temporaryPassword.replace('none', ''), step.invite, ...step.includes];
      return `create(${flags.filter(Boolean).join()})`;
    })
    .join(' ');
}

const verified = { attributes: [{ Name: 'email_verified', Value: 'true' }] };

describe('the plan for a new user', () => {
  it.each<[string, Partial<User>, Partial<ImportSettings>, string]>([
    ['nothing but the user', {}, {}, 'create()'],
    ['a password that is not to be set', { password: 'x' }, {}, 'create()'],
    [
      'a temporary password',
      { password: 'x' },
      { passwordMode: 'temporary' },
      'create(own,password)',
    ],
    ['no password in temporary mode', {}, { passwordMode: 'temporary' }, 'create()'],
    ['a permanent password', { password: 'x' }, { passwordMode: 'permanent' }, 'create() password'],
    ['no password in permanent mode', {}, { passwordMode: 'permanent' }, 'create()'],
    [
      'a generated one',
      {},
      { passwordMode: 'temporary', generatesPasswords: true },
      'create(own,password)',
    ],
    [
      'a generated permanent one',
      {},
      { passwordMode: 'permanent', generatesPasswords: true },
      'create() password',
    ],
    ['generated, but none is to be set', {}, { generatesPasswords: true }, 'create()'],
    ['groups', { groups: ['a', 'b'] }, {}, 'create() groups(a,b)'],
    ['disabled', { enabled: false }, {}, 'create() disable'],
    ['enabled, as every new user is', { enabled: true }, {}, 'create()'],
    ['an invitation', {}, { invite: 'SMS' }, 'create(SMS,invite)'],
    ['marked as verified', verified, { verified: ['email'] }, 'create(verified)'],
    ['marked, without the address', {}, { verified: ['phone_number'] }, 'create()'],
    ['marked by the file itself', verified, {}, 'create()'],
    [
      'a password by challenge',
      { password: 'x', groups: ['a'] },
      { passwordMode: 'challenge' },
      'create(throwaway) challenge groups(a)',
    ],
    ['no password for a challenge', {}, { passwordMode: 'challenge' }, 'create()'],
    [
      'all of it',
      { ...verified, password: 'x', groups: ['a'], enabled: false },
      { passwordMode: 'permanent', invite: 'EMAIL', verified: ['email'] },
      'create(EMAIL,invite,verified) password groups(a) disable',
    ],
  ])('%s', (_, user, settings, plan) => {
    expect(told(user, settings)).toBe(plan);
  });
});

const pairs = (values: Readonly<Record<string, string>>): { Name: string; Value: string }[] =>
  Object.entries(values).map(([Name, Value]) => ({ Name, Value }));

interface Case {
  readonly called: string;
  readonly wants: Readonly<Record<string, string>>;
  readonly has: Readonly<Record<string, string>>;
  readonly groups?: readonly [wants: string[], has: string[]];
  readonly enabled?: readonly [wants: boolean | undefined, has: boolean];
  readonly immutable?: readonly string[];
  readonly sends?: Readonly<Record<string, string>>;
  readonly adds?: readonly string[];
  readonly then?: 'enable' | 'disable';
  readonly refuses?: readonly string[];
}

const cases: readonly Case[] = [
  { called: 'nothing differs', wants: { email: 'a' }, has: { email: 'a', sub: '1' } },
  {
    called: 'a value differs',
    wants: { email: 'a', name: 'x' },
    has: { email: 'b', name: 'x' },
    sends: { email: 'a' },
  },
  {
    called: 'a value is missing',
    wants: { email: 'a', name: 'x' },
    has: { email: 'a' },
    sends: { name: 'x' },
  },
  { called: 'the pool has more', wants: { email: 'a' }, has: { email: 'a', name: 'x' } },
  { called: 'case differs', wants: { name: 'A' }, has: { name: 'a' }, sends: { name: 'A' } },
  {
    called: 'a flag goes with its address',
    wants: { email: 'a', email_verified: 'true' },
    has: { email: 'b', email_verified: 'true' },
    sends: { email: 'a', email_verified: 'true' },
  },
  {
    called: 'a flag alone',
    wants: { email: 'a', email_verified: 'true' },
    has: { email: 'a', email_verified: 'false' },
    sends: { email_verified: 'true' },
  },
  {
    called: 'a flag stays where its address does',
    wants: { email: 'a', email_verified: 'true', phone_number: '+1' },
    has: { email: 'a', email_verified: 'true', phone_number: '+2' },
    sends: { phone_number: '+1' },
  },
  {
    called: 'an immutable value differs',
    wants: { 'custom:id': '1', name: 'x' },
    has: { 'custom:id': '2', name: 'y' },
    immutable: ['custom:id'],
    sends: { name: 'x' },
    refuses: ['custom:id'],
  },
  {
    called: 'an immutable value is the same',
    wants: { 'custom:id': '1' },
    has: { 'custom:id': '1' },
    immutable: ['custom:id'],
  },
  {
    called: 'an address that can’t change, whose flag is about another',
    wants: { email: 'a', email_verified: 'true' },
    has: { email: 'b', email_verified: 'false' },
    immutable: ['email'],
    refuses: ['email'],
  },
  {
    called: 'a group is missing',
    wants: {},
    has: {},
    groups: [
      ['a', 'b'],
      ['b', 'c'],
    ],
    adds: ['a'],
  },
  { called: 'groups are there', wants: {}, has: {}, groups: [['a'], ['a', 'b']] },
  { called: 'is to be enabled', wants: {}, has: {}, enabled: [true, false], then: 'enable' },
  { called: 'is enabled', wants: {}, has: {}, enabled: [true, true] },
  { called: 'is to be disabled', wants: {}, has: {}, enabled: [false, true], then: 'disable' },
  { called: 'the row says nothing of it', wants: {}, has: {}, enabled: [undefined, false] },
];

describe('the plan for an existing user', () => {
  it.each(cases)('$called', (one) => {
    const [wantsGroups, hasGroups] = one.groups ?? [[], []];
    const [wantsEnabled, isEnabled] = one.enabled ?? [undefined, true];
    const user = userOf('ada', {
      attributes: pairs(one.wants),
      groups: wantsGroups,
      ...(wantsEnabled !== undefined && { enabled: wantsEnabled }),
    });
    const existing = {
      username: 'ada',
      sub: '1',
      attributes: pairs(one.has),
      enabled: isEnabled,
      status: 'CONFIRMED',
      createdAt: 0,
      modifiedAt: 0,
    };
    const SchemaAttributes = (one.immutable ?? []).map((Name) => ({ Name, Mutable: false }));
    expect(planUpdate(user, existing, hasGroups, { SchemaAttributes })).toEqual({
      steps: [
        ...(one.sends ? [{ name: 'attributes', attributes: pairs(one.sends) }] : []),
        ...(one.adds ? [{ name: 'groups', add: one.adds }] : []),
        ...(one.then ? [{ name: one.then }] : []),
      ],
      immutable: one.refuses ?? [],
    } satisfies { steps: unknown[]; immutable: Update['immutable'] });
  });
});
