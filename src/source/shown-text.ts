/**
 * A text that others chose as it may stand on a terminal or in a sentence: nothing in it does anything
 * there. Control characters start escape sequences, and format characters turn the text around.
 */
export function shownText(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '?');
}
