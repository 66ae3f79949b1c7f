/**
 * What to do about rows that are not fine, by code: the service's error names, and those codes of
 * ours that are not a rule about what stands in the file: the message of such a row says it.
 */
export const advice: Readonly<Record<string, string>> = {
  // The user or the address is there already.
  UsernameExistsException:
    'The pool has a user of this name. Import with --on-existing update to bring that user up to date, or leave the rows out.',
  AliasExistsException:
    'Another user has this email or phone number verified. Correct the row, leave the address unverified, or take it from the other user first.',
  'missing-key':
    'The row has nothing in the column that --key names, so nobody can say whom it is about. Fill it in.',
  'duplicate-key': 'An earlier row is about the same user. Keep one of the two, or correct it.',
  'external-user':
    'An identity provider owns these users, and only it can change them. Leave the rows out.',
  GroupExistsException: 'The group was made by somebody else meanwhile. Resume the run.',

  // What was sent.
  InvalidParameterException:
    'The pool refuses a value. Run validate with --user-pool-id to see which column, and correct it in rejects.csv.',
  InvalidPasswordException:
    "The password does not fit the pool's policy. Correct it, or leave it out and give --generate-passwords FILE.",
  PasswordHistoryPolicyViolationException:
    'The password was used before, and the pool keeps a history. Give another one.',
  UserLambdaValidationException:
    "The pool's own pre-sign-up trigger refuses these users. Its log in CloudWatch says why.",
  InvalidLambdaResponseException:
    "One of the pool's triggers gave an answer that Cognito can't read. Look into its log, mend it, then resume with --retry-failed.",
  UnexpectedLambdaException:
    "One of the pool's triggers failed or took more than five seconds. Look into its log, then resume with --retry-failed.",
  'immutable-attribute':
    'These attributes can only be set when a user is made. Leave the column out, or delete and create the user.',

  // The user, as the pool has it.
  UserNotFoundException:
    'The pool has no user of this name: deleted meanwhile, or misspelt. Correct the name, or import the user first.',
  UnsupportedUserStateException:
    'The user is not in a state in which this can be done. An invitation is only for users who never signed in.',
  UserNotConfirmedException:
    'These users signed up and never confirmed it. Confirm their sign-up first.',
  PasswordResetRequiredException:
    'The password was reset by an administrator. The user has to choose a new one first.',
  NotAuthorizedException:
    'Wrong password, or the user is disabled. Correct the password in the file, or enable the user.',
  ResourceNotFoundException:
    'The pool has no such group. Import with --create-groups, or correct the name.',
  'changed-since-plan':
    'Somebody changed these users since the plan was made. Make a new plan with --dry-run --save-plan.',
  'ambiguous-key':
    'Several users of the pool have this value. Sync by a --key that only one user has.',
  gone: 'These users are not there any more, so there is nothing to take back.',
  'not-undone':
    'The run deleted these users, or changed attributes, groups or passwords, which are kept nowhere. Restore them from where the file comes from.',
  'not-waiting':
    'These users signed in already, or never were invited. There is nothing to send them again.',
  'pool-changed':
    "The pool's settings changed since the run began. Validate the file against it, and import the rest anew.",
  'unreadable-rows':
    'Some rows do not say whom they are about, so nobody who seems missing was touched. Correct those rows, and sync again.',

  // Messages and codes.
  CodeDeliveryFailureException:
    "The user was made, but the message could not be sent. Check the address and the pool's sender, then invite again with --resend.",
  'invitation-unknown':
    'An invitation may have gone out and none is sent twice. Ask one of these people, or invite them again with --resend.',
  'code-outcome-unknown':
    'A code may have gone out and none is sent twice. Resume with --retry-failed sends another.',
  CodeMismatchException: 'The code is wrong. Check it against the message that was sent last.',
  ExpiredCodeException:
    'The code has expired, was used, or a newer one was sent. Send another with verify send.',
  'new-password-required':
    'The password is a temporary one. Have one set for good first: by the user, or with import --password-mode permanent.',
  'mfa-required':
    'The sign-in asks for a second factor, which only the user has. They verify the address in the app.',
  'challenge-required':
    'The sign-in asks for something that can not be answered here. Take an app client without it.',
  'too-many-tries':
    'The service takes so many tries an hour for one user. Resume with --retry-failed after the time in the message.',
  LimitExceededException:
    'A limit of the service is reached: messages for a day, or tries for an hour. Resume later.',

  // The run.
  'outcome-unknown':
    'A call was sent and its answer is not known. Resume looks the user up and goes on from there.',
  'not-attempted': 'The run ended before these rows. Resume goes on with them.',
  partial:
    'These users are there, and a later step failed. Resume with --retry-failed goes on at that step.',
  TooManyRequestsException: 'The service was too busy. Resume goes on at a slower pace.',
  InternalErrorException: 'A fault of the service. Resume with --retry-failed.',
  AccessDeniedException:
    'The credentials lack a permission. Give them what the message names, then resume.',
  TimeoutError: 'No answer came in time. Resume with --retry-failed, or give a longer --timeout.',
  AnswerIncomplete:
    'The answer lacked what it must have, so nobody knows whether it was done. Resume with --retry-failed looks the user up.',
  AnswerTooLong:
    'The answer did not end, which no answer of Cognito does. Look at what is between here and the service, then resume with --retry-failed.',
};

/** What to do about a code, in one or two sentences; undefined where the row's message says it. */
export function adviceFor(code: string): string | undefined {
  return Object.hasOwn(advice, code) ? advice[code] : undefined;
}
