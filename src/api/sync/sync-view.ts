import type { PoolDescription } from '../../cognito/description.js';
import type { SyncSettings } from '../../plan/sync-plan.js';
import type { Header } from '../../record/header.js';
import type { Source } from '../../source/index.js';
import { openView } from '../import/import-run.js';
import type { View } from '../import/import-run.js';
import { nearestName } from '../presets/nearest-name.js';
import { Refusal } from '../refusal.js';
import type { Session } from '../run/session.js';
import { protectedPeople } from './protected-people.js';
import type { SyncOptions } from '../options.js';

/** What of a sync is known once its pool was read and its header stands. */
export interface SyncView extends View {
  readonly sync: SyncSettings;
  /** What is worth saying where users are made, and not of a sync that makes none. */
  readonly aboutNewUsers: readonly string[];
}

/** Opens the pool and holds the header and the options against it. */
export async function openSyncView(
  options: SyncOptions,
  source: Source,
  session: Session,
): Promise<SyncView> {
  const sync: SyncSettings = {
    key: options.key ?? 'username',
    groupsMode: options.groupsMode ?? 'add',
    missing: options.missing ?? 'ignore',
    scope: options.scope ?? { is: 'all' },
    protected: await protectedPeople(options.protect, options.signal),
  };
  const rows = { ...options, onExisting: 'fail' } as const;
  const aboutNewUsers: string[] = [];
  const view = await openView(rows, options.pool, source, session.clock.wall(), {
    ...session,
    notice: (message) => aboutNewUsers.push(message),
  });
  refuseUnknownNames(sync, view.header, view.description);
  return { ...view, sync, aboutNewUsers };
}

/** A scope or key that is not there would make everybody missing, or new. */
function refuseUnknownNames(
  { key, scope }: SyncSettings,
  header: Header,
  { UserPool }: PoolDescription,
): void {
  const known = new Set((UserPool.SchemaAttributes ?? []).map(({ Name }) => Name));
  const isKnown = (name: string): boolean => known.size === 0 || known.has(name);
  if (scope.is === 'attribute' && !isKnown(scope.name)) {
    throw new Refusal(`The pool has no attribute "${scope.name}", which --scope names.`);
  }
  if (key === 'username') return;
  if (!isKnown(key)) {
    const inFile = header.columns.map(({ name }) => name);
    const nearest = nearestName(key, [...known, ...inFile, 'username']);
    const hint = nearest === undefined ? '.' : `: did you mean ${nearest}?`;
    throw new Refusal(`The pool has no attribute "${key}", which --key names${hint}`);
  }
  if (header.columns.every(({ kind, name }) => kind !== 'attribute' || name !== key)) {
    throw new Refusal(
      `The file has no attribute column "${key}", which --key names: add it, or map one to it.`,
    );
  }
}
