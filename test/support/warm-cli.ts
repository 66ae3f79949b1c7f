import { spawn, type ChildProcess } from 'node:child_process';
import process from 'node:process';
import { pathToFileURL } from 'node:url';

import { main, surroundingsOf } from './cli.js';
import type { CliOptions, Ended } from './cli.js';

type WarmOptions = Pick<CliOptions, 'cwd' | 'env' | 'umask'>;

/** Stands behind what each command wrote. */
const mark = '--8<-- the next one --8<--';

const script = `
  const [, runner, mark] = process.argv;
  const { runCommand } = await import(runner);
  const usual = process.umask();
  process.on('message', async ({ args, cwd, env, umask }) => {
    process.chdir(cwd);
    process.umask(umask ?? usual);
    for (const name of Object.keys(process.env)) delete process.env[name];
    // As main.ts does.
    Object.assign(process.env, env, { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' });
    const code = await runCommand(args);
    process.stdout.write(mark);
    process.stderr.write(mark);
    process.send(code);
  });
`;

/** So many commands before a process makes room for a new one. */
const mostCommands = 50;
/** Commands that hang are killed after this long, which fails whatever waited for them. */
const longestMs = 100_000;

/** Processes that have a command behind them and wait for the next. */
const idle: WarmProcess[] = [];

/**
 * Runs a command in a process that ran others before, since most of the time of a short command is that
 * of its start. How a process ends, and what is done with signals and standard input, only `startCli`
 * tells.
 */
export async function runWarm(args: readonly string[], options: WarmOptions): Promise<Ended> {
  const warm = idle.pop() ?? new WarmProcess();
  const ended = await warm.run(args, options);
  if (warm.commands < mostCommands) idle.push(warm);
  else warm.end();
  return ended;
}

class WarmProcess {
  readonly #child: ChildProcess;
  readonly #texts = { stdout: '', stderr: '' };
  #code: number | undefined;
  #settle = (): void => undefined;
  commands = 0;

  constructor() {
    const runner = new URL('run-command.js', pathToFileURL(main)).href;
    this.#child = spawn(process.execPath, ['--input-type=module', '--eval', script, runner, mark], {
      env: surroundingsOf('/', { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' }),
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    for (const name of ['stdout', 'stderr'] as const) {
      this.#child[name]?.setEncoding('utf8').on('data', (text: string) => {
        this.#texts[name] += text;
        this.#settle();
      });
    }
    this.#child.on('message', (code: number) => {
      this.#code = code;
      this.#settle();
    });
    this.#child.on('close', () => {
      this.#settle();
    });
    // It ends with the tests, and keeps nobody waiting.
    this.#child.unref();
    this.#child.channel?.unref();
  }

  async run(args: readonly string[], { cwd, env = {}, umask }: WarmOptions): Promise<Ended> {
    const began = performance.now();
    this.commands++;
    Object.assign(this.#texts, { stdout: '', stderr: '' });
    this.#code = undefined;
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), longestMs);
    try {
      return await new Promise<Ended>((resolve, reject) => {
        this.#settle = () => {
          const { stdout, stderr } = this.#texts;
          if (this.#child.exitCode !== null || this.#child.signalCode !== null) {
            reject(new Error(`${args.join(' ')} ended its process:\n${stdout}\n${stderr}`));
          } else if (this.#code !== undefined && stdout.endsWith(mark) && stderr.endsWith(mark)) {
            const [shown, said] = [stdout, stderr].map((text) => text.slice(0, -mark.length));
            const seconds = (performance.now() - began) / 1_000;
            resolve({ code: this.#code, stdout: shown ?? '', stderr: said ?? '', seconds });
          }
        };
        this.#child.send({ args, cwd, env: surroundingsOf(cwd, env), umask });
      });
    } finally {
      clearTimeout(timer);
      this.#settle = () => undefined;
    }
  }

  end(): void {
    this.#child.disconnect();
  }
}
