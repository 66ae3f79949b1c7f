/**
 * A refusal as the service words it. [MODEL]: client errors are HTTP 400, only
 * InternalErrorException and InternalServerException are faults (500).
 */
export class ServiceError extends Error {
  readonly type: string;
  readonly status: number;

  constructor(type: string, message: string, status = 400) {
    super(message);
    this.type = type;
    this.status = status;
  }
}

export function invalidParameter(message: string): ServiceError {
  return new ServiceError('InvalidParameterException', message);
}

export function notAuthorized(message: string): ServiceError {
  return new ServiceError('NotAuthorizedException', message);
}

export function notFound(message: string): ServiceError {
  return new ServiceError('ResourceNotFoundException', message);
}

export function userNotFound(): ServiceError {
  return new ServiceError('UserNotFoundException', 'User does not exist.');
}

/** The message that mifi/cognito-backup#6 and amplify-js#6767 show. */
export function rateExceeded(): ServiceError {
  return new ServiceError('TooManyRequestsException', 'Rate exceeded');
}

export function internalError(): ServiceError {
  return new ServiceError('InternalErrorException', 'Something went wrong', 500);
}

/** Thrown when a settings file, a fault plan or a data file can't be used: one sentence for a person. */
export class LocalPoolError extends Error {
  override readonly name = 'LocalPoolError';

  constructor(message: string) {
    // Names of members that others chose stand in it, and it goes to a terminal.
    super(message.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '?'));
  }
}
