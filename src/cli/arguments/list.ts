import { UsageError } from '../usage-error.js';

/** `A,B` as its parts; a `UsageError` where one of them is empty. */
export function listFrom(text: string | undefined, name: string): readonly string[] {
  if (text === undefined) return [];
  const parts = text.split(',').map((part) => part.trim());
  if (!parts.includes('')) return parts;
  throw new UsageError(`${name} ${text} has an empty place: separate names by one comma.`);
}
