import { spawn, type ChildProcess } from 'node:child_process';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

import { thorough } from './thorough.js';
import { runWarm } from './warm-cli.js';

/** The command as `npm test` builds it. */
export const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
export const fixtures = fileURLToPath(new URL('../../fixtures/', import.meta.url));

export interface CliOptions {
  readonly cwd: string;
  /** Beside PATH and nothing else: no credentials, no HOME, no region of this machine. */
  readonly env?: Readonly<Record<string, string>>;
  /** Given on standard input; without it, standard input is empty. */
  readonly input?: string | Buffer;
  /** Keeps standard input open. */
  readonly keepInput?: boolean;
  /** As for `umask`: `077`. */
  readonly umask?: string;
}

/** How a process ended. */
export interface Ended {
  /** The exit code; for a process that a signal killed, the signal's name. */
  readonly code: number | NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly seconds: number;
}

/** A command at work. */
export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Resolves with what was written so far once that holds the text. */
  readonly said: (text: string) => Promise<string>;
}

/** Processes that hang are killed after this long, which fails whatever waited for them. */
const longestMs = 100_000;

/** Starts `cognito-bulk` with these arguments. */
export function startCli(args: readonly string[], options: CliOptions): Running {
  const { umask } = options;
  if (umask !== undefined) {
    return startCliBy(['sh', '-c', 'umask "$0" && exec "$@"', umask], args, options);
  }
  return startProgram(process.execPath, [main, ...args], options);
}

/** The environment of a command, whatever that of the tests is. */
export function surroundingsOf(
  cwd: string,
  env: Readonly<Record<string, string>>,
): Record<string, string> {
  return {
    ...{ PATH: process.env['PATH'] ?? '', HOME: cwd, AWS_EC2_METADATA_DISABLED: 'true' },
    ...env,
  };
}

/** Starts any program in the same surroundings. */
export function startProgram(
  program: string,
  args: readonly string[],
  { cwd, env = {}, input, keepInput = false }: CliOptions,
): Running {
  const began = performance.now();
  const child = spawn(program, args, {
    cwd,
    env: surroundingsOf(cwd, env),
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const texts = { stdout: '', stderr: '' };
  const watchers = new Set<() => void>();
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8');
    child[name].on('data', (text: string) => {
      texts[name] += text;
      for (const watch of watchers) watch();
    });
  }
  child.stdin.on('error', () => undefined); // it may end before it has read everything
  if (input !== undefined) child.stdin.write(input);
  if (!keepInput) child.stdin.end();
  const timer = setTimeout(() => child.kill('SIGKILL'), longestMs);
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      resolve({ code: code ?? signal, ...texts, seconds: (performance.now() - began) / 1_000 });
      for (const watch of watchers) watch();
    });
  });
  const said = (text: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const watch = (): void => {
        const written = texts.stdout + texts.stderr;
        if (written.includes(text)) resolve(written);
        else if (child.exitCode !== null || child.signalCode !== null) {
          reject(new Error(`it ended without saying "${text}":\n${written}`));
        } else return;
        watchers.delete(watch);
      };
      watchers.add(watch);
      watch();
    });
  return { child, ended, said };
}

/** Starts it by way of another program, which has a word in what it may do. */
export function startCliBy(
  [program = '', ...rest]: readonly string[],
  args: readonly string[],
  options: CliOptions,
): Running {
  return startProgram(program, [...rest, process.execPath, main, ...args], options);
}

/** A program for `startCliBy`: no file grows beyond so many bytes. POSIX counts blocks of 512. */
export const growingTo = (bytes: number): readonly string[] => [
  ...['sh', '-c', 'ulimit -f "$0" && exec "$@"'],
  String(bytes / 512),
];

/** What Node and packages read once, when they are loaded. */
const readAtStart = /^(NODE_|LC_|LANG$|TZ$|TERM$|CI$)|COLOR/;

/**
 * Runs `cognito-bulk` to its end: in a process of its own where its standard input or how it starts
 * matters, or the tests are thorough; else in one that ran others before.
 */
export function runCli(args: readonly string[], options: CliOptions): Promise<Ended> {
  const { cwd, env = {}, umask, ...others } = options;
  const needsOwn =
    Object.keys(others).length > 0 ||
    args.includes('-') ||
    Object.keys(env).some((name) => readAtStart.test(name));
  if (needsOwn || thorough) return startCli(args, options).ended;
  return runWarm(args, { cwd, env, ...(umask !== undefined && { umask }) });
}
