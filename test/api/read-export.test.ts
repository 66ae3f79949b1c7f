import { describe, expect, it } from 'vitest';

import { Census } from '../../src/api/export/export-census.js';
import type { ExportPage } from '../../src/api/export/export-page.js';
import { linesOf } from '../../src/api/export/export-page.js';
import { readPages } from '../../src/api/export/read-export.js';
import type { Session } from '../../src/api/run/session.js';
import { Releases } from '../../src/api/run/releases.js';
import type { Page, PoolUser } from '../../src/cognito/user-pool.js';
import { benchWith } from '../support/apply-bench.js';
import { ScriptedPool } from '../support/scripted-pool.js';

function userOf(name: string, status = 'CONFIRMED'): PoolUser {
  const attributes = [{ Name: 'sub', Value: `sub-${name}` }];
  const times = { createdAt: 0, modifiedAt: 0 };
  return { username: name, sub: `sub-${name}`, attributes, enabled: true, status, ...times };
}

/** A pool whose lists have these pages. */
class PagedPool extends ScriptedPool {
  readonly #users: readonly (readonly PoolUser[])[];
  readonly #members: Readonly<Record<string, readonly (readonly PoolUser[])[]>>;

  constructor(
    users: readonly (readonly PoolUser[])[],
    members: Readonly<Record<string, readonly (readonly PoolUser[])[]>>,
  ) {
    super(benchWith().clock, {});
    this.#users = users;
    this.#members = members;
  }

  override listUsers({ next }: { next?: string }): Promise<Page<PoolUser>> {
    return Promise.resolve(pageAt(this.#users, next));
  }

  override listUsersInGroup(group: string, next?: string): Promise<Page<PoolUser>> {
    return Promise.resolve(pageAt(this.#members[group] ?? [], next));
  }
}

function pageAt(pages: readonly (readonly PoolUser[])[], next = '0'): Page<PoolUser> {
  const at = Number(next);
  return { items: pages[at] ?? [], next: at + 1 < pages.length ? String(at + 1) : undefined };
}

async function read(pool: PagedPool, groups: readonly string[], census: Census) {
  const { calls, stop, clock } = benchWith({ rates: { UserList: Infinity } });
  const session: Session = {
    options: {},
    listener: {},
    clock,
    random: () => 0.5,
    stop,
    releases: new Releases(),
    notice: () => undefined,
    notices: [],
  };
  const pages: ExportPage[] = [];
  for await (const page of readPages({ pool, calls, groups, users: 0 }, census, session)) {
    pages.push(page);
  }
  return pages;
}

const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((name) => userOf(name)) as [
  PoolUser,
  PoolUser,
  PoolUser,
  PoolUser,
];
const external = userOf('google_1', 'EXTERNAL_PROVIDER');

const namesOf = (pages: readonly ExportPage[]): string[] =>
  pages.flatMap((page) =>
    page.list === 'users' ? page.users.map(({ username }) => username) : [],
  );

describe('reading a pool for an export', () => {
  it('takes each user once, however often the pages repeat them', async () => {
    const pool = new PagedPool([[a, b, external], [b, external, c], [], [a, c, c, d]], {});
    const census = new Census();
    expect(namesOf(await read(pool, [], census))).toEqual(['a', 'b', 'c', 'd']);
    expect([census.users, census.external]).toEqual([4, 1]);
  });

  it('knows the groups of everybody, each once', async () => {
    const pool = new PagedPool([[a, b, c, d]], {
      staff: [[a, b], [b, c], [a]],
      admins: [[a]],
      empty: [],
    });
    const census = new Census();
    await read(pool, ['staff', 'admins', 'empty'], census);
    const groups = ['a', 'b', 'c', 'd'].map((name) => census.groupsOf(`sub-${name}`));
    expect(groups).toEqual([['admins', 'staff'], ['staff'], ['staff'], []]);
    expect(census.groupsOf('sub-nobody')).toEqual([]);
    expect(census.hasGroups).toBe(true);
  });

  it('goes on from any page as if it had not stopped', async () => {
    const members = { staff: [[a], [c, external]], admins: [[b, c]] };
    const pool = new PagedPool(
      [
        [a, external],
        [a, b],
        [c, d],
      ],
      members,
    );
    const groups = ['staff', 'admins'];
    const whole = await read(pool, groups, new Census());
    for (let kept = 0; kept <= whole.length; kept++) {
      const census = new Census();
      const before = whole.slice(0, kept);
      for (const page of before) census.take(page);
      const rest = await read(pool, groups, census);
      expect(rest.length, `after ${kept} pages`).toBe(whole.length - kept);
      expect(namesOf([...before, ...rest])).toEqual(['a', 'b', 'c', 'd']);
      expect(census.groupsOf('sub-c')).toEqual(['admins', 'staff']);
      expect([census.users, census.external]).toEqual([4, 1]);
    }
  });

  it('counts no group whose members are all of identity providers', async () => {
    const census = new Census();
    await read(new PagedPool([[a, external]], { google: [[external]] }), ['google'], census);
    expect(census.hasGroups).toBe(false);
  });
});

describe('lines of chunks', () => {
  it('are the same wherever the chunks end, without what no line feed ends', async () => {
    const bytes = Buffer.from('{"é":1}\n\n\u2028 \r日本\ntorn');
    for (let size = 1; size <= bytes.length; size++) {
      const chunks = async function* (): AsyncGenerator<Buffer> {
        for (let at = 0; at < bytes.length; at += size) {
          yield await Promise.resolve(bytes.subarray(at, at + size));
        }
      };
      const lines: string[] = [];
      for await (const line of linesOf(chunks())) lines.push(line);
      expect(lines).toEqual(['{"é":1}', '', '\u2028 \r日本']);
    }
  });
});
