import type { RowResult } from '../../apply/result.js';
import type { StopReason } from '../../apply/stop.js';
import type { PoolDescription } from '../../cognito/description.js';
import { AppendError } from '../../files/append-file.js';
import { PasswordFile } from '../../journal/password-file.js';
import type { RowOptions } from '../options.js';
import { Refusal } from '../refusal.js';
import { finishRun } from '../run/finish-run.js';
import type { FinishedRun } from '../run/finish-run.js';
import type { Session } from '../run/session.js';
import { UnusedPasswords } from './unused-passwords.js';

/** The file for generated passwords of a run that has not begun. */
export interface NewPasswords {
  /** Absent where none is wanted. */
  readonly file: PasswordFile | undefined;
  /** From now on the file stays, whatever becomes of the run: accounts may have its passwords. */
  keep(): void;
}

/** Makes the file, where one is wanted; it goes again where the run does not begin. */
export async function newPasswords(
  options: RowOptions,
  description: PoolDescription,
  session: Session,
): Promise<NewPasswords> {
  const file = await openPasswords(options, description, 'create', session);
  let isKept = false;
  if (file) session.releases.add(() => (isKept ? file.close() : file.discard()));
  return {
    file,
    keep: () => {
      isKept = true;
    },
  };
}

/** Goes on with the file of an earlier session, where it had one. */
export function passwordsAgain(
  options: RowOptions,
  description: PoolDescription,
  session: Session,
): Promise<PasswordFile | undefined> {
  return openPasswords(options, description, 'resume', session);
}

/** Ends a run as `finishRun` does, and takes out of the file what was made for nobody. */
export async function finishWithPasswords(
  ending: Parameters<typeof finishRun>[0],
  passwords: PasswordFile | undefined,
  reason: StopReason | undefined,
  session: Session,
): Promise<FinishedRun> {
  const unused = new UnusedPasswords();
  const run = await finishRun(ending, reason, session, (result: RowResult) => {
    unused.see(result);
  });
  await passwords?.finish((username) => unused.has(username));
  return run;
}

async function openPasswords(
  { generatePasswords: path }: RowOptions,
  description: PoolDescription,
  how: 'create' | 'resume',
  session: Session,
): Promise<PasswordFile | undefined> {
  if (path === undefined) return undefined;
  const policy = description.UserPool.Policies?.PasswordPolicy ?? {};
  try {
    return await PasswordFile[how](path, policy);
  } catch (error) {
    if (how === 'create' && error instanceof AppendError) {
      throw new Refusal(`${error.message}. Nothing was sent: make room, or name another file.`);
    }
    if (!(error instanceof Error && 'code' in error)) throw error;
    if (how === 'resume' && error.code === 'ENOENT') {
      session.notice(`${path} is gone, so new passwords go into a new file of that name.`);
      return PasswordFile.create(path, policy);
    }
    throw new Refusal(
      error.code === 'EEXIST'
        ? `${path} is there already and may hold passwords, so it is not overwritten: name another file.`
        : `${path} can't be written (${String(error.code)}): name another file.`,
    );
  }
}
