import type { User } from '../record/user.js';
import type { Medium, Step, StepName } from './steps.js';

/** The options of an import that decide what is done for a user. */
export interface ImportSettings {
  readonly passwordMode: 'none' | 'temporary' | 'permanent' | 'challenge';
  /** Each row without a password gets a generated one. */
  readonly generatesPasswords: boolean;
  readonly verified: readonly ('email' | 'phone_number')[];
  readonly invite: Medium | undefined;
  readonly onExisting: 'skip' | 'update' | 'fail';
  /** Users who are there and never signed in are invited again, and nothing else is done. */
  readonly resend?: boolean;
}

/** What is to be done for one row of the file. */
export interface Action {
  /** The row's place in the file, from 0. */
  readonly row: number;
  readonly user: User;
  /** In order; a step that fails keeps the later ones from being tried. */
  readonly steps: readonly Step[];
}

/** The one step that invites a user again. */
export function planResend(row: number, user: User, medium: Medium): Action {
  return { row, user, steps: [{ name: 'invite', medium }] };
}

/** The steps that make a new user of a row. */
export function planCreate(row: number, user: User, settings: ImportSettings): Action {
  const { passwordMode, invite } = settings;
  const hasPassword = user.password !== undefined || settings.generatesPasswords;
  const temporary = passwordMode === 'temporary' && hasPassword;
  const challenge = passwordMode === 'challenge' && hasPassword;
  const temporaryPassword = temporary ? 'own' : challenge ? 'throwaway' : 'none';
  const marksVerified = settings.verified.some((name) =>
    user.attributes.some(({ Name }) => Name === `${name}_verified`),
  );

  const includes: StepName[] = [];
  if (invite) includes.push('invite');
  if (temporary) includes.push('password');
  if (marksVerified) includes.push('verified');

  const steps: Step[] = [
    { name: 'create', ...(invite && { invite }), temporaryPassword, includes },
  ];
  if (passwordMode === 'permanent' && hasPassword) steps.push({ name: 'password' });
  if (challenge) steps.push({ name: 'challenge' });
  if (user.groups.length > 0) steps.push({ name: 'groups', add: user.groups });
  if (user.enabled === false) steps.push({ name: 'disable' });
  return { row, user, steps };
}
