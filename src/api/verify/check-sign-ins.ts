import { Findings } from '../../record/findings.js';
import { duplicateUsername } from '../../record/duplicates.js';
import { LineTable } from '../../record/line-table.js';
import type { Problem } from '../../record/problem.js';
import { readSignInHeader, readSignInRow } from '../../record/sign-in-row.js';
import type { Credentials, SignInHeader, SignInSettings } from '../../record/sign-in-row.js';
import type { PoolDescription } from '../../cognito/description.js';
import type { Source } from '../../source/index.js';
import { checkRows, endCheck, headerWithoutErrors, seedFrom } from '../run/check-file.js';
import type { UncheckedFile } from '../run/check-file.js';
import { errorIn } from '../run/checked-rows.js';
import type { CheckedBatch, CheckedRow } from '../run/checked-rows.js';
import type { Session } from '../run/session.js';

/** Reads the header as a whole. Throws a `HeaderRefusal` that names every error in it. */
export function checkSignInHeader(
  source: Source,
  pool: PoolDescription | undefined,
  settings: SignInSettings,
): SignInHeader {
  const { header, problems } = readSignInHeader(source.header, pool, settings);
  return headerWithoutErrors(source, header, problems);
}

/** As `checkFile`, for a file of people who sign in: nobody may stand in it twice. */
export async function checkSignIns(
  file: UncheckedFile<SignInHeader>,
  session: Session,
): Promise<void> {
  const batches = checkedSignIns(file.source, file.header, seedFrom(session));
  const checked = await checkRows(file, batches, session, (row) =>
    row.user ? undefined : errorIn(row),
  );
  await endCheck(file, { ...checked, missingGroups: [] }, session);
}

async function* checkedSignIns(
  source: Source,
  header: SignInHeader,
  seed: number,
): AsyncGenerator<CheckedBatch<Credentials>> {
  const lines = new LineTable(header.facts.caseSensitive, seed);
  const pass = source.read();
  for await (const { rows, start } of pass) {
    const checked = rows.map((raw, index): CheckedRow<Credentials> => {
      const row = start.row + index;
      const { user, problems } = readSignInRow(raw, header);
      const line = user ? lines.look(user.username) : 0;
      if (line > 0) return { row, raw, user: undefined, problems: twice(raw.line, line, header) };
      if (user) lines.add(raw.line);
      return { row, raw, user, problems };
    });
    yield { rows: checked, start, bytesRead: pass.bytesRead };
  }
}

function twice(line: number, first: number, { usernames }: SignInHeader): readonly Problem[] {
  const findings = new Findings(line);
  const column = usernames[0]?.header ?? '';
  findings.add(
    duplicateUsername,
    column,
    `"${column}" is the same as in line ${first}: keep one of the two rows, or correct it.`,
  );
  return findings.problems;
}
