/**
 * The attributes that every pool has, in the order of an export: how to reach somebody, who that is,
 * then the rest as people fill it in.
 * Source: developer guide, "Working with user attributes".
 */
export const STANDARD_ATTRIBUTES: readonly string[] = [
  'email',
  'email_verified',
  'phone_number',
  'phone_number_verified',
  'preferred_username',
  'name',
  'given_name',
  'middle_name',
  'family_name',
  'nickname',
  'gender',
  'birthdate',
  'address',
  'locale',
  'zoneinfo',
  'profile',
  'picture',
  'website',
  'updated_at',
];

/** What the service alone writes. A file may hold it, an export of a pool for one; it is not sent. */
export const READ_ONLY_ATTRIBUTES: readonly string[] = ['sub', 'identities', 'cognito:user_status'];
