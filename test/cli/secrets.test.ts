import { lstatSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import yargs from 'yargs';

import { defineCommands } from '../../src/cli/program.js';
import { optionNames } from '../../src/cli/options.js';
import { faultKinds, type FaultRule } from '../../src/local/index.js';
import { growingTo, type Ended } from '../support/cli.js';
import { openPlace, people, stackTrace, until } from '../support/place.js';
import type { Place } from '../support/place.js';
import { openReceiver } from '../support/receiver.js';
import type { Receiver } from '../support/receiver.js';
import { openRecorder } from '../support/recorder.js';
import type { Recorder, Sent } from '../support/recorder.js';
import { confidentialClient, fastSignIn, publicClient } from '../support/signing-in.js';

// A machine with other work to do is no failure.
vi.setConfig({ maxConcurrency: 4 });

/** What yargs knows of the commands it was given. */
interface Defined {
  getInternalMethods(): { getCommandInstance(): { getCommands(): readonly string[] } };
}

/** Stands in every password of the tests, and nowhere else. */
const canary = 'Canary/+"ö';
const password = (n: number): string => `${canary}-${n}-Xy9!`;
/** No run's files are for others, whatever the surroundings say. */
const umasks = ['0777', '000', '077'];
const clientSecret = 'client-secret-0canary0';
/** Only signatures are made with the first; the second stands in a header of its own. */
const awsSecret = 'aws-secret/0canary0+';
const awsSession = 'aws-session/0canary0+';

/** How a secret may be written by somebody who did not mean to show it. */
function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  // Of base64 only what does not depend on the bytes around it.
  const inBase64 = [0, 1, 2].map((shift) =>
    Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .slice(shift === 0 ? 0 : shift + 1, -4),
  );
  return [
    secret,
    JSON.stringify(secret).slice(1, -1),
    encodeURIComponent(secret),
    new URLSearchParams({ '': secret }).toString().slice(1),
    secret.replaceAll('"', '""'),
    secret.replaceAll('"', '&quot;'),
    bytes.toString('hex'),
    ...inBase64,
    ...inBase64.map((text) => text.replaceAll('+', '-').replaceAll('/', '_')),
    // Of a short one nothing is left that could not be there by chance.
  ].filter((form) => form.length >= Math.min(8, secret.length));
}

/** The commands that a scene ran. */
const played = new Set<string>();

/** Whatever a run may have told somebody, by where. */
class Scene {
  readonly place: Place;
  readonly recorder: Recorder;
  readonly receiver: Receiver;
  readonly texts = new Map<string, string>();
  readonly #written = new Set<string>();
  #runs = 0;

  private constructor(place: Place, recorder: Recorder, receiver: Receiver) {
    this.place = place;
    this.recorder = recorder;
    this.receiver = receiver;
  }

  static async open(...rules: readonly FaultRule[]): Promise<Scene> {
    const place = await openPlace({ faults: { rules } });
    mkdirSync(place.path('tmp'));
    const recorder = await openRecorder(place.pool.endpoint);
    return new Scene(place, recorder, await openReceiver());
  }

  get env(): Record<string, string> {
    return {
      AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER: this.recorder.endpoint,
      COGNITO_CLIENT_SECRET: clientSecret,
      AWS_SECRET_ACCESS_KEY: awsSecret,
      AWS_SESSION_TOKEN: awsSession,
      TMPDIR: this.place.path('tmp'),
    };
  }

  /** Runs a command that tells all it can; it ends with one of these exit codes. */
  async run(codes: readonly number[], ...args: readonly string[]): Promise<Ended> {
    const n = this.#runs++;
    played.add(args[0] ?? '');
    const umask = umasks[n % umasks.length] ?? '';
    const ended = await this.place.run([...args, '--verbose'], { env: this.env, umask });
    this.#keep(n, ended);
    expect(codes, `${args.join(' ')}\n${ended.stderr}`).toContain(ended.code);
    expect(ended.stderr).not.toMatch(/not expected/);
    return ended;
  }

  /** As `run`, of a command that makes a run. */
  tell(codes: readonly number[], ...args: readonly string[]): Promise<Ended> {
    const json = this.#runs % 2 === 0 ? ['--json'] : ['--log-format', 'json'];
    const unattended = ['--notify', `${this.receiver.origin}/?n=${this.#runs}`];
    const metrics = ['--metrics', `metrics-${this.#runs}.prom`];
    return this.run(codes, ...args, ...json, ...unattended, ...metrics);
  }

  /** Writes a file that commands are given. */
  async write(name: string, content: string | Buffer): Promise<void> {
    this.#written.add(await this.place.write(name, content));
  }

  /** Throws where not everything that the commands made is its owner's alone; gives how much it is. */
  expectOwn(): number {
    const { folder } = this.place;
    const given = [this.place.path('tmp'), ...this.#written];
    const made = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      // Others are to read the metrics.
      .filter((name) => !given.includes(join(folder, name)) && !name.endsWith('.prom'));
    for (const name of made) {
      const mode = lstatSync(join(folder, name)).isDirectory() ? '700' : '600';
      expect(`${name} ${this.place.mode(name)}`).toBe(`${name} ${mode}`);
    }
    return made.length;
  }

  #keep(n: number, { stdout, stderr }: Ended): void {
    this.texts.set(`stdout ${n}`, stdout);
    this.texts.set(`stderr ${n}`, stderr);
  }

  /** Throws where a secret stands anywhere but in the calls and in these files. */
  expectNone(secrets: readonly string[], ...allowed: readonly string[]): void {
    this.expectOwn();
    const found = [...this.#everything()].filter(([where]) => !allowed.includes(where));
    expect(found.length).toBeGreaterThan(2);
    for (const { sessionToken = awsSession } of this.recorder.sent) {
      expect(sessionToken).toBe(awsSession);
    }
    const sent = this.recorder.sent.flatMap(secretsOf).filter((text) => text.length >= 8);
    for (const secret of new Set([...secrets, awsSecret, awsSession, ...sent])) {
      for (const form of formsOf(secret)) {
        for (const [where, text] of found) {
          expect(text.includes(form), `${form} in ${where}`).toBe(false);
        }
        for (const one of this.recorder.sent) {
          const rest = `${one.envelope} ${JSON.stringify(withoutSecrets(one))}`;
          expect(rest.includes(form), `${form} in ${one.operation}`).toBe(false);
        }
      }
    }
  }

  *#everything(): Iterable<[where: string, text: string]> {
    yield* this.texts;
    for (const { path, body, headers } of this.receiver.received) {
      yield ['notify', `${path ?? ''} ${JSON.stringify(headers)} ${JSON.stringify(body)}`];
    }
    for (const path of filesIn(this.place.folder)) {
      const where = relative(this.place.folder, path);
      yield [where, `${where}\n${readFileSync(path, 'utf8')}`];
    }
  }
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => lstatSync(path).isFile());
}

/** The members of a request in which a secret belongs, by its operation. */
const secretMembers: Readonly<Record<string, readonly string[]>> = {
  AdminCreateUser: ['TemporaryPassword'],
  AdminSetUserPassword: ['Password'],
  AdminInitiateAuth: ['AuthParameters.PASSWORD'],
  AdminRespondToAuthChallenge: ['ChallengeResponses.NEW_PASSWORD', 'Session'],
  GetUserAttributeVerificationCode: ['AccessToken'],
  VerifyUserAttribute: ['AccessToken', 'Code'],
};

function secretsOf({ operation, body }: Sent): string[] {
  return (secretMembers[operation] ?? []).flatMap((path) => {
    const value = path
      .split('.')
      .reduce<unknown>((from, name) => (from as Record<string, unknown> | undefined)?.[name], body);
    return typeof value === 'string' ? [value] : [];
  });
}

function withoutSecrets({ operation, body }: Sent): unknown {
  const members = secretMembers[operation] ?? [];
  const without = (object: object, prefix: string): object =>
    Object.fromEntries(
      Object.entries(object)
        .filter(([name]) => !members.includes(prefix + name))
        .map(([name, value]: [string, unknown]) => {
          const isTable = typeof value === 'object' && value !== null && !Array.isArray(value);
          return [name, isTable ? without(value, `${name}.`) : value];
        }),
    );
  return without(body, '');
}

const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
const passwordColumn = (n: number): string => quoted(password(n));

/** Rows that are made, refused by the service, too weak, twice there, and of every wrong width. */
const file = [
  'username,email,given_name,password,custom:department',
  ...Array.from({ length: 12 }, (_, n) =>
    [`u${n},u${n}@example.com,Given`, passwordColumn(n), 'Sales'].join(','),
  ),
  `u0,twin@example.com,Given,${passwordColumn(20)},Sales`,
  `weak,weak@example.com,Given,${quoted(canary.toLowerCase())},Sales`,
  `blank,blank@example.com,Given,${quoted(`${canary} blank-Xy9!`)},Sales`,
  `long,long@example.com,Given,${quoted(`${canary}${'x'.repeat(300)}-Xy9!`)},Sales`,
  `short,short@example.com,${passwordColumn(21)},Sales`,
  `shorter,shorter@example.com,${passwordColumn(22)}`,
  `shortest,${passwordColumn(23)}`,
  passwordColumn(24),
  `wide,wide@example.com,Given,More,${passwordColumn(25)},Sales`,
  `wider,wider@example.com,Given,More,More,${passwordColumn(26)},Sales`,
].join('\n');
const canaries = [canary, canary.toLowerCase(), clientSecret];

const misfortunes: readonly FaultRule[] = [
  { kind: 'trigger-refuses', operation: 'AdminCreateUser', username: '^u[12]$' },
  { kind: 'internal-error', username: '^u3$' },
  { kind: 'reset-after', username: '^u4$', count: 1 },
  { kind: 'cut-off', username: '^u5$', count: 1 },
  { kind: 'throttle', username: '^u6$', count: 1 },
];

const modes: readonly [mode: string, ...args: string[]][] = [
  ['temporary'],
  ['permanent'],
  ['challenge', '--client-id', confidentialClient],
  ['none'],
];

describe.concurrent('a password or a secret, and whether every file is its owner’s alone', () => {
  it.for(modes)('of the file (%s) stands in the calls alone', async ([mode, ...client]) => {
    const scene = await Scene.open(...misfortunes);
    await scene.write('f.csv', file);
    const args = [...fastSignIn, '--max-attempts', '2', '--password-mode', mode, ...client];
    await scene.tell([1], 'import', 'f.csv', '--run', 'r', ...args);
    const anew = [...fastSignIn, '--retry-failed', '--max-attempts', '2'];
    await scene.tell([1], 'resume', 'r', ...anew);
    await scene.run([1, 0], 'report', 'r');
    const dry = ['--dry-run', '--save-plan', 'plan.json', '--password-mode', mode, ...client];
    await scene.tell([1], 'import', 'f.csv', '--run', 'dry', ...dry);
    const fewTries = ['--max-attempts', '2'];
    await scene.tell([0, 1], 'undo', 'r', '--dry-run', ...fewTries);
    await scene.tell([1], 'undo', 'r', '--yes', ...fewTries);
    await scene.tell([1, 3], 'apply', 'plan.json', '--run', 'applied', ...fastSignIn, ...fewTries);
    scene.expectNone(canaries, 'f.csv');
    const holds = scene.recorder.sent.some((one) =>
      JSON.stringify(one.body).includes(JSON.stringify(canary).slice(1, -1)),
    );
    expect(holds, 'a search that finds nothing anywhere proves nothing').toBe(mode !== 'none');
  });

  it('of a run that is killed and gone on with stands in the calls alone', async () => {
    const scene = await Scene.open({ kind: 'slow', ms: 30, operation: 'AdminCreateUser' });
    await scene.write('f.csv', people(200, { password: passwordColumn }));
    const slow = ['--rate', 'UserCreation=40', '--password-mode', 'permanent', '--verbose'];
    const running = scene.place.start(['import', 'f.csv', '--run', 'r', ...slow], {
      env: scene.env,
    });
    await until(() => scene.place.calls('AdminCreateUser') > 10);
    running.child.kill('SIGKILL');
    const killed = await running.ended;
    scene.texts.set('killed', killed.stdout + killed.stderr);
    await scene.tell([0], 'resume', 'r', ...fastSignIn);
    scene.expectNone(canaries, 'f.csv');
  });

  it.for(modes.slice(1, 3))(
    'that the service refuses (%s) is not in what it says',
    async (mode) => {
      const scene = await Scene.open({
        kind: 'access-denied',
        operation: ['AdminSetUserPassword', 'AdminRespondToAuthChallenge'],
      });
      await scene.write('f.csv', file);
      await scene.tell(
        [3],
        'import',
        'f.csv',
        '--run',
        'r',
        '--password-mode',
        ...mode,
        ...fastSignIn,
      );
      scene.expectNone(canaries, 'f.csv');
    },
  );

  it.for(faultKinds)('of calls that go wrong (%s) is not in what is said of them', async (kind) => {
    const isEndless = /hang|trickle/.test(kind);
    const often: Omit<FaultRule, 'kind'> = {
      ...(isEndless ? { every: 5, count: 3 } : { every: 3 }),
      ...(kind === 'slow' && { ms: 50 }),
    };
    const setting = [
      ...['AdminCreateUser', 'AdminSetUserPassword', 'AdminInitiateAuth'],
      ...['AdminRespondToAuthChallenge', 'AdminAddUserToGroup'],
    ].map((operation): FaultRule => ({ kind, operation, ...often }));
    const scene = await Scene.open(...setting);
    await scene.write('f.csv', file);
    for (const [mode, ...client] of modes.slice(1, 3)) {
      const asked = ['--password-mode', mode, ...client, '--groups', 'staff', '--invite', 'email'];
      const patience = ['--max-attempts', '2', '--timeout', '1s', ...fastSignIn];
      await scene.tell([1, 2, 3], 'import', 'f.csv', '--run', mode, ...asked, ...patience);
    }
    expect(scene.place.pool.stats().struck[kind], 'it was met').toBeGreaterThan(0);
    scene.expectNone(canaries, 'f.csv');
  });

  it('of a run whose journal may grow no more is not in what it says', async () => {
    const scene = await Scene.open();
    await scene.write('f.csv', people(200, { password: passwordColumn }));
    const args = ['import', 'f.csv', '--run', 'r', '--password-mode', 'permanent', '--verbose'];
    const { ended } = scene.place.startBy(
      growingTo(16 * 1024),
      [...args, ...fastSignIn],
      scene.env,
    );
    const { code, stdout, stderr } = await ended;
    expect(code, stderr).toBe(3);
    scene.texts.set('run', stdout + stderr);
    scene.expectNone(canaries, 'f.csv');
  });

  it('of whom the doctor looks at stands nowhere, whatever is missing', async () => {
    const scene = await Scene.open({ kind: 'access-denied', operation: 'AdminCreateUser' });
    const client = ['--client-id', confidentialClient, '--rate', 'LimitManagement=100'];
    await scene.run([1], 'doctor', ...client);
    scene.place.pool.setFaults({ rules: [{ kind: 'expired-token' }] });
    await scene.run([1, 2], 'doctor', '--json', ...client);
    scene.place.pool.setFaults({ rules: [] });
    await scene.run([0], 'doctor', ...client);
    scene.expectNone([clientSecret]);
  });

  it('in a file that is refused as a whole, or has no header line, is not in the error', async () => {
    const scene = await Scene.open();
    const broken = Buffer.from(`${file}\nb,b@example.com,\xff,x,`, 'latin1');
    await scene.write('f.csv', `${file}\nbroken,x@example.com,Given,"${canary}`);
    await scene.write('g.csv', Buffer.concat([Buffer.from(file), broken]));
    await scene.write('h.csv', file.slice(file.indexOf('\n') + 1));
    await scene.write('i.csv', `ada,${passwordColumn(1)},Sales\n`);
    for (const name of ['f.csv', 'g.csv', 'h.csv', 'i.csv']) {
      await scene.tell([2], 'import', name, '--run', 'r');
      if (name !== 'g.csv') await scene.run([2], 'validate', name);
    }
    scene.expectNone(canaries, 'f.csv', 'g.csv', 'h.csv', 'i.csv');
  });

  it('stands in what validate --fix was asked to write, and in nothing else of it', async () => {
    const scene = await Scene.open();
    await scene.write('f.csv', file);
    await scene.run([1], 'validate', 'f.csv', '--fix', 'fixed.csv');
    await scene.run([1], 'validate', 'f.csv', '--format', 'github', '--json');
    scene.expectNone(canaries, 'f.csv', 'fixed.csv');
    expect(scene.place.mode('fixed.csv')).toBe('600');
  });

  it('of a sync, its plan and its difference stands in the calls alone', async () => {
    const scene = await Scene.open(...misfortunes);
    await scene.write('f.csv', file);
    const args = ['--password-mode', 'permanent', '--max-attempts', '2', ...fastSignIn];
    const dry = ['--dry-run', '--show-values', '--save-plan', 'plan'];
    await scene.tell([1], 'sync', 'f.csv', '--run', 'a', ...dry, ...args);
    await scene.tell([1], 'apply', 'plan', '--run', 'b', ...fastSignIn, '--max-attempts', '2');
    await scene.tell([1], 'sync', 'f.csv', '--run', 'c', ...args);
    await scene.run([1, 0], 'report', 'c');
    await scene.run([0], 'export', '--output', 'out.csv');
    await scene.run([0], 'pool', '--output', 'pool.json', '--client-id', confidentialClient);
    const pool = scene.place.pool.clients.find(({ ClientId }) => ClientId === confidentialClient);
    scene.expectNone([...canaries, pool?.ClientSecret ?? ''], 'f.csv');
    expect(scene.expectOwn()).toBeGreaterThan(20);
  });

  it('of an invitation that is sent again stands in the calls alone', async () => {
    const scene = await Scene.open();
    await scene.write('f.csv', file);
    await scene.tell([1], 'import', 'f.csv', '--run', 'a', '--invite', 'email', ...fastSignIn);
    await scene.tell([1], 'import', 'f.csv', '--run', 'b', '--resend', ...fastSignIn);
    expect(scene.place.statuses('b')).not.toEqual({});
    scene.expectNone(canaries, 'f.csv');
  });

  it('given to a local pool that keeps its users stands in the calls alone', async () => {
    const scene = await Scene.open();
    await scene.write('f.csv', people(3, { password: passwordColumn }));
    const local = ['local', '--port', '0', '--no-quotas', '--data', 'users.data', '--verbose'];
    played.add('local');
    const { child, ended, said } = scene.place.start(local);
    const greeting = await said('Invitations and codes');
    const [endpoint = ''] = /http:\/\/127\.0\.0\.1:\d+/.exec(greeting) ?? [];
    const where = ['--endpoint-url', endpoint, '--user-pool-id', 'eu-central-1_LocalPool'];
    const args = ['--password-mode', 'permanent', ...fastSignIn, ...where];
    await scene.tell([0], 'import', 'f.csv', '--run', 'r', ...args);
    child.kill('SIGTERM');
    scene.texts.set('local', Object.values(await ended).join('\n'));
    expect(readFileSync(scene.place.path('users.data'), 'utf8')).toMatch('u0003');
    scene.expectNone([canary], 'f.csv');
  });

  it('of a rehearsal and a demo stands nowhere', async () => {
    const scene = await Scene.open();
    await scene.write('f.csv', file);
    await scene.tell([1], 'import', 'f.csv', '--rehearse', '--speed', '100', '--run', 'r');
    await scene.tell([1], 'demo', 'f.csv', '--speed', '100', '--reports', 'demo');
    scene.expectNone(canaries, 'f.csv');
  });

  it('and codes and tokens of a verification stand in the calls alone', async () => {
    const scene = await Scene.open(
      { kind: 'internal-error', operation: 'VerifyUserAttribute', count: 1 },
      { kind: 'reset-after', operation: 'GetUserAttributeVerificationCode', count: 1 },
      { kind: 'throttle', operation: 'AdminInitiateAuth', count: 2 },
    );
    const { place } = scene;
    await scene.write('f.csv', people(5, { password: passwordColumn }));
    const made = [...fastSignIn, '--password-mode', 'permanent'];
    await scene.tell([0], 'import', 'f.csv', '--run', 'r', ...made);
    // The last one's password is another by now, so that nobody signs in.
    const signIn = (n: number): string => passwordColumn(n === 5 ? 50 : n);
    await scene.write('s.csv', people(5, { password: signIn }));
    const client = ['--client-id', publicClient, ...fastSignIn];
    await scene.tell([1], 'verify', 'send', 's.csv', '--run', 's', ...client);
    const codes = place.pool.messages.map(({ code }) => code);
    const wrongCode = '000000canary000000';
    const codeOf = (n: number): string => (n === 2 ? wrongCode : (codes[n - 1] ?? '999999'));
    await scene.write('c.csv', people(5, { password: signIn, code: codeOf }));
    await scene.tell([1], 'verify', 'confirm', 'c.csv', '--run', 'c', ...client);
    // Tokens are JWTs; codes are six digits, which times and hashes may hold by chance.
    scene.expectNone([...canaries, wrongCode, 'eyJ'], 'f.csv', 's.csv', 'c.csv');
    for (const name of ['results.csv', 'rejects.csv', 'problems.csv']) {
      const path = place.path('reports', 'c', name);
      const text = filesIn(place.folder).includes(path) ? readFileSync(path, 'utf8') : '';
      for (const code of codes) expect(text).not.toMatch(new RegExp(`\\b${code}\\b`));
    }
  });

  it('generated stands in its own file and in the calls alone', async () => {
    const scene = await Scene.open({
      kind: 'internal-error',
      operation: 'AdminSetUserPassword',
      every: 4,
    });
    const { place } = scene;
    await scene.write('f.csv', people(10));
    const generated: string[] = [];
    for (const [mode, command] of [
      ['permanent', 'import'],
      ['temporary', 'import'],
      ['permanent', 'sync'],
    ] as const) {
      const name = `pw-${generated.length}.csv`;
      const fresh = people(10).replaceAll('u00', `v${generated.length}`);
      await scene.write('f.csv', fresh);
      const args = ['--generate-passwords', name, '--password-mode', mode, ...fastSignIn];
      await scene.tell([0], command, 'f.csv', '--run', name, ...args);
      const lines = readFileSync(place.path(name), 'utf8').trimEnd().split('\n').slice(1);
      expect(lines.length).toBe(10);
      generated.push(
        ...lines.map((line) =>
          line
            .replace(/^[^,]*,"?'?/, '')
            .replace(/"$/, '')
            .replaceAll('""', '"'),
        ),
      );
    }
    scene.expectNone(generated, 'pw-0.csv', 'pw-10.csv', 'pw-20.csv');
  });

  it('is no argument, which everybody on the machine could read', async () => {
    const scene = await Scene.open();
    expect(
      optionNames.filter((name) => /^(client-)?secret|^pass(word)?$|^code$|token/.test(name)),
    ).toEqual([]);
    for (const option of ['client-secret', 'password', 'code']) {
      const ended = await scene.run([2], 'import', 'f.csv', `--${option}`, canary);
      expect(ended.stderr.replace(/^\s+at .*$/gm, '')).not.toMatch(stackTrace);
    }
    for (const [where, text] of scene.texts) expect(text, where).not.toContain(canary);
  });
});

it('was looked for after every command that there is', () => {
  const program = defineCommands(yargs([]), 'all', () => Promise.resolve()) as unknown as Defined;
  const names = program.getInternalMethods().getCommandInstance().getCommands();
  const others = ['completion']; // it reads nothing
  expect([...played, ...others].sort()).toEqual([...names].sort());
});
