import { distance } from 'fastest-levenshtein';

/** A name that was probably meant: two or three slips away, or the start of it. */
export function nearestName(given: string, names: readonly string[]): string | undefined {
  const wanted = given.trim().toLowerCase();
  if (wanted === '') return undefined;
  const far = names.map((name) =>
    wanted.length > 2 && name.startsWith(wanted) ? 0 : distance(wanted, name),
  );
  const least = Math.min(...far);
  return least <= Math.max(1, Math.min(3, Math.floor(wanted.length / 3)))
    ? names[far.indexOf(least)]
    : undefined;
}
