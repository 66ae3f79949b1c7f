import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 30_000,
    pool: 'forks',
    // One for each core of a small machine; most tests wait for processes of their own.
    maxWorkers: 2,
  },
});
