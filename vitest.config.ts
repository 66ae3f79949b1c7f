import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
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
