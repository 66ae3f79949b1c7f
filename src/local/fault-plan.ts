import {
  between,
  flag,
  list,
  object,
  oneOf,
  only,
  ShapeError,
  text,
} from '../cognito/json-shape.js';
import type { JsonObject, Read } from '../cognito/json-shape.js';
import { check, regExp } from './read-json.js';

/** All of them. */
export const faultKinds = [
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
export type FaultKind = (typeof faultKinds)[number];

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

const operations: Read = (value, where) =>
  Array.isArray(value) ? list(text)(value, where) : text(value, where);

const span: Read = (value, where) => {
  const [from, until, ...more] = list(between(0))(value, where) as number[];
  if (from !== undefined && until !== undefined && until >= from && more.length === 0) return value;
  throw new ShapeError(`${where} must be two numbers of seconds, the smaller one first.`);
};

const ruleMembers = only({
  'kind!': oneOf(...faultKinds),
  operation: operations,
  username: regExp,
  probability: between(0, 1),
  every: between(1),
  after: between(0),
  count: between(0),
  between: span,
  effect: flag,
  ms: between(0),
});

const rule: Read = (value, where) => {
  const { kind, ms } = ruleMembers(value, where) as JsonObject;
  if (kind !== 'slow' || ms !== undefined) return value;
  throw new ShapeError(`${where}.ms says how slow: it must be there for the kind "slow".`);
};

/**
 * A plan from parsed JSON: `{"rules": [...]}` or the list alone.
 * @throws LocalPoolError one sentence that names the member.
 */
export function readFaultPlan(json: unknown): FaultPlan {
  if (Array.isArray(json)) return readFaultPlan({ rules: json as unknown[] });
  check(only({ rules: () => undefined }), json, 'The fault plan');
  check(object({ 'rules!': list(rule) }), json, '');
  return json as FaultPlan;
}
