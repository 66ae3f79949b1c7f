import type { Clock } from '../../src/apply/clock.js';
import { PoolError } from '../../src/cognito/errors.js';
import type { Operation } from '../../src/cognito/quotas.js';
import type { CreateUserRequest, UserPool } from '../../src/cognito/user-pool.js';
import type { ScriptedPool } from '../support/scripted-pool.js';

/** What becomes of one call. */
export type Fate =
  | 'ok'
  | 'slow'
  | 'throttled'
  | 'unreachable'
  /** The connection breaks before the call was done, after it, or a while before. */
  | 'lost'
  | 'lost-done'
  | 'lost-done-later'
  | 'fault'
  | 'fault-done'
  /** No answer until the client gives up. */
  | 'hangs'
  | 'hangs-done'
  | 'not-yet-there'
  | 'expired-token'
  /** The day's messages are used up; the user is there, or is not. */
  | 'daily-limit'
  | 'daily-limit-done'
  /** The user is made and the message can't be delivered. */
  | 'undelivered-done';

export const fates: readonly Fate[] = [
  'slow',
  'throttled',
  'unreachable',
  'lost',
  'lost-done',
  'lost-done-later',
  'fault',
  'fault-done',
  'hangs',
  'hangs-done',
  'not-yet-there',
  'expired-token',
  'daily-limit',
  'daily-limit-done',
  'undelivered-done',
];

const codes: Readonly<Partial<Record<Fate, readonly [code: string, status?: number]>>> = {
  throttled: ['TooManyRequestsException', 400],
  unreachable: ['ECONNREFUSED'],
  lost: ['ECONNRESET'],
  'lost-done': ['ECONNRESET'],
  'lost-done-later': ['ECONNRESET'],
  fault: ['InternalErrorException', 500],
  'fault-done': ['InternalErrorException', 500],
  hangs: ['TimeoutError'],
  'hangs-done': ['TimeoutError'],
  'not-yet-there': ['UserNotFoundException', 400],
  'expired-token': ['ExpiredTokenException', 400],
  'daily-limit': ['LimitExceededException', 400],
  'daily-limit-done': ['LimitExceededException', 400],
  'undelivered-done': ['CodeDeliveryFailureException', 400],
};

const timeoutMs = 10_000;

/** Calls that a user made a moment ago may be unknown to. */
const soonAfterCreate: ReadonlySet<Operation> = new Set([
  'AdminAddUserToGroup',
  'AdminSetUserPassword',
  'AdminInitiateAuth',
  'AdminDisableUser',
]);

/** A call that a create or an invitation is. */
export interface SentCall {
  readonly operation: Operation;
  readonly fate: Fate;
  readonly args: readonly unknown[];
}

/**
 * A pool between which and its client something goes wrong. What the client asked for may be done
 * also after the client is dead; the client then hears nothing any more.
 */
export class FaultyPool {
  readonly #inner: ScriptedPool;
  readonly #clock: Clock;
  /** Of the machine on which the client runs. */
  readonly #clientClock: Clock;
  #schedule: readonly Fate[];
  /** Users whom a trigger of the pool refuses. */
  readonly #refused: ReadonlySet<string>;
  #calls = 0;
  #life = 0;
  #made = 0;
  /** Called when a call was sent. */
  onCall: (call: SentCall) => void = () => undefined;

  constructor(
    inner: ScriptedPool,
    clock: Clock,
    clientClock: Clock,
    schedule: readonly Fate[],
    refused: ReadonlySet<string>,
  ) {
    this.#inner = inner;
    this.#clock = clock;
    this.#clientClock = clientClock;
    this.#schedule = schedule;
    this.#refused = refused;
  }

  /** What becomes of the calls from now on; those behind the last go well. */
  befall(schedule: readonly Fate[]): void {
    this.#schedule = schedule;
    this.#calls = 0;
  }

  /** No client of before gets an answer any more. */
  kill(): void {
    this.#life++;
  }

  /** The pool as a client of now sees it. */
  client(): UserPool {
    const life = this.#life;
    return new Proxy<UserPool>(this.#inner, {
      get: (inner, name) => {
        // Known from the answers, and held against what does not jump.
        if (name === 'clockOffsetMs') {
          return inner.clockOffsetMs + this.#clock.wall() - this.#clientClock.wall();
        }
        const value: unknown = Reflect.get(inner, name, inner);
        if (typeof value !== 'function' || typeof name !== 'string' || name === 'close')
          return value;
        return (...args: readonly unknown[]) => this.#call(life, name, args);
      },
    });
  }

  async #call(life: number, method: string, args: readonly unknown[]): Promise<unknown> {
    const operation = `${method.charAt(0).toUpperCase()}${method.slice(1)}` as Operation;
    const fate = this.#fateOf(operation, args, this.#schedule[this.#calls++] ?? 'ok');
    if (life === this.#life) this.onCall({ operation, fate, args });
    if (life !== this.#life) return new Promise(() => undefined);
    try {
      const answer = await this.#answer(operation, method, args, fate);
      await this.#clock.sleep(10);
      return await this.#unlessDead(life, () => answer);
    } catch (error) {
      return this.#unlessDead(life, () => {
        throw error;
      });
    }
  }

  #unlessDead<T>(life: number, then: () => T): Promise<T> {
    return life === this.#life ? Promise.resolve().then(then) : new Promise(() => undefined);
  }

  /** Some misfortunes befall some calls only. */
  #fateOf(operation: Operation, args: readonly unknown[], fate: Fate): Fate {
    const request = operation === 'AdminCreateUser' ? (args[0] as CreateUserRequest) : undefined;
    if (fate === 'daily-limit' || fate === 'daily-limit-done' || fate === 'undelivered-done') {
      if (request?.invite === undefined) return 'ok';
      return request.resend === true && fate === 'daily-limit-done' ? 'daily-limit' : fate;
    }
    if (fate !== 'not-yet-there') return fate;
    return soonAfterCreate.has(operation) ? fate : 'ok';
  }

  async #answer(
    operation: Operation,
    method: string,
    args: readonly unknown[],
    fate: Fate,
  ): Promise<unknown> {
    await this.#clock.sleep(fate === 'slow' ? 4_000 : 15);
    if (fate === 'lost-done-later') {
      void this.#clock
        .sleep(900)
        .then(() => this.#effect(operation, method, args))
        .catch(() => undefined); // the service refuses what is there by then, and nobody hears it
    }
    const isDone = fate.endsWith('-done');
    const done =
      fate === 'ok' || fate === 'slow' || isDone
        ? this.#effect(operation, method, args, fate)
        : undefined;
    // A refusal comes before what would have befallen the answer; a lost answer tells neither.
    const answer = isLost(fate) ? await done?.catch(() => undefined) : await done;
    if (fate === 'hangs' || fate === 'hangs-done') await this.#clock.sleep(timeoutMs);
    const [code, status] = codes[fate] ?? [];
    if (code === undefined) return answer;
    throw new PoolError(operation, code, `the pool says ${code}`, status);
  }

  async #effect(
    operation: Operation,
    method: string,
    args: readonly unknown[],
    fate: Fate = 'ok',
  ): Promise<unknown> {
    const request = operation === 'AdminCreateUser' ? (args[0] as CreateUserRequest) : undefined;
    if (request && request.resend !== true && this.#refused.has(request.username)) {
      throw new PoolError(operation, 'UserLambdaValidationException', 'refused', 400);
    }
    const isUntold = fate === 'daily-limit-done' || fate === 'undelivered-done';
    if (request?.resend === true) {
      const user = this.#inner.users.find(({ username }) => username === request.username);
      if (user && user.status !== 'FORCE_CHANGE_PASSWORD') {
        throw new PoolError(operation, 'UnsupportedUserStateException', 'has a password', 400);
      }
      this.#forgetPassword(request);
    }
    if (request && isUntold) {
      if (request.resend === true) return undefined;
      const { username, attributes, temporaryPassword } = request;
      return this.#inner.adminCreateUser({
        username,
        attributes,
        ...(temporaryPassword !== undefined && { temporaryPassword }),
      });
    }
    const call = Reflect.get(this.#inner, method) as (
      ...args: readonly unknown[]
    ) => Promise<unknown>;
    return call.apply(this.#inner, [...args]);
  }

  /** A second invitation has another password, unless it is told one. */
  #forgetPassword({
    username,
    temporaryPassword = `Made-${++this.#made}`,
  }: CreateUserRequest): void {
    const user = this.#inner.users.find((one) => one.username === username);
    if (user) user.password = temporaryPassword;
  }
}

function isLost(fate: Fate): boolean {
  return fate.startsWith('lost') || fate.startsWith('hangs') || fate.startsWith('fault');
}
