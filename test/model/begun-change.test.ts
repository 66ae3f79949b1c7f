import { expect, it } from 'vitest';

import { changeUser } from '../../src/apply/change-user.js';
import type { ChangeAction } from '../../src/apply/change-user.js';
import type { RowResult } from '../../src/apply/result.js';
import { userFingerprint } from '../../src/plan/fingerprint.js';
import type { Planned } from '../../src/plan/planned.js';
import { benchWith, newEffort, userOf } from '../support/apply-bench.js';
import type { Bench } from '../support/apply-bench.js';

type Plan = (on: { readonly row: 0; readonly sub: string; readonly as: string }) => Planned;

const update: Plan = (on) => ({
  ...on,
  ...{ do: 'update', attributes: ['email'], immutable: [], join: [], leave: ['staff'] },
});
const remove: Plan = (on) => ({ ...on, do: 'delete', username: 'ada' });

/** What a session does about ada, in whose change an earlier one died; somebody did something since. */
async function resumed(
  plan: Plan,
  meddle: (user: Bench['pool']['users'][number]) => void,
): Promise<{ readonly result: RowResult; readonly bench: Bench }> {
  const bench = benchWith();
  const user = bench.pool.put('ada', { email: 'old@example.com', given_name: 'Ada' });
  const planned = plan({ row: 0, sub: user.sub, as: userFingerprint(user) });
  meddle(user);
  const { line, username, ...others } = userOf('ada');
  const attributes = [...others.attributes, { Name: 'given_name', Value: 'Ada' }];
  const wanted = { ...others, line, username, attributes };
  const action = { row: 0, line, username, planned, user: wanted } as ChangeAction;
  const earlier = { triedAt: bench.clock.wall() };
  const tools = { ...bench, ifChanged: 'make a new plan' };
  const result = await bench.clock.run(changeUser(action, earlier, newEffort(), tools));
  return { result, bench };
}

const rename = (user: Bench['pool']['users'][number]): void => {
  user.attributes = user.attributes.map(({ Name, Value }) => ({
    Name,
    Value: Name === 'given_name' ? 'Ada Augusta' : Value,
  }));
};

it('goes on with an update that was begun', async () => {
  const { result } = await resumed(update, () => undefined);
  expect(result).toMatchObject({ status: 'updated', steps: ['attributes', 'groups'], final: true });
});

it('leaves a user alone whom somebody changed in what the update does not', async () => {
  const { result, bench } = await resumed(update, rename);
  expect(result).toMatchObject({ status: 'failed', code: 'changed-since-plan', final: true });
  expect(bench.pool.operations).toEqual(['ListUsers']);
});

it('deletes nobody whose attributes somebody changed', async () => {
  expect((await resumed(remove, () => undefined)).result.status).toBe('deleted');
  const { result, bench } = await resumed(remove, rename);
  expect(result).toMatchObject({ status: 'failed', code: 'changed-since-plan', final: true });
  expect(bench.pool.users).toHaveLength(1);
});
