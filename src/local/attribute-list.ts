// A user's attributes are a flat list of name, value, name, value: a million users cost less so.

/** The value of an attribute in a flat list, or undefined. */
export function valueOf(attributes: readonly string[], name: string): string | undefined {
  for (let at = 0; at < attributes.length; at += 2) {
    if (attributes[at] === name) return attributes[at + 1];
  }
  return undefined;
}

/** A flat list as pairs of name and value. */
export function pairsOf(attributes: readonly string[]): (readonly [string, string])[] {
  const pairs: (readonly [string, string])[] = [];
  for (let at = 0; at < attributes.length; at += 2) {
    pairs.push([attributes[at] ?? '', attributes[at + 1] ?? '']);
  }
  return pairs;
}

/** A flat list with one value set, or taken away where the value is blank [MODEL]. */
export function withValue(attributes: readonly string[], name: string, value: string): string[] {
  const result: string[] = [];
  let found = false;
  for (const [other, kept] of pairsOf(attributes)) {
    if (other !== name) {
      result.push(other, kept);
    } else if (value !== '') {
      result.push(name, value);
      found = true;
    }
  }
  if (!found && value !== '') result.push(name, value);
  return result;
}
