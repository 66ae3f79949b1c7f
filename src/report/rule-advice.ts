/** What to do about rows that break a rule, whichever row it is; a row's own message says more. */
const ruleAdvice: Readonly<Record<string, string>> = {
  // The header line, as far as it keeps nothing back.
  'ignored-column': 'Nothing: Cognito itself writes what stands there, and it is not sent.',
  'developer-only-attribute':
    'Nothing, if an app never has to write it. Else take an attribute that is not developer-only.',
  'unused-mapping': 'Correct the header in --map or the configuration, or take the mapping out.',
  'not-carried-over':
    'Nothing, if Cognito need not have it. Else name an attribute for it with --map.',
  'preset-remark': 'Read the remark in problems.csv before the import.',
  'password-not-used':
    'Leave out --password-mode none if the passwords are to be set; else take the column out.',

  // The row as a whole.
  'wrong-column-count':
    'Put values that hold the delimiter or a quote in quotes, and fill up or cut off the cells until each row has as many as the header.',
  'missing-required-attribute':
    'Fill the attribute in. Where all rows lack it, give it with defaults: in the configuration.',
  'required-attribute-later':
    'Fill the attribute in, or let the users be asked for it at their first sign-in; with a permanent password they never are.',
  'verified-without-value':
    'Fill in the address, or leave the column that says it is verified empty.',
  'invite-without-address':
    'Fill in the address to which --invite sends, or import these rows without an invitation.',
  'passwordless-without-address':
    'Fill in a password, or an email or phone number to which a one-time code can go.',
  'cannot-sign-in': 'Fill in passwords, or give --generate-passwords or --invite.',
  'mfa-not-carried-over': 'Have the users set up MFA when they sign in.',
  'missing-password': 'Fill in the password with which the user signs in.',
  'missing-code': 'Fill in the code that was sent to the user.',

  // The username.
  'missing-username': 'Fill in the username, or what people sign in with in its place.',
  'invalid-username': 'Take out white space and characters that nobody can see.',
  'username-like-email':
    'Give the user a name that is no email address, and put the address into the email column.',
  'username-like-phone-number':
    'Give the user a name that is no phone number, and put the number into the phone_number column.',
  'username-not-an-address':
    'Put the email or phone number with which the user signs in, or leave the username empty to have it taken from there.',
  'username-differs': 'Make the username and the address the same, or leave the username empty.',

  // Attributes.
  'invalid-email': 'Correct it to one bare address, such as ada@example.com.',
  'mistyped-email': 'Look whether the domain is what was meant. problems.csv proposes another.',
  'email-not-ascii': 'Take an address that Amazon SES can deliver to, or do not message the user.',
  'invalid-phone-number':
    'Write a plus sign, the country code and digits, such as +442079460958. For national numbers give --default-country.',
  'invalid-birthdate': 'Write a day that there is, as YYYY-MM-DD.',
  'birthdate-in-future': 'Correct the year.',
  'not-a-boolean': 'Write true or false.',
  'not-a-number': 'Write digits only, with a sign and a decimal point where they are needed.',
  'number-out-of-range': "Correct it to a number that the pool's schema allows.",
  'updated-at-in-milliseconds': 'Write whole seconds since 1970.',
  'not-a-date-time': 'Write an ISO 8601 date or time, or seconds since 1970.',
  'invalid-locale': 'Write a language tag, such as en-GB.',
  'invalid-zoneinfo': 'Write the name of a time zone, such as Europe/Paris.',
  'invalid-url': 'Write a whole web address, with https://.',
  'value-too-short': "Complete it to what the pool's schema demands.",
  'value-too-long': 'Shorten it to what the attribute may have.',
  'value-over-2048-bytes': 'Shorten it: the service may refuse it.',
  'surrounding-space': 'Take the space out of the file.',
  'control-character': 'Take them out of the file.',
  'replacement-character': 'Export the file anew, as UTF-8: letters are lost in this one.',

  // Passwords and groups.
  'weak-password':
    "Choose a password that fits the pool's policy, or leave it out and give --generate-passwords FILE.",
  'invalid-password': 'Choose a password without white space, of at most 256 characters.',
  'unknown-group': 'Correct the name, or have the groups made with --create-groups.',
  'invalid-group-name': 'Correct the name: no white space, and at most 128 characters.',
  'too-many-groups': 'Leave groups out until a user has at most 100.',

  // Between rows.
  'duplicate-username': 'Keep one of the two rows, or correct the name.',
  'duplicate-email': 'Keep one of the two rows, or correct the address.',
  'duplicate-phone-number': 'Keep one of the two rows, or correct the number.',
  'duplicate-preferred-username': 'Keep one of the two rows, or correct the name.',
  'shared-alias': 'Look which of the users is to sign in with it: only one can.',
  'case-twin': 'Look whether they are two people: the pool takes them for two.',
};

/** What to do about a rule's code, in one or two sentences; undefined where it is no rule's. */
export function ruleAdviceFor(code: string): string | undefined {
  return Object.hasOwn(ruleAdvice, code) ? ruleAdvice[code] : undefined;
}
