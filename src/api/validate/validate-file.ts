import type { PoolDescription } from '../../cognito/description.js';
import { summaryOf } from '../../report/summary.js';
import type { Summary } from '../../report/summary.js';
import { writePage } from '../../report/page/write-page.js';
import { writeSummary } from '../../report/write-summary.js';
import type { Source } from '../../source/index.js';
import { readWholeHeader } from '../run/check-file.js';
import { totalsOf } from '../run/checked-rows.js';
import { exitCodeOf } from '../run/exit-code.js';
import type { Changes } from './fixed-file.js';
import type { FinishedRun } from '../run/finish-run.js';
import { openFile } from '../run/open-file.js';
import type { CallOptions, FileOptions, PoolOptions, RowOptions, RunOptions } from '../options.js';
import { readDescription } from '../run/pool-view.js';
import { createRunFolder, defaultReports, removeRunFolder } from '../run/run-folder.js';
import { readSavedDescription } from '../pool/saved-description.js';
import { firstCalls, openPool, withSession } from '../run/session.js';
import type { Session } from '../run/session.js';
import { mayNameGroups, readingSettings } from '../run/settings.js';
import { ValidationPass } from './validation-pass.js';
import type { ValidateListener } from './validation-pass.js';

export interface ValidateOptions extends FileOptions, RowOptions, RunOptions, CallOptions {
  /** Checks against the pool as it is now. */
  readonly pool?: PoolOptions;
  /** Checks against the description in this file; nothing is called. */
  readonly schema?: string;
  /** A file that does not exist yet, for the rows with the safe proposals applied. */
  readonly fix?: string;
}

export interface ValidatedFile extends FinishedRun {
  /** Only with `fix`. */
  readonly changes: Changes | undefined;
}

/**
 * Checks every row of a CSV in one pass, whose memory grows by a few bytes a row. With a pool, its
 * description is read and nothing else; with neither pool nor description, what holds in every pool
 * is checked. Rejects with a `Refusal`, `SourceError` or `PoolError` where the file can't be checked
 * as a whole, and leaves no folder then.
 */
export function validateFile(
  options: ValidateOptions,
  listener: ValidateListener = {},
): Promise<ValidatedFile> {
  return withSession(options, listener, async (session) => {
    const { releases, clock } = session;
    const startedAt = clock.wall();
    const source = await openFile(options, session);
    const { pool, description } = await poolToCheck(options, source, session);
    const settings = await readingSettings(options, new Date(startedAt));
    const { header, warnings } = readWholeHeader(source, description, settings);

    const reports = options.reports ?? defaultReports;
    const folder = await createRunFolder(reports, options.run, options.file, new Date(startedAt));
    releases.add(() => folder.release());
    try {
      const pass = await ValidationPass.open(folder.path, source, header, options, listener);
      const found = await pass.run(warnings, session);
      const { rows: tally, problems } = found;
      const at = clock.wall();
      const summary = summaryOf({
        begin: { run: folder.run, command: 'validate', at: startedAt, pool },
        file: { name: source.name, ...totalsOf(source) },
        tally,
        figures: [],
        end: { at, outcome: 'complete', notices: session.notices, exitCode: exitCodeOf(tally) },
        more: {
          durationSeconds: Math.round((at - startedAt) / 10) / 100,
          problems: problems.counts,
        },
      });
      await writeSummary(folder.path, summary);
      await writePage(folder.path, summary, [], found.page);
      return { summary, folder: folder.path, resumable: false, changes: found.changes };
    } catch (error) {
      await folder.release();
      await removeRunFolder(folder);
      throw error;
    }
  });
}

/** What the rows are held against; without a description, what holds in every pool. */
interface PoolToCheck {
  readonly pool: Summary['pool'];
  readonly description?: PoolDescription;
}

async function poolToCheck(
  options: ValidateOptions,
  source: Source,
  session: Session,
): Promise<PoolToCheck> {
  const { pool: address, schema } = options;
  const namesGroups = mayNameGroups(options, source.header.cells);
  if (schema !== undefined) {
    const description = await readSavedDescription(schema, options.signal);
    if (namesGroups && !description.Groups) {
      session.notice(
        `${schema} has no groups, so group names are not checked: save it with cognito-bulk pool.`,
      );
    }
    const { Id } = description.UserPool;
    return { pool: { id: Id, region: Id.split('_', 1).join('') }, description };
  }
  if (address === undefined) return { pool: { id: null, region: null } };
  const pool = await openPool(address, session);
  const description = await readDescription(pool, firstCalls(session), namesGroups);
  return { pool: { id: pool.userPoolId, region: pool.region }, description };
}
