import type { Step } from '../plan/steps.js';
import { PoolError } from '../cognito/errors.js';
import type { Effort } from './calls.js';
import type { Tools } from './tools.js';

/** Every step that changes a user who is there, and may safely be done twice. */
export type LaterStep = Exclude<Step, { name: 'create' | 'challenge' | 'invite' }>;

/** Whether a step is one of these, as all of an update's are. */
export function isLater(step: Step): step is LaterStep {
  return step.name !== 'create' && step.name !== 'challenge' && step.name !== 'invite';
}

/** Does one step to the user `key`. Rejects with the `PoolError` of a refusal, or when tries run out. */
export async function performStep(
  step: LaterStep,
  key: string,
  password: string | undefined,
  effort: Effort,
  tools: Pick<Tools, 'calls' | 'pool'>,
): Promise<void> {
  const { calls, pool } = tools;
  switch (step.name) {
    case 'password':
      if (password === undefined) throw new Error('a password step needs a password');
      await calls.repeatable(
        'AdminSetUserPassword',
        effort,
        () => pool.adminSetUserPassword(key, password, true),
        isNotThereYet,
      );
      return;
    case 'attributes':
      await calls.repeatable('AdminUpdateUserAttributes', effort, () =>
        pool.adminUpdateUserAttributes(key, step.attributes),
      );
      return;
    case 'groups':
      for (const group of step.add) {
        await calls.repeatable(
          'AdminAddUserToGroup',
          effort,
          () => pool.adminAddUserToGroup(key, group),
          isNotThereYet,
        );
      }
      for (const group of step.remove ?? []) {
        await calls.repeatable('AdminRemoveUserFromGroup', effort, () =>
          pool.adminRemoveUserFromGroup(key, group),
        );
      }
      return;
    case 'enable':
      await calls.repeatable('AdminEnableUser', effort, () => pool.adminEnableUser(key));
      return;
    case 'disable':
      await calls.repeatable(
        'AdminDisableUser',
        effort,
        () => pool.adminDisableUser(key),
        isNotThereYet,
      );
      return;
    case 'delete':
      await deleteUser(key, effort, tools);
  }
}

/** A user who is gone already is what was wanted: an answer may have been lost before. */
async function deleteUser(
  key: string,
  effort: Effort,
  { calls, pool }: Pick<Tools, 'calls' | 'pool'>,
): Promise<void> {
  try {
    await calls.repeatable('AdminDeleteUser', effort, () => pool.adminDeleteUser(key));
  } catch (error) {
    if (!(error instanceof PoolError) || error.code !== 'UserNotFoundException') throw error;
  }
}

/** A user made a moment ago is not always found by the next call (amplify-cli#9869). */
export function isNotThereYet(error: PoolError): boolean {
  return error.code === 'UserNotFoundException';
}
