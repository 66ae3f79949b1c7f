/** The pages that the rules come from. */

const GUIDE = 'https://docs.aws.amazon.com/cognito/latest/developerguide/';
const REFERENCE = 'https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/';

export const ADMIN_CREATE_USER = `${REFERENCE}API_AdminCreateUser.html`;
export const ADD_USER_TO_GROUP = `${REFERENCE}API_AdminAddUserToGroup.html`;
export const SCHEMA_ATTRIBUTE = `${REFERENCE}API_SchemaAttributeType.html`;
export const PASSWORD_POLICY = `${REFERENCE}API_PasswordPolicyType.html`;
export const ATTRIBUTES = `${GUIDE}user-pool-settings-attributes.html`;
export const QUOTAS = `${GUIDE}quotas.html`;
export const ADMIN_GUIDE = `${GUIDE}how-to-create-user-accounts.html`;
export const CASE_SENSITIVITY = `${GUIDE}user-pool-case-sensitivity.html`;
export const IMPORT_JOB = `${GUIDE}cognito-user-pools-using-import-tool.html`;
export const OPENID_CLAIMS = 'https://openid.net/specs/openid-connect-core-1_0.html#StandardClaims';
export const RFC_5321 = 'RFC 5321, section 4.5.3.1; RFC 3696, sections 2 and 3';
export const SES_DESTINATION =
  'https://docs.aws.amazon.com/ses/latest/APIReference/API_Destination.html';
/** Rules of this tool, not of the service. */
export const CONTRACT = 'cognito-bulk: the file';
