import type { CallCounter } from './call-counts.js';
import { internalError, ServiceError } from './errors.js';
import type { Faults, Misfortune } from './faults.js';
import { OPERATIONS } from './operations.js';
import type { Operation } from './operations.js';
import type { Pool } from './pool.js';
import { validate } from './validation.js';

const TARGET = 'AWSCognitoIdentityProviderService.';
// The credential scope of Signature Version 4: key/date/region/service/aws4_request.
const SCOPE = /^AWS4-HMAC-SHA256 Credential=[^/\s]+\/[0-9]{8}\/[^/\s]+\/([^/\s]+)\/aws4_request\b/;

/** A request as it came in. */
interface IncomingCall {
  readonly target: string | undefined;
  readonly authorization: string | undefined;
  readonly body: string;
}

/** An answer, and the misfortune that befalls it on its way. */
export interface CallOutcome {
  readonly status: number;
  readonly body: string;
  /** The error's name, for the header that carries it. */
  readonly errorType: string | undefined;
  readonly misfortune: Misfortune | undefined;
}

/** One call from request to answer, without HTTP. */
export class CallHandler {
  readonly #pool: Pool;
  readonly #counter: CallCounter;

  constructor(pool: Pool, counter: CallCounter) {
    this.#pool = pool;
    this.#counter = counter;
  }

  handle(call: IncomingCall, faults: Faults): CallOutcome {
    const name = call.target?.startsWith(TARGET) === true ? call.target.slice(TARGET.length) : '';
    let misfortune: Misfortune | undefined;
    try {
      const operation = OPERATIONS.get(name);
      if (operation === undefined) throw new ServiceError('UnknownOperationException', '');
      if (operation.signed) checkSigned(call.authorization);
      const input = parse(call.body);
      misfortune = faults.strike(name, usernameIn(input));
      if (misfortune?.effect === false) return this.#withoutEffect(name, operation, misfortune);
      takeQuota(this.#pool, name, operation, input);
      validate(operation.members, input);
      const output = operation.run(this.#pool, input as never);
      if (misfortune?.refusal !== undefined) throw misfortune.refusal;
      this.#counter.count(name, misfortune === undefined ? 'ok' : outcomeOf(misfortune));
      return { status: 200, body: JSON.stringify(output), errorType: undefined, misfortune };
    } catch (error) {
      return this.#refused(name, error, misfortune);
    }
  }

  #withoutEffect(name: string, operation: Operation, misfortune: Misfortune): CallOutcome {
    if (misfortune.kind === 'throttle') this.#pool.parts.quotas.countThrottle(operation.category);
    if (misfortune.refusal !== undefined) {
      return this.#refused(name, misfortune.refusal, misfortune);
    }
    this.#counter.count(name, 'failed');
    return { status: 200, body: '{}', errorType: undefined, misfortune };
  }

  #refused(name: string, error: unknown, misfortune: Misfortune | undefined): CallOutcome {
    // Anything else is a mistake of ours: the client sees the service's own fault.
    const refusal = error instanceof ServiceError ? error : internalError();
    const throttled = refusal.type === 'TooManyRequestsException';
    // An unknown name comes from outside and must not fill the counter.
    this.#counter.count(
      OPERATIONS.has(name) ? name : 'unknown',
      throttled ? 'throttled' : 'failed',
    );
    return {
      status: refusal.status,
      body: JSON.stringify({ __type: refusal.type, message: refusal.message }),
      errorType: refusal.type,
      misfortune,
    };
  }
}

/** A slow answer arrives; every other misfortune means that the client has none. */
function outcomeOf(misfortune: Misfortune): 'ok' | 'failed' {
  return misfortune.kind === 'slow' ? 'ok' : 'failed';
}

/** The signature itself is not checked: any key will do, none will not. */
function checkSigned(authorization: string | undefined): void {
  if (authorization === undefined) {
    throw new ServiceError('MissingAuthenticationTokenException', 'Missing Authentication Token');
  }
  const scope = SCOPE.exec(authorization);
  if (scope === null) {
    throw new ServiceError(
      'IncompleteSignatureException',
      'The Authorization header is not a Signature Version 4 header.',
    );
  }
  if (scope[1] !== 'cognito-idp') {
    throw new ServiceError(
      'InvalidSignatureException',
      "Credential should be scoped to correct service: 'cognito-idp'.",
    );
  }
}

type Input = Readonly<Record<string, unknown>>;

function parse(body: string): Input {
  try {
    const input: unknown = JSON.parse(body === '' ? '{}' : body);
    if (typeof input === 'object' && input !== null && !Array.isArray(input)) return input as Input;
  } catch {
    // Said below, as for any body that is no structure.
  }
  throw new ServiceError('SerializationException', 'The request is not a JSON structure.');
}

function usernameIn(input: Input): string | undefined {
  const inside = (input['AuthParameters'] ?? input['ChallengeResponses']) as Input | undefined;
  const name = input['Username'] ?? inside?.['USERNAME'];
  return typeof name === 'string' ? name : undefined;
}

function takeQuota(pool: Pool, name: string, operation: Operation, input: Input): void {
  const { quotas } = pool.parts;
  if (name !== 'AdminRespondToAuthChallenge') {
    quotas.take(operation.category, name);
  } else if (input['ChallengeName'] === 'NEW_PASSWORD_REQUIRED') {
    // [QUOTAS] footnote 1: these share the 30 a second of AdminSetUserPassword.
    quotas.take('UserAccountRecovery', name);
  } else {
    quotas.takeChallengeResponse();
  }
}
