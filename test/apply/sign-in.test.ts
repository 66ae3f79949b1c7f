import { describe, expect, it } from 'vitest';

import { Calls } from '../../src/apply/calls.js';
import { SignIn } from '../../src/apply/sign-in.js';
import { Stop, Stopped } from '../../src/apply/stop.js';
import { PoolError } from '../../src/cognito/errors.js';
import { secretHash } from '../../src/cognito/secret-hash.js';
import type { SignInRequest, UserPool } from '../../src/cognito/user-pool.js';
import { ratesOf } from '../support/apply-bench.js';
import { VirtualClock } from '../support/virtual-clock.js';

const client = { clientId: 'c', flow: 'ADMIN_USER_PASSWORD_AUTH' } as const;
const effort = { attempts: 0, pacedMs: 0 };

/** A sign-in at a pool whose client has this secret. */
function signInWith(
  secrets: readonly string[],
  right: string,
): { signIn: SignIn; stop: Stop; hashes: string[] } {
  const stop = new Stop();
  const clock = new VirtualClock();
  const calls = new Calls({ rates: ratesOf(Infinity), maxAttempts: 2 }, clock, () => 0, stop);
  const hashes: string[] = [];
  const pool = {
    adminInitiateAuth: ({ username, secretHash: hash = '' }: SignInRequest) => {
      hashes.push(hash);
      if (hash === secretHash(right, username, 'c')) {
        return Promise.resolve({ accessToken: 't', requiredAttributes: [] });
      }
      const message = 'Unable to verify secret hash for client c';
      return Promise.reject(
        new PoolError('AdminInitiateAuth', 'NotAuthorizedException', message, 400),
      );
    },
  } as unknown as UserPool;
  return { signIn: new SignIn(client, secrets, pool, calls, stop), stop, hashes };
}

describe('SignIn', () => {
  it('keeps to the secret that was right', async () => {
    const { signIn, hashes } = signInWith(['old', 'new'], 'new');
    await signIn.begin('ada', 'p', effort);
    await signIn.begin('bob', 'p', effort);
    expect(hashes.length).toBe(3);
  });

  it.each([
    [['old', 'older'], 'correct COGNITO_CLIENT_SECRET'],
    [[], 'set COGNITO_CLIENT_SECRET'],
  ])('ends the run where none of %j is right, and says what to do', async (secrets, says) => {
    const { signIn, stop } = signInWith(secrets, 'new');
    await expect(signIn.begin('ada', 'p', effort)).rejects.toThrow(Stopped);
    expect(stop.reason).toMatchObject({ code: 'wrong-client-secret' });
    expect(stop.reason?.message).toMatch(says);
    for (const secret of secrets) expect(stop.reason?.message).not.toContain(secret);
  });
});
