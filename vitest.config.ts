import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

const parts = ['test/{apply,cognito,journal,plan,report,source}/**/*.test.ts'];

export default defineConfig({
  test: {
    projects: [
      // Small parts, none of which keeps anything: their files share one process a worker.
      { extends: true, test: { name: 'parts', include: parts, isolate: false } },
      { extends: true, test: { name: 'whole', include: ['test/**/*.test.ts'], exclude: parts } },
    ],
    // For what hangs; a busy machine takes its time.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    pool: 'forks',
    // Most tests wait for processes of their own.
    maxWorkers: Math.max(2, availableParallelism()),
    // How much of the endless is tried; the commands under test/soak/ try more.
    provide: { soak: { seed: 20_261_123, modelCases: 500, kills: 5, rows: 600 } },
  },
});
