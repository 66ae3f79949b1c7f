import { rawArguments } from './command-info.js';
import { UsageError } from './usage-error.js';

/** What would have to hold for an invitation as well, wherever it is said. */
const never = ['dry-run', 'rehearse'];
/** What decides on new users alone. A `--config` file that serves other imports too may have it. */
const ofNewUsers = ['generate-passwords', 'password-mode', 'verified', 'create-groups'];

/**
 * `--resend` invites, and does nothing else: what is asked for beside it is a misunderstanding, and
 * said; what only a `--config` file has for new users is taken out of `given`.
 */
export function resendAlone(args: readonly string[]): (given: Record<string, unknown>) => void {
  return (given) => {
    if (given['resend'] !== true) return;
    const typed = rawArguments(args);
    const isAsked = (value: unknown): boolean => value !== undefined && value !== false;
    const beside =
      never.find((name) => isAsked(given[name])) ??
      ofNewUsers.find((name) => isAsked(typed[name]) && isAsked(given[name]));
    if (beside !== undefined) {
      throw new UsageError(
        `--resend invites users who are there and does nothing else: leave --${beside} out.`,
      );
    }
    for (const name of ofNewUsers) given[name] = undefined;
  };
}
