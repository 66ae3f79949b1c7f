import type { PlanCounts } from './planned.js';

/** `--max-removals`: so many users, or so many of a hundred in the scope. */
export type RemovalCap = { readonly users: number } | { readonly percent: number };

/** More users than may be disabled or deleted. */
export interface OverCap {
  readonly removals: number;
  readonly allowed: number;
}

/** What a sync may take away unless somebody says otherwise. */
export const defaultRemovalCap: RemovalCap = { percent: 10 };

/** The most users who may be disabled or deleted. */
export function mostRemovals(cap: RemovalCap, { scope }: PlanCounts): number {
  return 'users' in cap ? cap.users : Math.floor((scope * cap.percent) / 100);
}

/** Users whom a plan disables or deletes. */
export function removals({ disable, delete: deleted }: PlanCounts): number {
  return disable + deleted;
}
