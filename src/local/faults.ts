import { dailyLimit, undelivered } from './delivery.js';
import { internalError, rateExceeded, ServiceError } from './errors.js';
import type { FaultKind, FaultPlan, FaultRule } from './fault-plan.js';

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
  'trickle',
  'endless',
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

  struckByKind(): Partial<Record<FaultKind, number>> {
    const counts: Partial<Record<FaultKind, number>> = {};
    for (const { given, struck } of this.#rules) {
      if (struck > 0) counts[given.kind] = (counts[given.kind] ?? 0) + struck;
    }
    return counts;
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
