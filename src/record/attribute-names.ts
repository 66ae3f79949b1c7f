/**
 * The attributes that every pool has.
 * Source: developer guide, "Working with user attributes".
 */
export const STANDARD_ATTRIBUTES: readonly string[] = [
  'address',
  'birthdate',
  'email',
  'email_verified',
  'family_name',
  'gender',
  'given_name',
  'locale',
  'middle_name',
  'name',
  'nickname',
  'phone_number',
  'phone_number_verified',
  'picture',
  'preferred_username',
  'profile',
  'updated_at',
  'website',
  'zoneinfo',
];

/** What the service alone writes. A file may hold it, an export of a pool for one; it is not sent. */
export const READ_ONLY_ATTRIBUTES: readonly string[] = ['sub', 'identities', 'cognito:user_status'];
