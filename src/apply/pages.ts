import { PoolError } from '../cognito/errors.js';
import type { Operation } from '../cognito/quotas.js';
import type { Page } from '../cognito/user-pool.js';

/**
 * Reads a list page by page. Rejects with a `PoolError` where a page leads to itself: a list that goes
 * round in a circle has no end.
 */
export async function eachPage<T>(
  operation: Operation,
  read: (next: string | undefined) => Promise<Page<T>>,
  take: (items: readonly T[]) => unknown,
): Promise<void> {
  let next: string | undefined;
  do {
    const page = await read(next);
    if (page.next !== undefined && page.next === next) {
      throw new PoolError(
        operation,
        'RepeatedPage',
        'the pool gives the same page of its list again and again: try again later',
      );
    }
    await take(page.items);
    next = page.next;
  } while (next !== undefined);
}
