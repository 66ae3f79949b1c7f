import type { NationalNumbers } from './national-numbers.js';
import type { Preset } from './preset.js';

/** `none`: no password is set · `challenge`: signs in and answers NEW_PASSWORD_REQUIRED. */
export type PasswordMode = 'none' | 'temporary' | 'permanent' | 'challenge';

/** How the rows are to be read: what the options say. */
export interface ReadingSettings {
  /** Absent: `temporary` where the file has a password column, else `none`. */
  readonly passwordMode?: PasswordMode;
  /** Whether a row without a password gets one from `--generate-passwords`. */
  readonly generatesPasswords: boolean;
  /** What is marked as verified in every row that has it. */
  readonly verified: readonly ('email' | 'phone_number')[];
  readonly invite: 'none' | 'email' | 'sms';
  /** Reads phone numbers without a country code; absent without `--default-country`. */
  readonly nationalNumbers?: NationalNumbers;
  /** For every user, beside those of the row. */
  readonly groups: readonly string[];
  /** Whether groups that the pool has not are made, so that they are no error. */
  readonly createGroups: boolean;
  /** Attribute values for every row that has none. */
  readonly defaults: Readonly<Record<string, string>>;
  /** Header name to attribute, the empty string drops the column; case and surrounding space do not count. */
  readonly mapping: ReadonlyMap<string, string>;
  /** What is known of the system that the file comes from; the mapping wins over it. */
  readonly preset?: Preset;
  /** For dates that lie in the future. */
  readonly now: Date;
}
