/**
 * The inputs of the operations, from Appendix A of the service model [MODEL]: what is required,
 * lengths, patterns and enums. Patterns must match the whole value.
 */
export type Member =
  | {
      readonly kind: 'text';
      readonly required?: boolean;
      readonly min?: number;
      readonly max?: number;
      readonly pattern?: RegExp;
      /** The value is never repeated in an error. */
      readonly secret?: boolean;
      readonly oneOf?: readonly string[];
    }
  | { readonly kind: 'integer'; readonly min: number; readonly max: number }
  | { readonly kind: 'boolean' }
  | { readonly kind: 'map' }
  | { readonly kind: 'list'; readonly required?: boolean; readonly item: Member }
  | { readonly kind: 'structure'; readonly required?: boolean; readonly members: Members };

export type Members = Readonly<Record<string, Member>>;

const NAME = /^[\p{L}\p{M}\p{S}\p{N}\p{P}]+$/u;
const ATTRIBUTE_NAME = /^[\p{L}\p{M}\p{S}\p{N}\p{P}\t\n\r ]+$/u;
const NO_BLANKS = /^[\S]+$/;

const poolId: Member = {
  kind: 'text',
  required: true,
  min: 1,
  max: 55,
  pattern: /^[\w-]+_[0-9a-zA-Z]+$/,
};
const username: Member = { kind: 'text', required: true, min: 1, max: 128, pattern: NAME };
const groupName: Member = username;
const clientId: Member = { kind: 'text', required: true, min: 1, max: 128, pattern: /^[\w+]+$/ };
const password: Member = { kind: 'text', max: 256, pattern: NO_BLANKS, secret: true };
const limit: Member = { kind: 'integer', min: 0, max: 60 };
const nextToken: Member = { kind: 'text', min: 1, max: 131_072, pattern: NO_BLANKS };
const session: Member = { kind: 'text', min: 20, max: 2048, secret: true };
const accessToken: Member = {
  kind: 'text',
  required: true,
  pattern: /^[A-Za-z0-9-_=.]+$/,
  secret: true,
};
const attributeName: Member = {
  kind: 'text',
  required: true,
  min: 1,
  max: 32,
  pattern: ATTRIBUTE_NAME,
};
const attribute: Member = {
  kind: 'structure',
  // [ATTR], [MODEL] values are at most 2,048 characters.
  members: { Name: attributeName, Value: { kind: 'text', max: 2048, secret: true } },
};
const attributes: Member = { kind: 'list', item: attribute };
const map: Member = { kind: 'map' };

export const poolOnly: Members = { UserPoolId: poolId };
export const poolAndUser: Members = { UserPoolId: poolId, Username: username };
export const poolUserGroup: Members = { ...poolAndUser, GroupName: groupName };
export const poolAndGroup: Members = { UserPoolId: poolId, GroupName: groupName };
export const poolAndClient: Members = { UserPoolId: poolId, ClientId: clientId };

export const adminCreateUser: Members = {
  ...poolAndUser,
  UserAttributes: attributes,
  ValidationData: attributes,
  TemporaryPassword: password,
  ForceAliasCreation: { kind: 'boolean' },
  MessageAction: { kind: 'text', oneOf: ['RESEND', 'SUPPRESS'] },
  DesiredDeliveryMediums: { kind: 'list', item: { kind: 'text', oneOf: ['SMS', 'EMAIL'] } },
  ClientMetadata: map,
};

export const adminUpdateUserAttributes: Members = {
  ...poolAndUser,
  UserAttributes: { kind: 'list', required: true, item: attribute },
  ClientMetadata: map,
};

export const adminDeleteUserAttributes: Members = {
  ...poolAndUser,
  UserAttributeNames: { kind: 'list', required: true, item: attributeName },
};

export const adminSetUserPassword: Members = {
  ...poolAndUser,
  Password: { ...password, required: true },
  Permanent: { kind: 'boolean' },
};

export const adminResetUserPassword: Members = { ...poolAndUser, ClientMetadata: map };

export const adminInitiateAuth: Members = {
  ...poolAndClient,
  AuthFlow: {
    kind: 'text',
    required: true,
    oneOf: [
      'USER_SRP_AUTH',
      'REFRESH_TOKEN_AUTH',
      'REFRESH_TOKEN',
      'CUSTOM_AUTH',
      'ADMIN_NO_SRP_AUTH',
      'USER_PASSWORD_AUTH',
      'ADMIN_USER_PASSWORD_AUTH',
      'USER_AUTH',
    ],
  },
  AuthParameters: map,
  ClientMetadata: map,
  Session: session,
};

export const adminRespondToAuthChallenge: Members = {
  ...poolAndClient,
  ChallengeName: {
    kind: 'text',
    required: true,
    oneOf: [
      'SMS_MFA',
      'EMAIL_OTP',
      'SOFTWARE_TOKEN_MFA',
      'SELECT_MFA_TYPE',
      'MFA_SETUP',
      'PASSWORD_VERIFIER',
      'CUSTOM_CHALLENGE',
      'SELECT_CHALLENGE',
      'DEVICE_SRP_AUTH',
      'DEVICE_PASSWORD_VERIFIER',
      'ADMIN_NO_SRP_AUTH',
      'NEW_PASSWORD_REQUIRED',
      'SMS_OTP',
      'PASSWORD',
      'WEB_AUTHN',
      'PASSWORD_SRP',
    ],
  },
  ChallengeResponses: map,
  Session: session,
  ClientMetadata: map,
};

export const getUserAttributeVerificationCode: Members = {
  AccessToken: accessToken,
  AttributeName: attributeName,
  ClientMetadata: map,
};

export const verifyUserAttribute: Members = {
  AccessToken: accessToken,
  AttributeName: attributeName,
  Code: { kind: 'text', required: true, min: 1, max: 2048, pattern: NO_BLANKS, secret: true },
};

export const adminListGroupsForUser: Members = {
  ...poolAndUser,
  Limit: limit,
  NextToken: nextToken,
};
export const listUsersInGroup: Members = { ...poolAndGroup, Limit: limit, NextToken: nextToken };
export const listGroups: Members = { ...poolOnly, Limit: limit, NextToken: nextToken };
export const listUserPoolClients: Members = {
  ...poolOnly,
  MaxResults: { kind: 'integer', min: 1, max: 60 },
  NextToken: nextToken,
};
export const listUserPoolClientSecrets: Members = { ...poolAndClient, NextToken: nextToken };

export const listUsers: Members = {
  ...poolOnly,
  AttributesToGet: { kind: 'list', item: attributeName },
  Limit: limit,
  PaginationToken: { kind: 'text', min: 1, pattern: NO_BLANKS },
  Filter: { kind: 'text', max: 256 },
};

export const createGroup: Members = {
  ...poolAndGroup,
  Description: { kind: 'text', max: 2048 },
  RoleArn: { kind: 'text', min: 20, max: 2048 },
  Precedence: { kind: 'integer', min: 0, max: 2_147_483_647 },
};

export const getProvisionedLimit: Members = {
  LimitDefinition: {
    kind: 'structure',
    required: true,
    members: {
      LimitClass: { kind: 'text', required: true, oneOf: ['API_CATEGORY'] },
      Attributes: map,
    },
  },
};
