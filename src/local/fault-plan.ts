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
import type { JsonObject } from './json-shape.js';

const KINDS = [
  'throttle',
  'internal-error',
  'unavailable',
  'reset-before',
  'reset-after',
  'cut-off',
  'trickle',
  'endless',
  'empty',
  'hang',
  'slow',
  'access-denied',
  'expired-token',
  'daily-limit',
  'trigger-refuses',
  'code-delivery-failure',
] as const;

/** How a call can go wrong; docs/local-pool.md says what a client sees of each. */
export type FaultKind = (typeof KINDS)[number];

/** One misfortune. A rule without conditions strikes every call. */
export interface FaultRule {
  readonly kind: FaultKind;
  /** An operation's name, or several. */
  readonly operation?: string | readonly string[];
  /** A regular expression on the request's Username (or USERNAME). */
  readonly username?: string;
  /** From 0 to 1: how likely it strikes a call that fits. */
  readonly probability?: number;
  /** It strikes each nth call that fits. */
  readonly every?: number;
  /** It leaves the first calls that fit alone. */
  readonly after?: number;
  /** It strikes at most this often. */
  readonly count?: number;
  /** Seconds since the plan was set: from, until. */
  readonly between?: readonly [number, number];
  /** Whether the call is carried out all the same; what is usual differs by kind. */
  readonly effect?: boolean;
  /** For `slow`: milliseconds until the answer. */
  readonly ms?: number;
}

/** Misfortunes; the first rule that strikes decides. */
export interface FaultPlan {
  readonly rules: readonly FaultRule[];
}

const RULE_MEMBERS = [
  'kind',
  'operation',
  'username',
  'probability',
  'every',
  'after',
  'count',
  'between',
  'effect',
  'ms',
];

/**
 * A plan from parsed JSON: `{"rules": [...]}` or the list alone.
 * @throws LocalPoolError one sentence that names the member.
 */
export function readFaultPlan(json: unknown): FaultPlan {
  if (Array.isArray(json)) return readFaultPlan({ rules: json as unknown[] });
  const plan = asObject(json, 'The fault plan');
  onlyKnown(plan, 'The fault plan', ['rules']);
  asList(plan['rules'], 'rules').forEach((rule, index) => {
    readRule(asObject(rule, `rules[${index}]`), `rules[${index}]`);
  });
  return plan as unknown as FaultPlan;
}

function readRule(rule: JsonObject, where: string): void {
  onlyKnown(rule, where, RULE_MEMBERS);
  asOneOf(rule['kind'], `${where}.kind`, KINDS);
  const given = (name: string, read: (value: unknown, at: string) => void): void => {
    if (rule[name] !== undefined) read(rule[name], `${where}.${name}`);
  };
  given('operation', (value, at) => {
    for (const name of Array.isArray(value) ? (value as unknown[]) : [value]) asText(name, at);
  });
  given('username', asRegExp);
  given('probability', (value, at) => asNumber(value, at, 0, 1));
  given('every', (value, at) => asNumber(value, at, 1));
  given('after', (value, at) => asNumber(value, at, 0));
  given('count', (value, at) => asNumber(value, at, 0));
  given('effect', asBoolean);
  given('between', (value, at) => {
    const [from, until, ...more] = asList(value, at);
    if (more.length > 0) throw new LocalPoolError(`${at} must be two numbers of seconds.`);
    asNumber(until, `${at}[1]`, asNumber(from, `${at}[0]`, 0));
  });
  given('ms', (value, at) => asNumber(value, at, 0));
  if (rule['kind'] === 'slow' && rule['ms'] === undefined) {
    throw new LocalPoolError(`${where}.ms says how slow: it must be there for the kind "slow".`);
  }
}
