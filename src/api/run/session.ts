import { Calls } from '../../apply/calls.js';
import { fasterClock, systemClock } from '../../apply/clock.js';
import type { Clock } from '../../apply/clock.js';
import { mostRowsAtOnce } from '../../apply/concurrency.js';
import { Stop, Stopped } from '../../apply/stop.js';
import type { ReadableUserPool, UserPool } from '../../cognito/user-pool.js';
import { refuseEndpoint } from './endpoint.js';
import { Figures } from './figures.js';
import type { RunListener } from '../listener.js';
import type { CallOptions, Interruption, PoolOptions, RunOptions } from '../options.js';
import { defaultRates, findRates, perSecond } from './rates.js';
import type { Rate } from './rates.js';
import { Refusal } from '../refusal.js';
import { Releases } from './releases.js';
import type { Category } from '../../cognito/quotas.js';

const defaultMaxAttempts = 8;
/** For one call. */
export const defaultTimeoutMs = 10_000;

/** What a session is told anew, also where it goes on with an earlier one's work. */
export type SessionOptions = CallOptions & Pick<RunOptions, 'mask'>;

/** What every command that works on a pool has at hand while it runs. */
export interface Session {
  readonly options: SessionOptions;
  readonly listener: RunListener;
  readonly clock: Clock;
  readonly random: () => number;
  readonly stop: Stop;
  readonly releases: Releases;
  readonly notice: (message: string) => void;
  /** What was noticed so far, for the reports. */
  readonly notices: readonly string[];
}

/** Runs a piece of work and releases, whatever happened, all that it took. */
export async function withSession<T>(
  options: SessionOptions,
  listener: RunListener,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const releases = new Releases();
  const stop = new Stop();
  const notices: string[] = [];
  const clock = options.speed === undefined ? systemClock : fasterClock(systemClock, options.speed);
  try {
    releases.add(stopOnSignal(stop, options.signal));
    if (options.maxDurationMs !== undefined) {
      releases.add(stopAfter(stop, options.maxDurationMs, clock));
    }
    const result = await work({
      options,
      listener,
      clock,
      random: Math.random,
      stop,
      releases,
      notice: (message) => {
        notices.push(message);
        listener.onNotice?.(message);
      },
      notices,
    });
    await releases.release();
    return result;
  } catch (error) {
    // What went wrong first is what the user has to know.
    await releases.release().catch(() => undefined);
    // Standard input that is waited for ends with an AbortError of Node's.
    const stopped = error instanceof Stopped || (error as Error).name === 'AbortError';
    if (!stopped || !stop.reason) throw error;
    const { message, exitCode } = stop.reason;
    throw new Refusal(`Ended before anything was sent: ${message}.`, exitCode);
  }
}

/**
 * Opens the pool. The AWS SDK is loaded only here: it costs more than all the rest of a start. Throws
 * a `Refusal` for an endpoint that can't be one.
 */
export async function openPool(pool: PoolOptions, session: Session): Promise<UserPool> {
  refuseEndpoint(pool.endpointUrl);
  const { connect } = await import('../../cognito/connect.js');
  const opened = await connect({
    ...pool,
    timeoutMs: session.options.timeoutMs ?? defaultTimeoutMs,
    maxConnections: mostRowsAtOnce,
  });
  session.releases.add(() => {
    opened.close();
  });
  return opened;
}

/** The calls of a session, counted, at the rates that the account has. */
export interface SessionCalls {
  readonly calls: Calls;
  readonly figures: Figures;
  readonly rates: Readonly<Record<Category, Rate>>;
}

/** Calls for the first look at a pool, at the published rates. */
export function firstCalls(session: Session): Calls {
  const rates = perSecond(defaultRates(session.options));
  return new Calls(
    { rates, maxAttempts: maxAttempts(session) },
    session.clock,
    session.random,
    session.stop,
  );
}

/** Calls at the rates that the account has, of which those of `asked` are looked up. */
export async function sessionCalls(
  session: Session,
  pool: ReadableUserPool,
  asked: readonly Category[],
): Promise<SessionCalls> {
  const { options, clock, random, stop, listener } = session;
  const rates = await findRates(options, asked, pool, firstCalls(session), (message) => {
    session.notice(message);
  });
  const figures = new Figures(rates, clock);
  const calls = new Calls(
    {
      rates: perSecond(rates),
      maxAttempts: maxAttempts(session),
      probe: () => pool.describeUserPool(),
      onCall: (operation, outcome, milliseconds) => {
        figures.count(operation, outcome, milliseconds);
        listener.onCall?.(operation, outcome, milliseconds);
      },
    },
    clock,
    random,
    stop,
  );
  return { calls, figures, rates };
}

function maxAttempts(session: Session): number {
  return session.options.maxAttempts ?? defaultMaxAttempts;
}

function stopOnSignal(stop: Stop, signal: AbortSignal | undefined): () => void {
  const onAbort = (): void => {
    const { by, exitCode } = interruptionOf(signal?.reason);
    stop.request({
      outcome: 'interrupted',
      code: 'interrupted',
      message: `${by} ended it`,
      exitCode,
    });
  };
  if (signal?.aborted === true) onAbort();
  signal?.addEventListener('abort', onAbort);
  return () => {
    signal?.removeEventListener('abort', onAbort);
  };
}

function interruptionOf(reason: unknown): Interruption {
  const isOne =
    typeof reason === 'object' && reason !== null && 'by' in reason && 'exitCode' in reason;
  return isOne ? (reason as Interruption) : { by: 'An abort signal', exitCode: 130 };
}

/** Timers hold 31 bits of milliseconds; a run of more than 24 days needs no bound. */
const longestMs = 2 ** 31 - 1;

function stopAfter(stop: Stop, milliseconds: number, clock: Clock): () => void {
  const over = new AbortController();
  void clock.sleep(Math.min(milliseconds, longestMs), over.signal).then(() => {
    if (over.signal.aborted) return;
    stop.request({
      outcome: 'stopped',
      code: 'max-duration',
      message: 'the time that --max-duration gives is over',
    });
  });
  return () => {
    over.abort();
  };
}
