import { invalidParameter } from './errors.js';

/** [QUOTAS] a page holds at most 60; that is also what no limit, or 0, gives. */
const PAGE = 60;

export function pageOf(limit: number | undefined): number {
  return limit === undefined || limit === 0 ? PAGE : limit;
}

/** A token says where the next page starts, in a form that nobody is tempted to read. */
export function tokenAt(index: number, bound = ''): string {
  return Buffer.from(`page:${index}:${bound}`).toString('base64url');
}

/**
 * Where a page starts. A token belongs to the request it came from: with another filter or group
 * (`bound`) it is refused.
 */
export function readToken(token: string | undefined, bound = ''): number {
  if (token === undefined) return 0;
  const parts = /^page:([0-9]+):(.*)$/s.exec(Buffer.from(token, 'base64url').toString());
  if (parts?.[2] !== bound) throw invalidParameter('Invalid pagination token.');
  return Number(parts[1]);
}
