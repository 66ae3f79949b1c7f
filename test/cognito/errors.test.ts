import { describe, expect, it } from 'vitest';
import { PoolError } from '../../src/cognito/errors.js';
import type { ErrorKind } from '../../src/cognito/errors.js';
import type { Operation } from '../../src/cognito/quotas.js';

/** A service's own name comes with an answer, a network's code does not. */
const kindOf = (
  operation: Operation,
  code: string,
  status = code.endsWith('Exception') ? 400 : undefined,
): ErrorKind => new PoolError(operation, code, 'said so', status).kind;

/** Every operation; a new one does not compile until it stands here. */
const operations = Object.keys({
  AdminCreateUser: true,
  AdminGetUser: true,
  AdminSetUserPassword: true,
  AdminUpdateUserAttributes: true,
  AdminInitiateAuth: true,
  AdminRespondToAuthChallenge: true,
  GetUserAttributeVerificationCode: true,
  VerifyUserAttribute: true,
  AdminListGroupsForUser: true,
  AdminAddUserToGroup: true,
  AdminRemoveUserFromGroup: true,
  CreateGroup: true,
  AdminEnableUser: true,
  AdminDisableUser: true,
  AdminDeleteUser: true,
  ListUsers: true,
  ListUsersInGroup: true,
  ListGroups: true,
  DescribeUserPool: true,
  DescribeUserPoolClient: true,
  ListUserPoolClientSecrets: true,
  GetProvisionedLimit: true,
} satisfies Record<Operation, true>) as Operation[];

/** cognito-facts.md 3.1: what means the same wherever it comes from. */
const everywhere: Readonly<Record<ErrorKind, readonly string[]>> = {
  throttled: ['TooManyRequestsException', 'ThrottlingException', 'Throttling'],
  lost: [
    'InternalErrorException',
    'InternalServerException',
    'InternalFailure',
    'ServiceUnavailable',
    'ConcurrentModificationException',
    'UnexpectedLambdaException',
    'ECONNRESET',
    'EPIPE',
    'ETIMEDOUT',
    'TimeoutError',
    'AbortError',
    'SyntaxError',
    'HTTP 500',
    'HTTP 503',
    'UnknownError',
  ],
  unreachable: [
    'ENOTFOUND',
    'EAI_AGAIN',
    'ECONNREFUSED',
    'EHOSTUNREACH',
    'ENETUNREACH',
    'ENETDOWN',
  ],
  exists: ['UsernameExistsException'],
  undelivered: ['CodeDeliveryFailureException'],
  'daily-limit': [],
  refused: [
    'AliasExistsException',
    'InvalidPasswordException',
    'PasswordHistoryPolicyViolationException',
    'UserNotFoundException',
    'UnsupportedUserStateException',
    'UserLambdaValidationException',
    'InvalidLambdaResponseException',
    'PreconditionNotMetException',
    'GroupExistsException',
    'SomethingNobodyHeardOfException',
  ],
  stops: [
    'InvalidSmsRoleAccessPolicyException',
    'InvalidSmsRoleTrustRelationshipException',
    'InvalidEmailRoleAccessPolicyException',
    'OperationNotEnabledException',
    'UnknownOperationException',
    'AccessDeniedException',
    'UnrecognizedClientException',
    'InvalidSignatureException',
    'ExpiredTokenException',
    'ExpiredToken',
    'InvalidClientTokenId',
    'CredentialsProviderError',
    'TokenProviderError',
    'ForbiddenException',
  ],
};

const byOperation: readonly (readonly [code: string, Operation, ErrorKind])[] = [
  ['LimitExceededException', 'AdminCreateUser', 'daily-limit'],
  ['LimitExceededException', 'CreateGroup', 'stops'],
  ['LimitExceededException', 'AdminSetUserPassword', 'refused'],
  ['InvalidParameterException', 'AdminCreateUser', 'refused'],
  ['InvalidParameterException', 'AdminUpdateUserAttributes', 'refused'],
  ['InvalidParameterException', 'AdminAddUserToGroup', 'refused'],
  ['InvalidParameterException', 'DescribeUserPool', 'stops'],
  ['InvalidParameterException', 'DescribeUserPoolClient', 'stops'],
  ['InvalidParameterException', 'CreateGroup', 'stops'],
  // Of a sign-in it is about the user's password; elsewhere about our permission.
  ['NotAuthorizedException', 'AdminInitiateAuth', 'refused'],
  ['NotAuthorizedException', 'AdminRespondToAuthChallenge', 'refused'],
  ['NotAuthorizedException', 'GetUserAttributeVerificationCode', 'refused'],
  ['NotAuthorizedException', 'VerifyUserAttribute', 'refused'],
  ['NotAuthorizedException', 'AdminCreateUser', 'stops'],
  ['NotAuthorizedException', 'AdminSetUserPassword', 'stops'],
  ['ResourceNotFoundException', 'AdminAddUserToGroup', 'refused'],
  ['ResourceNotFoundException', 'AdminRemoveUserFromGroup', 'refused'],
  ['ResourceNotFoundException', 'ListUsersInGroup', 'refused'],
  ['ResourceNotFoundException', 'AdminCreateUser', 'stops'],
  ['ResourceNotFoundException', 'DescribeUserPool', 'stops'],
  ['ResourceNotFoundException', 'AdminSetUserPassword', 'stops'],
];

describe('what an error means', () => {
  const rows = Object.entries(everywhere).flatMap(([kind, codes]) =>
    codes.map((code) => [code, kind] as const),
  );

  it.each(rows)('%s is %s, whatever was called', (code, kind) => {
    expect(operations.map((operation) => kindOf(operation, code))).toEqual(
      operations.map(() => kind),
    );
  });

  it.each(byOperation)('%s from %s is %s', (code, operation, kind) => {
    expect(kindOf(operation, code)).toBe(kind);
  });

  it.each(['toString', 'constructor', '__proto__', ''])(
    'takes the name %j for no entry',
    (code) => {
      expect(kindOf('AdminCreateUser', code)).toBe('lost');
    },
  );

  it('takes what a role of the credentials is refused for the end of the run', () => {
    // STS, asked for the role's credentials, says it without "Exception".
    expect(kindOf('AdminCreateUser', 'AccessDenied')).toBe('stops');
  });

  it('is the service’s fault where a name that nobody documented comes with a status of 500 and more', () => {
    expect(kindOf('AdminCreateUser', 'BrandNewException', 503)).toBe('lost');
    expect(kindOf('AdminCreateUser', 'BrandNewException', 400)).toBe('refused');
    expect(kindOf('AdminCreateUser', 'AliasExistsException', 500)).toBe('refused');
  });

  it('knows whether the service said it', () => {
    const answer = new PoolError('AdminCreateUser', 'AliasExistsException', 'taken', 400);
    expect(answer).toMatchObject({ operation: 'AdminCreateUser', answered: true });
    expect(answer.message).toBe('taken');
    expect(new PoolError('AdminCreateUser', 'ECONNRESET', 'reset').answered).toBe(false);
  });
});
