/** Statuses whose rows somebody has to look at; they go into rejects.csv, to be mended and imported again. */
export const notFine: ReadonlySet<string> = new Set([
  'invalid',
  'failed',
  'partial',
  'not-attempted',
]);
