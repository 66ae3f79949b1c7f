import pLimit from 'p-limit';

import { newEffort } from './calls.js';
import type { Effort } from './calls.js';
import { Concurrency } from './concurrency.js';
import type { Earlier } from './ledger.js';
import type { RowResult } from './result.js';
import { StopRules } from './stop-rules.js';
import type { ErrorLimit } from './stop-rules.js';
import type { Tools } from './tools.js';

/** Rows that stand ready for the next free place. */
const readAhead = 8;

export interface EngineSettings {
  /** Rows at once; absent: what the rate and the latency need. */
  readonly concurrency?: number;
  /** Creates a second, which bounds the rows a second. */
  readonly rowsPerSecond: number;
  readonly errorLimit?: ErrorLimit;
  /** What an earlier session knows of a row. */
  readonly earlier: (row: number) => Earlier | undefined;
  readonly onResult: (result: RowResult) => void;
}

/**
 * Carries all actions out, as many at once as the rate needs, until they end or the run is asked to
 * stop. Every action that was begun has its result in the ledger when this resolves. Rejects with
 * whatever keeps the ledger or the actions from being read or written; no call is in flight then.
 */
export async function applyAll<A extends { readonly row: number }>(
  batches: AsyncIterable<readonly A[]>,
  apply: (action: A, earlier: Earlier | undefined, effort: Effort) => Promise<RowResult>,
  settings: EngineSettings,
  tools: Pick<Tools, 'stop' | 'ledger' | 'clock'>,
): Promise<void> {
  const { stop, ledger, clock } = tools;
  const concurrency = new Concurrency(settings.rowsPerSecond);
  const rules = new StopRules(settings.errorLimit);
  const rowsAtOnce = (): number => settings.concurrency ?? concurrency.rows;
  const limit = pLimit(rowsAtOnce());
  let running = 0;
  let roomMade: () => void = () => undefined;
  let broken: { readonly error: unknown } | undefined;

  const breakOff = (error: unknown): void => {
    broken ??= { error };
    stop.request({ outcome: 'stopped', code: 'broken-off', message: messageOf(error) });
  };

  const work = async (action: A): Promise<void> => {
    if (stop.reason) return;
    const effort = newEffort();
    const started = clock.monotonic();
    const result = await apply(action, settings.earlier(action.row), effort);
    concurrency.seen(clock.monotonic() - started - effort.pacedMs);
    limit.concurrency = rowsAtOnce();
    ledger.done(result);
    settings.onResult(result);
    const reason = rules.after(result);
    if (reason) stop.request(reason);
  };

  const start = async (action: A): Promise<void> => {
    running++;
    await limit(work, action).catch(breakOff);
    running--;
    roomMade();
  };

  const until = async (isSo: () => boolean): Promise<void> => {
    while (!isSo()) await new Promise<void>((resolve) => (roomMade = resolve));
  };

  try {
    for await (const batch of batches) {
      for (const action of batch) {
        // A row is taken up only when there is room, so that none waits in memory.
        await until(() => running < rowsAtOnce() + readAhead);
        if (stop.reason) break;
        void start(action);
      }
      if (stop.reason) break;
    }
  } catch (error) {
    breakOff(error);
  }
  await until(() => running === 0);
  if (broken) throw broken.error;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
