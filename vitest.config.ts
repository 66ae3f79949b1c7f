import { availableParallelism } from 'node:os';
import process from 'node:process';
import { defineConfig } from 'vitest/config';

/** How much of the endless is tried; the commands of test/soak/run.mjs ask for more. */
const usual = { seed: 20_261_123, modelCases: 500, kills: 5, rows: 600 };
const asked = process.env['SOAK'];
const soak = asked === undefined ? usual : (JSON.parse(asked) as typeof usual);

/** For what hangs; a busy machine takes its time. */
const longestMs = asked === undefined ? 120_000 : 24 * 3_600_000;

// Its files put a file system of their own below everything, so each has a process of its own.
const model = ['test/model/**/*.test.ts'];

export default defineConfig({
  test: {
    projects: [
      { extends: true, test: { name: 'model', include: model } },
      {
        extends: true,
        test: { name: 'all else', include: ['test/**/*.test.ts'], exclude: model, isolate: false },
      },
    ],
    testTimeout: longestMs,
    hookTimeout: longestMs,
    pool: 'forks',
    // One more than there are cores, since most tests wait: for processes, and for the clock.
    maxWorkers: Math.max(2, availableParallelism()) + 1,
    provide: { soak },
  },
});
