import type { CellTranslation } from './cell-translation.js';
import type { CellReader } from './findings.js';
import type { GroupsReader } from './groups.js';
import type { Address, PoolFacts } from './pool-facts.js';
import type { RequiredAttribute } from './required.js';
import type { PasswordMode, ReadingSettings } from './settings.js';
import type { Attribute } from './user.js';

/** Where a column stands and what the file calls it. */
export interface Place {
  readonly index: number;
  readonly column: string;
}

export interface ReadPlace extends Place {
  readonly read: CellReader;
}

export interface AttributePlace extends ReadPlace {
  readonly name: string;
  readonly freeText: boolean;
  /** Whether the cell is the value to the letter, space around it included. */
  readonly exact: boolean;
  /** What a row without a value gets. */
  readonly fallback: string | undefined;
}

/** All that can be known before the first row, so that a row costs little. */
export interface RowPlan {
  readonly facts: PoolFacts;
  readonly settings: ReadingSettings;
  readonly passwordMode: PasswordMode;
  readonly width: number;
  /** Whether cells may have our formula guard. */
  readonly guarded: boolean;
  /** Absent where every cell stands for itself. */
  readonly translate: CellTranslation | undefined;
  readonly username: ReadPlace | undefined;
  /** What is taken as the username of a row without one, in this order. */
  readonly usernameFrom: readonly { readonly address: Address; readonly read: CellReader }[];
  readonly sub: Place | undefined;
  readonly attributes: readonly AttributePlace[];
  /** What is set for `--verified` in every row that has the address. */
  readonly verified: readonly { readonly address: string; readonly flag: Attribute }[];
  /** Defaults of attributes without a column. */
  readonly constants: readonly Attribute[];
  /** Absent also where no password is to be set. */
  readonly password: Place | undefined;
  readonly groups: Place | undefined;
  readonly readGroups: GroupsReader;
  readonly groupsForAll: readonly string[];
  readonly enabled: Place | undefined;
  readonly mfa: Place | undefined;
  readonly required: readonly RequiredAttribute[];
  /** Whether a row whose user nobody could sign in as is told; false where the whole file was. */
  readonly tellsCannotSignIn: boolean;
}
