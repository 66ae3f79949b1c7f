/** JSON whose texts do nothing on a terminal: what would is written as an escape, so nothing is lost. */
export function jsonText(value: unknown, indent?: number): string {
  return harmless(JSON.stringify(value, undefined, indent));
}

/** The same for JSON that is a text already; the line feeds between its members stay. */
export function harmless(json: string): string {
  return json.replace(/[^\P{Cc}\n]|[\p{Cf}\p{Zl}\p{Zp}]/gu, (character) =>
    Array.from({ length: character.length }, (_, at) => character.charCodeAt(at))
      .map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`)
      .join(''),
  );
}
