/** Lists and tables in brackets within each other. */
const mostBrackets = 16;
/** Blanks before the first word of a line. */
const mostIndentation = 64;
/** `-`, `?` and `:` of nested lists and tables in one line. */
const mostInLine = 8;

/**
 * Whether YAML, as the tokens of its lexer, is nested deeper than people write it. Parsing takes
 * stack with each level, and V8 ends the process where a regular expression is compiled with none
 * left: no parser can catch that, so it is kept from beginning.
 */
export function isNestedDeep(tokens: Iterable<string>): boolean {
  let brackets = 0;
  let inLine = 0;
  let lineStart = true;
  for (const token of tokens) {
    if (/^\r?\n$/.test(token)) {
      lineStart = true;
      inLine = 0;
      continue;
    }
    if (lineStart && /^ +$/.test(token) && token.length > mostIndentation) return true;
    lineStart = false;
    if (token === '[' || token === '{') brackets++;
    else if (token === ']' || token === '}') brackets = Math.max(0, brackets - 1);
    else if (brackets === 0 && (token === '-' || token === '?' || token === ':')) inLine++;
    if (brackets > mostBrackets || inLine > mostInLine) return true;
  }
  return false;
}
