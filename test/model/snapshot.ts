import type { ScriptedPool } from '../support/scripted-pool.js';

/** A user as the pool has them at some moment. */
export interface Snapshot {
  readonly sub: string;
  readonly username: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly groups: readonly string[];
  readonly enabled: boolean;
}

/** Everybody, by `sub`. */
export function snapshotOf({ users }: ScriptedPool): ReadonlyMap<string, Snapshot> {
  return new Map(
    users.map(({ sub, username, attributes, groups, enabled }) => {
      const values = attributes.map(({ Name, Value }) => [Name, Value] as const);
      const sorted = Object.fromEntries(values.sort(([a], [b]) => (a < b ? -1 : 1)));
      return [sub, { sub, username, attributes: sorted, groups: [...groups].sort(), enabled }];
    }),
  );
}
