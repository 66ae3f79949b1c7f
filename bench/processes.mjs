// Starts the processes that are measured, each on a core of its own where `taskset` is there.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { text } from 'node:stream/consumers';
import { fileURLToPath, URL } from 'node:url';

const pinned = availableParallelism() > 1 && spawnSync('taskset', ['-V']).status === 0;
const poolCore = 0;
const clientCore = 1;
const inBench = (name) => fileURLToPath(new URL(name, import.meta.url));

/** The command line of the tool, and where its figures are written at its end. */
export const tool = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));

/** A folder for files and reports, taken away at the end of the process. */
export function temporaryFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'cognito-bulk-bench-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function onCore(core, args, options) {
  const command = pinned ? ['taskset', '-c', String(core)] : [];
  const [file, ...rest] = [...command, process.execPath, ...args];
  const child = spawn(file, rest, options);
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  child.once('exit', () => process.off('exit', kill));
  return child;
}

/**
 * Starts a pool in a process of its own: the local pool, or with `stub` a server that answers every
 * AdminCreateUser with success and remembers nothing. `settings` as in pool-process.mjs.
 */
export async function startPool(settings = {}) {
  const child = onCore(poolCore, [inBench('pool-process.mjs'), JSON.stringify(settings)], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const answer = () => new Promise((resolve) => child.once('message', resolve));
  const address = await answer();
  return {
    ...address,
    /** "figures" or "samples": see pool-process.mjs. One question at a time. */
    ask: (wanted = 'figures') => {
      const answered = answer();
      child.send(wanted);
      return answered;
    },
    stop: () =>
      new Promise((resolve) => {
        child.once('exit', resolve);
        child.disconnect();
      }),
  };
}

/**
 * Starts a script of this tool or of the bench, with its CPU time and peak size measured.
 * `ended` gives `{code, wallMs, cpuMs, peakMB, output}`; `startedAt` is in milliseconds since 1970.
 */
export function startMeasured(script, args = [], { nodeArgs = [], quiet = true } = {}) {
  const startedAt = Date.now();
  const started = performance.now();
  const child = onCore(
    clientCore,
    [...nodeArgs, '--import', inBench('figures-at-exit.mjs'), script, ...args],
    {
      stdio: ['ignore', 'pipe', quiet ? 'pipe' : 'inherit', 'pipe'],
      env: {
        ...process.env,
        AWS_ACCESS_KEY_ID: 'local',
        AWS_SECRET_ACCESS_KEY: 'local',
        AWS_REGION: 'eu-central-1',
        AWS_EC2_METADATA_DISABLED: 'true',
        AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
      },
    },
  );
  const outputs = Promise.all([
    text(child.stdout),
    child.stderr ? text(child.stderr) : '',
    text(child.stdio[3]),
    new Promise((resolve) => child.once('exit', resolve)),
  ]);
  const ended = outputs.then(([output, errors, figures, code]) => ({
    code,
    wallMs: performance.now() - started,
    output,
    errors,
    ...(figures === '' ? {} : JSON.parse(figures)),
  }));
  return { child, startedAt, ended };
}

/** Runs `cognito-bulk import`; rejects where it ended with another code than 0. */
export async function runImport(pool, file, reports, args = [], options = {}) {
  const { ended, startedAt } = startImport(pool, file, reports, args, options);
  const result = await ended;
  if (result.code !== 0) {
    throw new Error(`import ended with ${result.code}: ${result.errors}${result.output}`);
  }
  return { ...result, startedAt };
}

export function startImport(pool, file, reports, args = [], options = {}) {
  const where = ['--endpoint-url', pool.endpoint, '--user-pool-id', pool.userPoolId];
  const screen = ['--reports', reports, '--json', '--no-progress'];
  return startMeasured(tool, ['import', file, ...where, ...screen, ...args], options);
}
