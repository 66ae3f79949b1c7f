import { checkSignIns } from './check-sign-ins.js';
import type { FinishedRun } from '../run/finish-run.js';
import type { RunListener } from '../listener.js';
import { newRun } from '../run/new-run.js';
import { openForRun } from '../run/open-file.js';
import type { VerifyOptions } from '../options.js';
import { rememberedFrom } from '../run/remembered.js';
import { withSession } from '../run/session.js';
import { confirmCommand, sendCommand } from '../run/commands.js';
import { openVerification, runVerification } from './verify-run.js';

/**
 * Signs the people of a CSV in, and sends each a code or hands in the one that they were sent.
 * Resolves and rejects as `importUsers` does.
 */
export function verifyUsers(
  options: VerifyOptions,
  listener: RunListener = {},
): Promise<FinishedRun> {
  return withSession(options, listener, async (session) => {
    const { action, attribute = 'email' } = options;
    const source = await openForRun(options, session);
    const settings = { action, attribute };
    const view = await openVerification(options, settings, options.pool, source, session);
    const about = {
      ...options,
      command: action === 'send' ? sendCommand : confirmCommand,
      pool: view.pool,
      remembered: rememberedFrom({ ...options, attribute }),
    };
    return newRun(about, source, session, async (folder, journal) => {
      const work = { ...view, source, journal, retryFailed: false };
      await checkSignIns(work, session);
      return runVerification(work, folder, session);
    });
  });
}
