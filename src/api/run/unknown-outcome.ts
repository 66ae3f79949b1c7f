import { invitationUnknown } from '../../apply/invite.js';
import { codeOutcomeUnknown } from '../../apply/verify-row.js';
import type { BeginEntry } from '../../journal/entries.js';
import type { Remembered } from './remembered.js';
import { confirmCommand, sendCommand } from './commands.js';

/** What the reports say of a row whose call was sent and whose answer nobody knows. */
export interface UnknownOutcome {
  readonly code: string;
  readonly message: string;
}

/** It depends on what the run was sending. */
export function unknownOutcome({ command, options }: BeginEntry): UnknownOutcome {
  if (command === sendCommand) return codeOutcomeUnknown;
  if (command === confirmCommand) {
    const message =
      'a code was handed in and the answer is not known: resume looks whether it was taken';
    return { code: 'outcome-unknown', message };
  }
  if ((options as Partial<Remembered>).rows?.resend === true) return invitationUnknown;
  return {
    code: 'outcome-unknown',
    message: 'the create call was sent and its answer is not known: resume looks the user up',
  };
}
