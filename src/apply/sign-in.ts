import { PoolError } from '../cognito/errors.js';
import { secretHash } from '../cognito/secret-hash.js';
import type { PoolAttribute, SignInAnswer, SignInClient, UserPool } from '../cognito/user-pool.js';
import type { Calls, Effort } from './calls.js';
import { Stopped } from './stop.js';
import type { Stop } from './stop.js';

/** Signs users in through an app client, with the secret hash where the client has a secret. */
export class SignIn {
  readonly #client: SignInClient;
  /** The secrets that may be right: in the days of a rotation there are two. */
  readonly #secrets: readonly string[];
  readonly #pool: UserPool;
  readonly #calls: Calls;
  readonly #stop: Stop;
  /** Which secret is taken now; the others are tried when the service refuses it. */
  #current = 0;

  constructor(
    client: SignInClient,
    secrets: readonly string[],
    pool: UserPool,
    calls: Calls,
    stop: Stop,
  ) {
    this.#client = client;
    this.#secrets = secrets;
    this.#pool = pool;
    this.#calls = calls;
    this.#stop = stop;
  }

  /** Begins a sign-in. Rejects with the `PoolError` of a refusal. */
  begin(
    username: string,
    password: string,
    effort: Effort,
    alsoRetried?: (error: PoolError) => boolean,
  ): Promise<SignInAnswer> {
    return this.#withSecret(username, (hash) =>
      this.#calls.repeatable(
        'AdminInitiateAuth',
        effort,
        () => this.#pool.adminInitiateAuth({ ...this.#client, username, password, ...hash }),
        alsoRetried,
      ),
    );
  }

  /**
   * Answers NEW_PASSWORD_REQUIRED, once: a session is good for one answer. The service hashes the
   * pool's own name for the user here, whatever they signed in with (aws-sdk-android#2265).
   */
  answer(
    { session = '', userIdForSrp }: SignInAnswer,
    username: string,
    newPassword: string,
    attributes: readonly PoolAttribute[],
    effort: Effort,
  ): Promise<SignInAnswer> {
    const { clientId } = this.#client;
    const name = userIdForSrp ?? username;
    return this.#calls.once('AdminRespondToAuthChallenge', effort, () =>
      this.#pool.adminRespondToAuthChallenge({
        clientId,
        session,
        username: name,
        newPassword,
        attributes,
        ...this.#hash(name),
      }),
    );
  }

  async #withSecret<T>(
    username: string,
    call: (hash: { secretHash?: string }) => Promise<T>,
  ): Promise<T> {
    for (let tried = 1; ; tried++) {
      const secret = this.#current;
      try {
        return await call(this.#hash(username));
      } catch (error) {
        if (!isWrongSecret(error)) throw error;
        if (tried >= this.#secrets.length) return this.#giveUp();
        // Another row may have changed over meanwhile.
        if (secret === this.#current) this.#current = (secret + 1) % this.#secrets.length;
      }
    }
  }

  #hash(username: string): { secretHash?: string } {
    const secret = this.#secrets[this.#current];
    if (secret === undefined) return {};
    return { secretHash: secretHash(secret, username, this.#client.clientId) };
  }

  #giveUp(): never {
    const message =
      this.#secrets.length === 0
        ? `app client ${this.#client.clientId} has a secret: set COGNITO_CLIENT_SECRET`
        : `the secret is not that of app client ${this.#client.clientId}: correct COGNITO_CLIENT_SECRET, or unset it`;
    this.#stop.request({ outcome: 'stopped', code: 'wrong-client-secret', message });
    throw new Stopped(message);
  }
}

/** The service has no error name of its own for this; the message is seen in the wild. */
function isWrongSecret(error: unknown): boolean {
  return (
    error instanceof PoolError &&
    error.code === 'NotAuthorizedException' &&
    /secret/i.test(error.message)
  );
}
