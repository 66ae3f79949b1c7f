import type { Operation } from './quotas.js';

/**
 * What a failed call means for the work:
 * - `throttled`: not done; the category slows down and the call is sent again, as often as it takes;
 * - `unreachable`: never left this machine; sent again after a wait;
 * - `lost`: whether it was done is unknown; a create is looked up before it is sent again;
 * - `exists`: the username is taken;
 * - `undelivered`: the user was made, the invitation could not be sent;
 * - `daily-limit`: no more messages today; whether this one's user was made has to be looked up;
 * - `refused`: this row's own failure; the rest go on;
 * - `stops`: no row can succeed; the run ends.
 */
export type ErrorKind =
  | 'throttled'
  | 'unreachable'
  | 'lost'
  | 'exists'
  | 'undelivered'
  | 'daily-limit'
  | 'refused'
  | 'stops';

/** A failed call, as the port reports it. The message holds no value that was sent. */
export class PoolError extends Error {
  override readonly name = 'PoolError';
  readonly operation: Operation;
  /** The service's error name (`UsernameExistsException`) or the network's (`ECONNRESET`). */
  readonly code: string;
  readonly kind: ErrorKind;
  /** Whether the service itself said this, whatever it means for the call. */
  readonly answered: boolean;

  /** `httpStatus` only where the service's answer was read to its end. */
  constructor(operation: Operation, code: string, message: string, httpStatus?: number) {
    super(message);
    this.operation = operation;
    this.code = code;
    this.kind = kindOf(operation, code, httpStatus);
    this.answered = httpStatus !== undefined;
  }
}

/**
 * The one table of what each error means, by the service's error name. Sources: the modelled errors
 * of botocore's cognito-idp 2016-04-18, and the threads named beside a line.
 */
const kinds: Readonly<Record<string, ErrorKind | Partial<Record<Operation | 'other', ErrorKind>>>> =
  {
    TooManyRequestsException: 'throttled',
    // A front end's name for the same thing; the SDK counts them as throttling too.
    ThrottlingException: 'throttled',
    Throttling: 'throttled',

    InternalErrorException: 'lost',
    InternalServerException: 'lost',
    InternalFailure: 'lost',
    ServiceUnavailable: 'lost',
    ConcurrentModificationException: 'lost',
    // Of our own: a list that leads back to itself.
    RepeatedPage: 'stops',
    // A trigger that timed out may have run before or after the user was stored.
    UnexpectedLambdaException: 'lost',

    UsernameExistsException: 'exists',
    CodeDeliveryFailureException: 'undelivered',
    // Not in AdminCreateUser's modelled list, but seen from it (cognito-backup-restore#46).
    LimitExceededException: { AdminCreateUser: 'daily-limit', CreateGroup: 'stops' },

    AliasExistsException: 'refused',
    InvalidParameterException: {
      DescribeUserPool: 'stops',
      DescribeUserPoolClient: 'stops',
      CreateGroup: 'stops',
      other: 'refused',
    },
    InvalidPasswordException: 'refused',
    PasswordHistoryPolicyViolationException: 'refused',
    UserNotFoundException: 'refused',
    UnsupportedUserStateException: 'refused',
    UserLambdaValidationException: 'refused',
    InvalidLambdaResponseException: 'refused',
    PreconditionNotMetException: 'refused',
    // "Group not found." comes under the same name as a missing pool (aws-sdk-js-v3#3825).
    ResourceNotFoundException: {
      AdminAddUserToGroup: 'refused',
      AdminRemoveUserFromGroup: 'refused',
      ListUsersInGroup: 'refused',
      other: 'stops',
    },

    // Of a sign-in it is about one user; of the other calls about our permission.
    NotAuthorizedException: {
      AdminInitiateAuth: 'refused',
      AdminRespondToAuthChallenge: 'refused',
      GetUserAttributeVerificationCode: 'refused',
      VerifyUserAttribute: 'refused',
      other: 'stops',
    },
    InvalidSmsRoleAccessPolicyException: 'stops',
    InvalidSmsRoleTrustRelationshipException: 'stops',
    InvalidEmailRoleAccessPolicyException: 'stops',
    OperationNotEnabledException: 'stops',
    UnknownOperationException: 'stops',
    AccessDeniedException: 'stops',
    AccessDenied: 'stops',
    UnrecognizedClientException: 'stops',
    InvalidSignatureException: 'stops',
    IncompleteSignatureException: 'stops',
    MissingAuthenticationTokenException: 'stops',
    ExpiredTokenException: 'stops',
    ExpiredToken: 'stops',
    InvalidClientTokenId: 'stops',
    OptInRequired: 'stops',
    CredentialsProviderError: 'stops',
    TokenProviderError: 'stops',
    ForbiddenException: 'stops',

    // A proxy or a wrong address: no certificate mends itself within a run.
    CERT_HAS_EXPIRED: 'stops',
    DEPTH_ZERO_SELF_SIGNED_CERT: 'stops',
    SELF_SIGNED_CERT_IN_CHAIN: 'stops',
    UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'stops',
    UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'stops',
    ERR_TLS_CERT_ALTNAME_INVALID: 'stops',
    EPROTO: 'stops',

    ENOTFOUND: 'unreachable',
    EAI_AGAIN: 'unreachable',
    ECONNREFUSED: 'unreachable',
    EHOSTUNREACH: 'unreachable',
    ENETUNREACH: 'unreachable',
    ENETDOWN: 'unreachable',
  };

/** What an error means; `httpStatus` where the service's answer was read to its end. */
export function kindOf(operation: Operation, code: string, httpStatus?: number): ErrorKind {
  const entry = Object.hasOwn(kinds, code) ? kinds[code] : undefined;
  const kind = typeof entry === 'object' ? (entry[operation] ?? entry.other) : entry;
  if (kind !== undefined) return kind;
  // An answer by a name that nobody documented is about this call, unless it is the service's fault.
  return httpStatus !== undefined && httpStatus < 500 ? 'refused' : 'lost';
}
