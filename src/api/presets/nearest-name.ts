import { distance } from 'fastest-levenshtein';

/** A name that was probably meant: two or three slips away, or the start of it. */
export function nearestName(given: string, names: readonly string[]): string | undefined {
  const wanted = given.trim().toLowerCase();
  if (wanted === '') return undefined;
  const far = names.map((name) => {
    const known = name.toLowerCase();
    if (wanted.length > 2 && known.startsWith(wanted)) return 0;
    return isSwapOf(wanted, known) ? 1 : distance(wanted, known);
  });
  const least = Math.min(...far);
  const most = wanted.length < 5 ? 1 : wanted.length < 9 ? 2 : 3;
  return least <= most ? names[far.indexOf(least)] : undefined;
}

/** Whether two letters side by side changed places, which is one slip of the hand. */
function isSwapOf(given: string, known: string): boolean {
  const at = Array.from(given).findIndex((letter, index) => letter !== known[index]);
  const swapped = [given.slice(0, at), given[at + 1], given[at], given.slice(at + 2)].join('');
  return at >= 0 && swapped === known;
}
