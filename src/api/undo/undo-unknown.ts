import { findUser, isOurs } from '../../apply/lookup.js';
import type { Calls } from '../../apply/calls.js';
import type { PoolDescription } from '../../cognito/description.js';
import { PoolError } from '../../cognito/errors.js';
import type { UserPool } from '../../cognito/user-pool.js';
import { attributesFingerprint } from '../../plan/fingerprint.js';
import type { Planned, PlannedEnable, PlannedNothing, PlannedRemoval } from '../../plan/planned.js';
import { readRow } from '../../record/row.js';
import { checkHeader } from '../run/check-file.js';
import type { UndoOptions } from '../options.js';
import { allPlanned } from '../plans/plan-lines.js';
import { openFileAgain } from '../run/reopen-run.js';
import type { Reopened } from '../run/reopen-run.js';
import { Refusal } from '../refusal.js';
import type { Session } from '../run/session.js';
import { readingSettings } from '../run/settings.js';
import { isUnknown } from './undo-plan.js';

/** What is to be done about the user of such a row. */
type Found = Omit<PlannedRemoval, 'row'> | Omit<PlannedEnable, 'row'> | Omit<PlannedNothing, 'row'>;

/** Rows whose create has no answer, and the users whom it made after all. */
export class UnknownUsers {
  readonly #found = new Map<number, Found>();

  /**
   * Looks the users of these rows up, as `resume` would: whoever was made by the run has the row's
   * values, and was not there before. Needs the run's file.
   */
  static async find(
    target: Reopened,
    pool: UserPool,
    description: PoolDescription,
    calls: Calls,
    options: UndoOptions,
    session: Session,
  ): Promise<UnknownUsers> {
    const users = new UnknownUsers();
    const { journal, remembered } = target;
    if (!hasUnknown(target)) return users;
    const made = journal.begin.command === 'sync' ? await users.#readPlan(target) : undefined;
    const source = await openFileAgain(target, options, session).catch(explain);
    const reading = await readingSettings(remembered.rows, new Date(journal.begin.at));
    const header = checkHeader(source, description, reading, session);
    for await (const { rows, start } of source.read()) {
      for (const [index, raw] of rows.entries()) {
        const row = start.row + index;
        if (!isUnknown(journal, row)) continue;
        const { user } = readRow(raw, header);
        if (!user) continue;
        const disabled = users.#found.get(row);
        if (disabled) {
          users.#found.set(row, { ...disabled, line: raw.line, username: user.username });
        }
        const earlier = journal.earlier(row);
        const triedAt = earlier?.triedAt ?? earlier?.result?.unknownSince;
        if (triedAt === undefined || made?.has(row) === false) continue;
        const whose = { line: raw.line, username: user.username };
        try {
          const found = await findUser(user, { pool, settings: description.UserPool, calls });
          if (!found || !isOurs(found, user, triedAt)) continue;
          const { username, sub = username } = found;
          const as = options.evenIfChanged === true ? '' : attributesFingerprint(found);
          users.#found.set(row, { do: 'delete', ...whose, sub, as });
        } catch (error) {
          users.#found.set(row, { ...stillUnknown(error), ...whose });
        }
      }
    }
    return users;
  }

  /**
   * Takes from a sync's plan whom it may have disabled, who is enabled again. Returns the rows whose
   * user it was to make: whom it was to change was there before, if only for a moment.
   */
  async #readPlan({ folder, journal }: Reopened): Promise<ReadonlySet<number>> {
    const made = new Set<number>();
    for await (const lines of allPlanned(folder.plan)) {
      for (const planned of lines) {
        if (!isUnknown(journal, planned.row)) continue;
        if (planned.do === 'create') made.add(planned.row);
        const isDisabled =
          planned.do === 'disable' || (planned.do === 'update' && planned.enabling === 'disable');
        if (!isDisabled) continue;
        const { sub } = planned;
        const username = planned.do === 'disable' ? planned.username : sub;
        this.#found.set(planned.row, { do: 'enable', line: 0, username, sub, as: '' });
      }
    }
    return made;
  }

  /** @param place of the plan's line */
  planFor(row: number, place: number): Planned | undefined {
    const found = this.#found.get(row);
    return found && { ...found, row: place };
  }
}

/** One user about whom nothing can be learned keeps nobody else from being undone. */
function stillUnknown(error: unknown): Omit<PlannedNothing, 'row'> {
  const isUnanswered =
    error instanceof PoolError && (error.kind === 'lost' || error.kind === 'unreachable');
  if (!isUnanswered) throw error;
  return {
    do: 'nothing',
    status: 'failed',
    code: 'outcome-unknown',
    message: `${error.operation} had no answer, so whether the run made this user is still not known: undo the run again`,
  };
}

function hasUnknown({ journal }: Reopened): boolean {
  for (let row = 0; row < journal.rows; row++) {
    if (isUnknown(journal, row)) return true;
  }
  return false;
}

function explain(error: unknown): never {
  if (!(error instanceof Error)) throw error;
  throw new Refusal(
    `Some rows have no known outcome, and it takes the run's file to tell whom they made. ${error.message}`,
  );
}
