import { memoryUsage, env } from 'node:process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { seeded } from '../support/place.js';
import { openSurroundings, runCase } from './case.js';
import type { Target } from './case.js';
import { fileTargets } from './file-targets.js';
import { importing } from './import-target.js';
import { Draw } from './mutate.js';
import { otherTargets } from './other-targets.js';

/** As `npm run fuzz -- --cases N --seed N` gives them. */
const cases = Number(env['FUZZ_CASES'] ?? 1_000);
const firstSeed = Number(env['FUZZ_SEED'] ?? 1);

const targets = [...fileTargets, ...otherTargets, importing];
const allWeights = targets.reduce((sum, { weight }) => sum + weight, 0);

const mostMsForOne = 10_000;
/** Twice what the greediest part was seen to grow by: 77 MB, over 23,000 files. */
const mostGrowth = 160 * 1024 * 1024;

describe('rubbish', () => {
  let surroundings: ReturnType<typeof openSurroundings>;
  beforeAll(() => {
    surroundings = openSurroundings();
  });
  afterAll(() => {
    surroundings.close();
  });

  it.each(targets)(
    'given as $name ends in words of ours',
    { timeout: 3_600_000 },
    async (target) => {
      const count = Math.ceil((cases * target.weight) / allWeights);
      const { rss } = memoryUsage();
      for (let n = 0; n < count; n++) await one(target, firstSeed + n, surroundings);
      expect(memoryUsage().rss - rss).toBeLessThan(mostGrowth);
    },
  );
});

async function one(
  target: Target,
  seed: number,
  surroundings: ReturnType<typeof openSurroundings>,
): Promise<void> {
  const began = performance.now();
  try {
    await runCase(target, { ...surroundings, draw: new Draw(seeded(seed)) });
  } catch (error) {
    throw new Error(`FUZZ_SEED=${seed} FUZZ_CASES=1, ${target.name}`, { cause: error });
  }
  const took = performance.now() - began;
  if (took > mostMsForOne) throw new Error(`seed ${seed}, ${target.name}: took ${took} ms`);
}
