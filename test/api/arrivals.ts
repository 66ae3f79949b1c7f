import { importUsers, type RowOptions } from '../../src/index.js';
import { openPlace, poolOf } from '../support/place.js';

/** What a file brings into a pool. */
export interface Arrivals {
  /** Each user in the order of the file: the attributes by name, and what else they have. */
  readonly users: readonly Readonly<Record<string, unknown>>[];
  /** Line and code of each row that is not fine. */
  readonly rejected: readonly (readonly [line: number, code: string | undefined])[];
  readonly notices: readonly string[];
  /** The columns of rejects.csv; none where every row is fine. */
  readonly reject: (name: string) => string;
}

export interface Asked extends RowOptions {
  readonly encoding?: string;
  readonly header?: readonly string[];
}

/** Imports a file into a new pool of the kind that `fixtures/pools/` has under this name. */
export async function arrivals(file: string, kind: string, asked: Asked = {}): Promise<Arrivals> {
  const place = await openPlace({ settings: poolOf(kind) });
  const rejected: [number, string | undefined][] = [];
  const notices: string[] = [];
  await importUsers(
    {
      file,
      pool: {
        userPoolId: place.pool.userPoolId,
        region: place.pool.region,
        endpointUrl: place.pool.endpoint,
        credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
      },
      rate: { UserCreation: 5000, UserUpdate: 5000, UserRead: 5000 },
      concurrency: 1,
      reports: place.path('reports'),
      run: 'r',
      ...asked,
    },
    { onNotice: (message) => notices.push(message) },
  );
  for (const { line, status, code } of place.results()) {
    if (status !== 'created') rejected.push([Number(line), code]);
  }
  const inOrder = place.results().flatMap(({ sub }) => {
    const user = [...place.pool.users()].find((one) => one.sub === sub);
    return user ? [user] : [];
  });
  const users = inOrder.map(({ username, sub, enabled, attributes, groups }) => ({
    // A pool with email sign-in makes up the usernames: the sub.
    ...(username !== sub && { username }),
    ...attributes,
    ...(!enabled && { enabled }),
    ...(groups.length > 0 && { groups: [...groups].sort() }),
  }));
  return { users, rejected, notices, reject: (name) => place.text(name) };
}
