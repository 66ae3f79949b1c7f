/** What the journal and the summary call the two runs that verify addresses. */
export const sendCommand = 'verify send';
export const confirmCommand = 'verify confirm';

/** What such a run does; absent for every other command. */
export function verifyActionOf(command: string): 'send' | 'confirm' | undefined {
  if (command === sendCommand) return 'send';
  return command === confirmCommand ? 'confirm' : undefined;
}
