import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** Not part of `npm test`, since it installs from the registry. */
export default defineConfig({
  root: fileURLToPath(new URL('../../', import.meta.url)),
  test: { include: ['test/packed/*.packed.ts'], testTimeout: 300_000, hookTimeout: 300_000 },
});
