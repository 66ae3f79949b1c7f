import { nearestName } from '../api/presets/nearest-name.js';
import { Refusal } from '../api/refusal.js';
import { PoolError } from '../cognito/errors.js';
import { AppendError, DeletedError } from '../files/append-file.js';
import { JournalError } from '../journal/read-journal.js';
import { SourceError } from '../source/error.js';
import type { UsageError } from './usage-error.js';

/** How a command that failed as a whole ends. */
export interface Failure {
  /** One or two lines: what is wrong, and what to do. */
  readonly message: string;
  readonly exitCode: number;
}

/** Turns what a command threw into what the user reads. */
export function failureOf(error: unknown): Failure {
  if (error instanceof PoolError) return { message: poolMessage(error), exitCode: 2 };
  if (error instanceof DeletedError) {
    return {
      message: `${error.message}, and resume can't go on without it. Give the command again: users who are there by now count as existing.`,
      exitCode: 3,
    };
  }
  if (error instanceof AppendError) {
    return {
      message: `${error.message}. Once that is mended, resume goes on; no row is lost.`,
      exitCode: 3,
    };
  }
  if (error instanceof Refusal) return { message: error.message, exitCode: error.exitCode };
  const known = error instanceof SourceError || error instanceof JournalError;
  if (known) return { message: error.message, exitCode: 2 };
  const text = error instanceof Error ? error.message : String(error);
  return {
    message: `${text}\nThis was not expected: --verbose shows where it happened.`,
    exitCode: 3,
  };
}

/** What yargs says of an unknown option, with the one that was probably meant. */
export function usageMessage({ message }: UsageError, names: readonly string[]): string {
  if (message.startsWith('Not enough non-option arguments')) {
    return 'Something is missing after the command: --help shows what it takes.';
  }
  const unknown = /^Unknown arguments?: ([^,\s]+)/.exec(message)?.[1];
  if (unknown === undefined) return message;
  if (names.includes(unknown))
    return `This command has no --${unknown}: its --help lists what it has.`;
  const nearest = nearestName(unknown, names);
  const hint = nearest === undefined ? '--help lists the options' : `did you mean --${nearest}?`;
  return `There is no option --${unknown}: ${hint}`;
}

function poolMessage({ code, operation, message, kind }: PoolError): string {
  const advice = adviceFor(code, kind);
  return `${operation}: ${message}${/[.!?]$/.test(message) ? '' : '.'} ${advice}`;
}

function adviceFor(code: string, kind: PoolError['kind']): string {
  switch (code) {
    case 'ResourceNotFoundException':
      return 'Check --user-pool-id and --region.';
    case 'CredentialsProviderError':
    case 'TokenProviderError':
      return 'Give AWS credentials, as for the AWS CLI: --profile, AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.';
    case 'ExpiredTokenException':
    case 'ExpiredToken':
      return 'Sign in to AWS again.';
    case 'UnrecognizedClientException':
    case 'InvalidSignatureException':
    case 'InvalidClientTokenId':
      return "AWS does not accept these credentials: check them, and this machine's clock.";
    case 'AccessDeniedException':
    case 'NotAuthorizedException':
      return 'Give these credentials the permission, or use others.';
    case 'InvalidParameterException':
      return 'Check what was given.';
    default:
      return kind === 'unreachable' || kind === 'lost'
        ? `(${code}) Check the network and --endpoint-url.`
        : `(${code})`;
  }
}
