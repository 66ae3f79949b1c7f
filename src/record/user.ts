/** One person of the file, in Cognito's terms and ready for AdminCreateUser. */
export interface User {
  /** The line on which the record starts in the file; the header is line 1. */
  readonly line: number;
  /** What AdminCreateUser takes as `Username`: in a pool with UsernameAttributes an email or phone number. */
  readonly username: string;
  readonly attributes: readonly Attribute[];
  readonly password?: string;
  readonly groups: readonly string[];
  /** Absent where the row says nothing: a new user is enabled, an existing one stays as they are. */
  readonly enabled?: boolean;
}

export interface Attribute {
  readonly Name: string;
  readonly Value: string;
}

/** The value of an attribute; a user has few, so that a search costs less than a map. */
export function attributeValue(attributes: readonly Attribute[], name: string): string | undefined {
  for (const attribute of attributes) if (attribute.Name === name) return attribute.Value;
  return undefined;
}
