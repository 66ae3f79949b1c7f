import { PoolError } from '../cognito/errors.js';
import type { Effort } from './calls.js';
import { StepRefused } from './result.js';
import { Stopped } from './stop.js';
import type { Stop } from './stop.js';

/** What ended a row before all was done. */
export interface RowEnd {
  /** What a row is for which nothing was done. */
  readonly status: 'failed' | 'not-attempted';
  readonly code: string;
  readonly message: string;
  /** False where `resume` goes on with the row. */
  readonly final: boolean;
}

/**
 * Says what an error means for its row, and asks the run to stop where no other row can succeed
 * either. Throws what is no row's matter on.
 */
export function rowEnd(error: unknown, { attempts }: Effort, stop: Stop): RowEnd {
  if (error instanceof Stopped) {
    const message = 'the run ended before this row was done: resume goes on with it';
    return { status: 'not-attempted', code: stop.reason?.code ?? 'stopped', message, final: false };
  }
  if (error instanceof StepRefused) {
    return { status: 'failed', code: error.code, message: error.message, final: true };
  }
  if (!(error instanceof PoolError)) throw error;
  const { code, message, kind, operation } = error;
  switch (kind) {
    case 'stops':
    case 'daily-limit':
      stop.request({ outcome: 'stopped', code, message: `${operation}: ${message}` });
      return { status: 'not-attempted', code, message, final: false };
    case 'lost':
    case 'unreachable':
      return {
        status: 'failed',
        code,
        message: `no answer to ${operation} in ${attempts} tries: resume goes on with it`,
        final: false,
      };
    default:
      return { status: 'failed', code, message, final: true };
  }
}
