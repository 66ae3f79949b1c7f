import fc from 'fast-check';

import { fates } from './faulty-pool.js';
import type { Fate } from './faulty-pool.js';
import type { Crash } from './world.js';

const fate: fc.Arbitrary<Fate> = fc.oneof(
  { weight: 2, arbitrary: fc.constant('ok' as const) },
  { weight: 1, arbitrary: fc.constantFrom(...fates) },
);

const crash: fc.Arbitrary<Crash> = fc.record({
  at: fc.constantFrom('call', 'disk', 'time'),
  count: fc.integer({ min: 1, max: 40 }),
  how: fc.constantFrom('kill', 'power cut'),
  pauseMs: fc.constantFrom(0, 500, 30_000),
});

/** What may befall any run. */
export const surroundings = {
  schedule: fc.array(fate, { maxLength: 60 }),
  crashes: fc.array(crash, { maxLength: 4 }),
  concurrency: fc.integer({ min: 1, max: 4 }),
  listLagMs: fc.constantFrom(0, 300, 5_000),
  clockOffsetMs: fc.constantFrom(0, -60_000, 60_000),
  byEmail: fc.boolean(),
  seed: fc.integer(),
};
