/** Names as a sentence has them: `"email" or "phone_number"`. */
export function quotedNames(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(' or ');
}
