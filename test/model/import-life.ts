import { expect } from 'vitest';

import { Calls } from '../../src/apply/calls.js';
import { applyAll } from '../../src/apply/engine.js';
import { Invitations } from '../../src/apply/invitations.js';
import type { RowResult } from '../../src/apply/result.js';
import { applyRow } from '../../src/apply/row.js';
import { SignIn } from '../../src/apply/sign-in.js';
import { Stop } from '../../src/apply/stop.js';
import type { Tools } from '../../src/apply/tools.js';
import { UnusedPasswords } from '../../src/api/import/unused-passwords.js';
import { isPending } from '../../src/api/run/pending-rows.js';
import type { UserPoolSettings } from '../../src/cognito/description.js';
import type { CreateUserRequest, UserPool } from '../../src/cognito/user-pool.js';
import type { Journal } from '../../src/journal/journal.js';
import { PasswordFile } from '../../src/journal/password-file.js';
import type { Action, ImportSettings } from '../../src/plan/import-plan.js';
import { ratesOf } from '../support/apply-bench.js';
import type { ScriptedPool } from '../support/scripted-pool.js';
import type { SentCall } from './faulty-pool.js';
import { diskPrefix } from './mounted.js';
import { openJournal, resultIn, triedRows } from './open-journal.js';
import type { World } from './world.js';

const journalPath = `${diskPrefix}/run/journal.jsonl`;
const passwordsPath = `${diskPrefix}/run/passwords.csv`;

const maxAttempts = 4;
const client = { clientId: 'model', flow: 'ADMIN_USER_PASSWORD_AUTH' } as const;

/** What a session is asked for beside its settings. */
export interface Asked {
  /** Rows that can't be sent as they are. */
  readonly invalid: ReadonlySet<number>;
  /** Whether a session tries those again that failed. */
  readonly retryFailed: boolean;
  /** After how many failures a session stops, and after how many invitations; the last one goes on. */
  readonly maxErrors: number;
  readonly inviteLimit: number;
}

/** An import through the engine itself: what its processes do, one after the other. */
export class ImportLife {
  readonly #world: World;
  readonly #actions: readonly Action[];
  readonly #settings: ImportSettings;
  readonly #asked: Asked;
  /** Rows by what the create of their user is called. */
  readonly #rows: ReadonlyMap<string, number>;
  /** Passwords of users whom nobody is to know, which no user may be left with. */
  readonly throwaways: string[] = [];
  /** Processes so far. */
  sessions = 0;
  #creates = 0;

  constructor(world: World, actions: readonly Action[], settings: ImportSettings, asked: Asked) {
    this.#asked = asked;
    this.#world = world;
    this.#actions = actions;
    this.#settings = settings;
    this.#rows = new Map(actions.map(({ row, user }) => [user.username, row]));
    world.onSent = (call) => {
      this.#holdAgainstLedger(call);
      if (settings.generatesPasswords) this.#holdAgainstPasswords(call);
    };
  }

  /** The passwords that were made, by username. */
  get generated(): ReadonlyMap<string, string> {
    const lines = this.#world.disk.text(passwordsPath).trim().split('\n').slice(1);
    return new Map(
      lines.map((line) => {
        const [username = '', ...password] = line.split(',');
        const text = password.join(',').replace(/^"(.*)"$/, '$1');
        return [username, text.replaceAll('""', '"')] as const;
      }),
    );
  }

  /** One process; what it says of each row at its end. */
  readonly process = async (): Promise<readonly (RowResult | undefined)[]> => {
    const { clock, random, surroundings, isCalm } = this.#world;
    const { invalid, retryFailed, maxErrors, inviteLimit } = this.#asked;
    this.sessions++;
    const about = { command: 'import', options: {} };
    const passwords = await this.#openPasswords();
    const journal = await openJournal(this.#world, journalPath, about, this.#creates);
    if (!journal.whole) {
      const rows = this.#actions.length;
      for (const action of this.#actions) if (invalid.has(action.row)) noteInvalid(journal, action);
      journal.checked({ t: 'checked', rows, sha256: '', missingGroups: [] });
      await journal.flush();
    }
    const stop = new Stop();
    const pool = this.#world.client();
    const probe = (): Promise<unknown> => pool.describeUserPool();
    const calls = new Calls({ rates: ratesOf(1_000), maxAttempts, probe }, clock, random, stop);
    const tools: Tools = {
      pool,
      settings: this.#poolSettings,
      importSettings: this.#settings,
      calls,
      ledger: journal,
      invitations: new Invitations(isCalm ? Infinity : inviteLimit, stop),
      ...(passwords && { passwords }),
      ...(this.#settings.passwordMode === 'challenge' && { signIn: signInOf(pool, calls, stop) }),
      newPassword: () => this.#throwaway(),
      clock,
      stop,
    };
    await applyAll(
      pendingOf(this.#actions, { journal, retryFailed }),
      (action, earlier, effort) => applyRow(action, earlier, effort, tools),
      {
        concurrency: surroundings.concurrency,
        rowsPerSecond: 1_000,
        ...(!isCalm && { errorLimit: { rows: maxErrors } }),
        earlier: (row) => journal.earlier(row),
        onResult: () => undefined,
      },
      tools,
    );
    await journal.seal();
    const results = this.#actions.map(({ row }) => resultIn(journal, row));
    const outcome = stop.reason?.outcome ?? 'complete';
    journal.note({ t: 'end', at: clock.wall(), outcome, exitCode: 0 });
    await journal.close();
    await endPasswords(passwords, results);
    return results;
  };

  #throwaway(): string {
    const password = `Thr0wn-away-${this.throwaways.length}`;
    this.throwaways.push(password);
    return password;
  }

  get #poolSettings(): UserPoolSettings {
    const { byEmail } = this.#world.surroundings;
    return { Id: 'eu-west-1_Scripted', ...(byEmail && { UsernameAttributes: ['email'] }) };
  }

  #openPasswords(): Promise<PasswordFile | undefined> {
    if (!this.#settings.generatesPasswords) return Promise.resolve(undefined);
    const how = this.#world.disk.has(passwordsPath) ? 'resume' : 'create';
    return PasswordFile[how](passwordsPath, {});
  }

  /** What must not be sent twice is on the disk before it is sent. */
  #holdAgainstLedger({ operation, args }: SentCall): void {
    if (operation !== 'AdminCreateUser') return;
    const { username } = args[0] as CreateUserRequest;
    const row = this.#rows.get(username) ?? this.#rows.get(emailOf(this.#world.pool, username));
    if (row === undefined) throw new Error(`a create of somebody in no row: ${username}`);
    this.#creates++;
    const tried = triedRows(this.#world.disk.durableText(journalPath));
    expect(tried.has(row), `a line of row ${row} on the disk`).toBe(true);
  }

  /** A password that nobody else knows is on the disk before anybody has it. */
  #holdAgainstPasswords({ operation, args }: SentCall): void {
    const password = passwordIn(operation, args);
    if (password === undefined || this.throwaways.includes(password)) return;
    if (this.#actions.some(({ user }) => user.password === password)) return;
    const durable = this.#world.disk.durableText(passwordsPath);
    expect(durable.replaceAll('""', '"'), 'a password on the disk').toContain(password);
  }
}

function passwordIn(operation: SentCall['operation'], args: SentCall['args']): string | undefined {
  switch (operation) {
    case 'AdminCreateUser':
      return (args[0] as CreateUserRequest).temporaryPassword;
    case 'AdminSetUserPassword':
      return args[1] as string;
    case 'AdminRespondToAuthChallenge':
      return (args[0] as { readonly newPassword: string }).newPassword;
    default:
      return undefined;
  }
}

function signInOf(pool: UserPool, calls: Calls, stop: Stop): SignIn {
  return new SignIn(client, [], pool, calls, stop);
}

async function endPasswords(
  passwords: PasswordFile | undefined,
  results: readonly (RowResult | undefined)[],
): Promise<void> {
  const unused = new UnusedPasswords();
  for (const result of results) if (result) unused.see(result);
  await passwords?.finish((username) => unused.has(username));
}

const emailOf = ({ users }: ScriptedPool, sub: string): string =>
  users.find((user) => user.sub === sub)?.attributes.find(({ Name }) => Name === 'email')?.Value ??
  '';

/** What the check of the file says of a row. */
function noteInvalid(journal: Journal, { row, user: { line, username } }: Action): void {
  const nothing = { steps: [], attempts: 0, final: true } as const;
  journal.done({ row, line, username, status: 'invalid', code: 'invalid-email', ...nothing });
}

async function* pendingOf(
  actions: readonly Action[],
  work: { readonly journal: Journal; readonly retryFailed: boolean },
): AsyncGenerator<readonly Action[]> {
  for (const action of actions) {
    await Promise.resolve();
    if (isPending(work, action.row)) yield [action];
  }
}
