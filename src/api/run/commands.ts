/** What the journal and the summary call an undo, and the two runs that verify addresses. */
export const undoCommand = 'undo';
export const sendCommand = 'verify send';
export const confirmCommand = 'verify confirm';

/** What a run that verifies does; absent for every other command. */
export function verifyActionOf(command: string): 'send' | 'confirm' | undefined {
  if (command === sendCommand) return 'send';
  return command === confirmCommand ? 'confirm' : undefined;
}
