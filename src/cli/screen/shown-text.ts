/** A text from a file or a pool as it may stand on a terminal: nothing in it does anything there. */
export function shownText(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '?');
}
