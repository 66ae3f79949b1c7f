import { poolOf, poolWith, type Sheet } from './reading.js';

export interface RuleCase {
  readonly code: string;
  readonly sheet: Omit<Sheet, 'rows'>;
  /** Rows, or another header, that break the rule. */
  readonly broken: Partial<Sheet>;
  /** What comes close and is fine. */
  readonly nearMiss: Partial<Sheet>;
}

export const text = (length: number): string => 'x'.repeat(length);
export const emailSignIn = poolOf({ UsernameAttributes: ['email'] });
export const emailAlias = poolOf({ AliasAttributes: ['email'] });
export const phoneAlias = poolOf({ AliasAttributes: ['phone_number'] });
export const nickname = { Name: 'nickname', Required: true, Mutable: true };
export const passwordless = poolOf({
  Policies: { SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD', 'EMAIL_OTP'] } },
});
export const policy = poolOf({
  Policies: { PasswordPolicy: { MinimumLength: 8, RequireNumbers: true, RequireSymbols: true } },
});
export const level = poolWith({
  Name: 'custom:level',
  AttributeDataType: 'Number',
  NumberAttributeConstraints: { MinValue: '1', MaxValue: '9' },
});
export const code = poolWith({
  Name: 'custom:code',
  AttributeDataType: 'String',
  StringAttributeConstraints: { MinLength: '2', MaxLength: '4' },
});
export const since = poolWith({ Name: 'custom:since', AttributeDataType: 'DateTime' });
export const customs = (count: number): string =>
  ['username', ...Array.from({ length: count }, (_, at) => `custom:a${at}`)].join('|');
export const column = (name: string): Omit<Sheet, 'rows'> => ({
  pool: poolOf(),
  settings: { invite: 'none', generatesPasswords: true },
  header: `username|${name}`,
});
export const value = (cell: string): Partial<Sheet> => ({ rows: [`ada|${cell}`] });
