/**
 * What was asked for can't be begun: wrong usage, a file or a pool that won't do. Nothing was written
 * to the pool. The message is one or two sentences: what is wrong, and what to do.
 */
export class Refusal extends Error {
  override readonly name = 'Refusal';
}
