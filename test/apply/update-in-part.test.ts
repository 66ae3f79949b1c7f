import { describe, expect, it } from 'vitest';
import type { RowResult } from '../../src/apply/result.js';
import { applyUser, benchWith, interruption, userOf } from '../support/apply-bench.js';
import type { Bench, BenchOptions } from '../support/apply-bench.js';
import { lostButDone } from '../support/scripted-pool.js';

const options = { import: { onExisting: 'update' }, maxAttempts: 1 } as const;
const ada = userOf('ada', { groups: ['a', 'b'] });

function meeting(more: BenchOptions = {}): Bench {
  const bench = benchWith({ ...options, ...more });
  if (!more.after) bench.pool.put('ada', { email: 'ada@example.com' });
  return bench;
}

const resume = (after: Bench): Promise<RowResult> => applyUser(meeting({ after }), ada);

const groupsOf = ({ pool }: Bench): string[] => [...(pool.users[0]?.groups ?? [])];

describe('a user who was there before, whose update ends between two groups', () => {
  it('is told in part where the second one is refused', async () => {
    const bench = meeting();
    bench.pool.next('AdminAddUserToGroup', 'ok', { code: 'ResourceNotFoundException' });
    const result = await applyUser(bench, ada);
    expect(groupsOf(bench)).toEqual(['a']);
    expect(result).toMatchObject({
      ...{ status: 'partial', code: 'ResourceNotFoundException', sub: 'sub-1' },
      ...{ steps: [], final: true },
    });
  });

  it('is told in part where the run is stopped, and is gone on with', async () => {
    const bench = meeting();
    bench.pool.onCall = ({ operation }) => {
      if (operation === 'AdminAddUserToGroup') bench.stop.request(interruption);
    };
    const result = await applyUser(bench, ada);
    bench.pool.onCall = () => undefined;
    expect(groupsOf(bench)).toEqual(['a']);
    expect(result).toMatchObject({ status: 'partial', code: 'interrupted', final: false });
    expect(await resume(bench)).toMatchObject({ status: 'updated', steps: ['groups'] });
    expect(groupsOf(bench)).toEqual(['a', 'b']);
  });

  it('is updated also where somebody else did the rest before the resume', async () => {
    const bench = meeting();
    bench.pool.onCall = ({ operation }) => {
      if (operation === 'AdminAddUserToGroup') bench.stop.request(interruption);
    };
    await applyUser(bench, ada);
    bench.pool.onCall = () => undefined;
    bench.pool.users[0]?.groups.add('b');
    expect(await resume(bench)).toMatchObject({ status: 'updated', final: true });
  });
});

describe('a user who was there before, whose only change has no answer', () => {
  const one = userOf('ada', { groups: ['a'] });

  it('is not told as not attempted where the run is stopped', async () => {
    const bench = meeting({ maxAttempts: 4 });
    bench.pool.next('AdminAddUserToGroup', lostButDone);
    bench.pool.onCall = ({ operation }) => {
      if (operation === 'AdminAddUserToGroup') bench.stop.request(interruption);
    };
    const result = await applyUser(bench, one);
    bench.pool.onCall = () => undefined;
    expect(groupsOf(bench)).toEqual(['a']);
    expect(result).toMatchObject({
      ...{ status: 'failed', code: 'interrupted', final: false },
      message: expect.stringContaining('its answer is not known') as string,
    });
    expect(await applyUser(meeting({ after: bench }), one)).toMatchObject({
      status: 'unchanged',
      message: expect.stringContaining('this run itself may have changed the user') as string,
    });
  });
});
