import type { RowResult } from '../../apply/result.js';
import type { Forecast } from '../../plan/forecast.js';
import { PoolMatch } from '../../plan/pool-match.js';
import { readRow } from '../../record/row.js';
import type { Row } from '../../source/index.js';
import { counted } from '../../record/counted.js';
import type { RunListener } from '../listener.js';
import type { ForetellingOptions, ImportOptions } from '../options.js';
import { ExpectedWork } from '../plans/expected-work.js';
import { planHead, refuseUnsaveable, writePlan } from '../plans/plan-file.js';
import { tellForecast } from '../plans/tell-forecast.js';
import { checkFile, seedFrom } from '../run/check-file.js';
import type { UncheckedFile } from '../run/check-file.js';
import { finishRun } from '../run/finish-run.js';
import type { FinishedRun } from '../run/finish-run.js';
import { newRun } from '../run/new-run.js';
import { openFile } from '../run/open-file.js';
import { rememberedFrom } from '../run/remembered.js';
import { fileRows } from '../run/reported-rows.js';
import { sessionCalls, withSession } from '../run/session.js';
import type { Session, SessionCalls } from '../run/session.js';
import { foretell } from './foretell.js';
import { openView } from './import-run.js';
import type { View } from './import-run.js';
import { matchPool } from './match-pool.js';

export interface DryRunOptions extends ImportOptions, ForetellingOptions {}

/**
 * Says what an import would do, and what that would take, without a call that writes or bills. The
 * reports have the same form as those of the import. Rejects as `importUsers` does.
 */
export function dryRun(options: DryRunOptions, listener: RunListener = {}): Promise<FinishedRun> {
  return withSession(options, listener, async (session) => {
    const source = await openFile(options, session);
    const { savePlan } = options;
    await refuseUnsaveable(savePlan, source);
    const view = await openView(options, options.pool, source, session.clock.wall(), session);
    const remembered = rememberedFrom({ ...options, dryRun: true });
    const about = { ...options, command: 'import', pool: view.pool, remembered };
    return newRun(about, source, session, async (folder, journal) => {
      const file = { ...view, source, journal };
      const { match, rates } = await look(file, session);
      const rows = new ForetoldRows(file, match, listener);
      const dry = { ...options, forecast: () => rows.forecast(rates, options, session) };
      const reported = fileRows(source, view.header, listener, rows.resultOf);
      const run = await finishRun(
        { folder, journal, resumable: false, ...reported, dry },
        undefined,
        session,
      );
      if (savePlan !== undefined) {
        const { file: totals, rows: counts } = run.summary;
        const own = rememberedFrom(options);
        const head = planHead('import', journal.begin, totals, view.description, own);
        await writePlan(savePlan, { ...head, byStatus: counts.byStatus });
      }
      return run;
    });
  });
}

/** A file that is held against a pool. */
type File = UncheckedFile & View;

/** Reads the file once, then the pool once. */
async function look(
  file: File,
  session: Session,
): Promise<{ readonly match: PoolMatch } & Pick<SessionCalls, 'rates'>> {
  const { pool, description, journal, settings } = file;
  const match = new PoolMatch(description.UserPool, seedFrom(session));
  await checkFile(file, session, { onUser: (row, user) => match.addRow(row, user) });
  if (settings.onExisting === 'update' && description.Groups !== undefined) {
    session.notice(
      'Whether users who are there lack a group is not looked at: that would take a call for each.',
    );
  }
  const { calls, figures, rates } = await sessionCalls(session, pool, ['UserCreation']);
  await matchPool(match, file, calls, session);
  journal.note(figures.take());
  return { match, rates };
}

/** Foretells row by row, and adds up what the run would do. */
class ForetoldRows {
  readonly #file: File;
  readonly #match: PoolMatch;
  readonly #listener: RunListener;
  readonly #work: ExpectedWork;
  /** New users who could never sign in. */
  #cannotSignIn = 0;

  constructor(file: File, match: PoolMatch, listener: RunListener) {
    this.#file = file;
    this.#match = match;
    this.#listener = listener;
    this.#work = new ExpectedWork(file.settings);
  }

  /** What the journal does not say: it has the invalid rows. */
  readonly resultOf = (row: number, raw: Row, named: string): RowResult | undefined => {
    const { header, journal, settings } = this.#file;
    if (journal.stateOf(row) === 'invalid') return undefined;
    const { user, problems } = readRow(raw, header);
    if (!user) return undefined;
    const told = foretell(this.#match.matchOf(row), settings);
    const isNew = told.status === 'would-create';
    if (!isNew) this.#work.addExisting(user, told.status === 'would-update');
    else {
      this.#work.addCreate(row, user);
      if (problems.some(({ code }) => code === 'cannot-sign-in')) this.#cannotSignIn++;
    }
    const username = isNew ? user.username : named;
    const nothingDone = { steps: [], attempts: 0, final: true } as const;
    const result: RowResult = { row, line: raw.line, username, ...told, ...nothingDone };
    this.#listener.onResult?.(result);
    return result;
  };

  /** To be called once every row was foretold. */
  forecast(rates: SessionCalls['rates'], options: ForetellingOptions, session: Session): Forecast {
    const { description } = this.#file;
    const expected = this.#work.expected(description.UserPool);
    const would = tellForecast(expected, rates, options, session.listener);
    if (this.#cannotSignIn > 0) {
      session.notice(
        `${counted(this.#cannotSignIn, 'user')} could never sign in, having neither a password nor an invitation: see --generate-passwords and --invite.`,
      );
    }
    const actions = this.#work.operations.map((name) => `cognito-idp:${name}`).join(', ');
    session.notice(`The run needs permissions that a dry run can't try out: ${actions}.`);
    return would;
  }
}
