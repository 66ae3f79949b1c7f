import type { Address } from '../record/pool-facts.js';
import type { Credentials } from '../record/sign-in-row.js';

/** What a verification run does with each row. */
export interface VerifySettings {
  /** Send everybody a code, or hand in the codes that they were sent. */
  readonly action: 'send' | 'confirm';
  /** The address that is to be verified. */
  readonly attribute: Address;
}

/** What is to be done for one row, after its user was signed in. */
export interface VerifyAction {
  /** The row's place in the file, from 0. */
  readonly row: number;
  readonly user: Credentials;
  readonly attribute: Address;
  readonly step:
    { readonly name: 'send-code' } | { readonly name: 'confirm-code'; readonly code: string };
}

export function planVerify(
  row: number,
  user: Credentials,
  { action, attribute }: VerifySettings,
): VerifyAction {
  const { code = '' } = user;
  const step = action === 'send' ? { name: 'send-code' } : { name: 'confirm-code', code };
  return { row, user, attribute, step } as VerifyAction;
}
