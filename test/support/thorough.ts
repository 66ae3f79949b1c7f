import process from 'node:process';

/** Whether `npm run test:thorough` runs: all cases of what has many, and not some of them. */
export const thorough = process.env['THOROUGH'] !== undefined;

/** All cases where it is thorough; else so many, spread over them. */
export function some<T>(cases: readonly T[], count: number): readonly T[] {
  if (thorough || cases.length <= count) return cases;
  const step = cases.length / count;
  return Array.from({ length: count }, (_, at) => cases[Math.floor(at * step)] as T);
}
