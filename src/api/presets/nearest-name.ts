import { distance } from 'fastest-levenshtein';

/** A name that was probably meant: two or three slips away, or the start of it. */
export function nearestName(given: string, names: readonly string[]): string | undefined {
  const wanted = given.trim().toLowerCase();
  if (wanted === '') return undefined;
  const far = names.map((name) => {
    const known = name.toLowerCase();
    return wanted.length > 2 && known.startsWith(wanted) ? 0 : distance(wanted, known);
  });
  const least = Math.min(...far);
  // Two letters that change places are two slips.
  const most = wanted.length < 5 ? 1 : wanted.length < 9 ? 2 : 3;
  return least <= most ? names[far.indexOf(least)] : undefined;
}
