import fc from 'fast-check';

import { fates } from './faulty-pool.js';
import type { Fate } from './faulty-pool.js';
import type { ClockJump } from './jumpy-clock.js';
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

const clockJump: fc.Arbitrary<ClockJump> = fc.record({
  atMs: fc.integer({ min: 0, max: 3_000 }),
  byMs: fc.constantFrom(-86_400_000, -7_000, 7_000, 86_400_000),
});

/** What may befall any run. */
export const misfortunes = {
  schedule: fc.array(fate, { maxLength: 60 }),
  crashes: fc.array(crash, { maxLength: 4 }),
};

/** And in what surroundings. */
export const surroundings = {
  ...misfortunes,
  clockJumps: fc.oneof(
    { weight: 2, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.array(clockJump, { minLength: 1, maxLength: 3 }) },
  ),
  concurrency: fc.integer({ min: 1, max: 4 }),
  listLagMs: fc.constantFrom(0, 300, 5_000),
  clockOffsetMs: fc.constantFrom(0, -60_000, 60_000),
  byEmail: fc.boolean(),
  seed: fc.integer(),
};
