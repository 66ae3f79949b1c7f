import { dailyLimit, undelivered } from './delivery.js';
import { internalError, LocalPoolError, rateExceeded, ServiceError } from './errors.js';
import {
  asBoolean,
  asList,
  asNumber,
  asObject,
  asOneOf,
  asRegExp,
  asText,
  onlyKnown,
  type JsonObject,
} from './json-shape.js';

/** How a call can go wrong; docs/local-pool.md says what a client sees of each. */
export type FaultKind =
  | 'throttle'
  | 'internal-error'
  | 'unavailable'
  | 'reset-before'
  | 'reset-after'
  | 'cut-off'
  | 'hang'
  | 'slow'
  | 'access-denied'
  | 'expired-token'
  | 'daily-limit'
  | 'trigger-refuses'
  | 'code-delivery-failure';

const KINDS: readonly FaultKind[] = [
  'throttle',
  'internal-error',
  'unavailable',
  'reset-before',
  'reset-after',
  'cut-off',
  'hang',
  'slow',
  'access-denied',
  'expired-token',
  'daily-limit',
  'trigger-refuses',
  'code-delivery-failure',
];

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

/** What becomes of one call. */
export interface Misfortune {
  readonly kind: FaultKind;
  /** The call is carried out before it goes wrong. */
  readonly effect: boolean;
  /** The refusal that is answered, where the kind is one. */
  readonly refusal: ServiceError | undefined;
  readonly ms: number;
}

interface Rule {
  readonly given: FaultRule;
  readonly operations: ReadonlySet<string> | undefined;
  readonly username: RegExp | undefined;
  seen: number;
  struck: number;
}

const AFTER_EFFECT: ReadonlySet<FaultKind> = new Set([
  'reset-after',
  'cut-off',
  'slow',
  // boto3#3524: the user is there although the message could not be delivered.
  'code-delivery-failure',
]);

/** A plan at work: it counts the calls that fit each rule. Exact, given the same `random`. */
export class Faults {
  readonly #rules: readonly Rule[];
  readonly #now: () => number;
  readonly #random: () => number;
  readonly #since: number;

  constructor(plan: FaultPlan, now: () => number, random: () => number) {
    this.#rules = plan.rules.map((given) => ({
      given,
      operations: given.operation === undefined ? undefined : new Set([given.operation].flat()),
      username: given.username === undefined ? undefined : new RegExp(given.username, 'u'),
      seen: 0,
      struck: 0,
    }));
    this.#now = now;
    this.#random = random;
    this.#since = now();
  }

  strike(operation: string, username: string | undefined): Misfortune | undefined {
    for (const rule of this.#rules) {
      if (!this.#strikes(rule, operation, username)) continue;
      const { kind, effect = AFTER_EFFECT.has(kind), ms = 0 } = rule.given;
      return { kind, effect, refusal: refusalOf(kind, operation), ms };
    }
    return undefined;
  }

  #strikes(rule: Rule, operation: string, username: string | undefined): boolean {
    const { given } = rule;
    if (rule.operations?.has(operation) === false) return false;
    if (rule.username !== undefined && !rule.username.test(username ?? '')) return false;
    if (given.between !== undefined) {
      const seconds = (this.#now() - this.#since) / 1000;
      if (seconds < given.between[0] || seconds >= given.between[1]) return false;
    }
    rule.seen += 1;
    const nth = rule.seen - (given.after ?? 0);
    if (nth <= 0 || nth % (given.every ?? 1) !== 0) return false;
    if (rule.struck >= (given.count ?? Infinity)) return false;
    if (given.probability !== undefined && this.#random() >= given.probability) return false;
    rule.struck += 1;
    return true;
  }
}

function refusalOf(kind: FaultKind, operation: string): ServiceError | undefined {
  switch (kind) {
    case 'throttle':
      return rateExceeded();
    case 'internal-error':
      return internalError();
    case 'access-denied':
      return new ServiceError(
        'AccessDeniedException',
        `User: arn:aws:iam::000000000000:user/local is not authorized to perform: cognito-idp:${operation}`,
      );
    case 'expired-token':
      return new ServiceError(
        'ExpiredTokenException',
        'The security token included in the request is expired',
      );
    case 'daily-limit':
      return dailyLimit();
    case 'trigger-refuses':
      return new ServiceError(
        'UserLambdaValidationException',
        'PreSignUp failed with error This user is refused.',
      );
    case 'code-delivery-failure':
      return undelivered();
    default:
      return undefined;
  }
}
