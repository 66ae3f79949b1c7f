/** What a text should give. */
export interface Expected {
  readonly rows: readonly (readonly [line: number, ...cells: string[]])[];
  readonly fault: readonly [code: string, line: number] | undefined;
}

/**
 * Reads CSV one character after the other, with the whole text in memory and no thought of speed:
 * what the real reader is held against. It counts lines on the physical text alone, without any
 * knowledge of quotes.
 */
export function readNaively(text: string, delimiter = ','): Expected {
  const lineAt: number[] = [];
  let line = 1;
  for (let at = 0; at < text.length; at++) {
    lineAt.push(line);
    if (text[at] === '\n' || (text[at] === '\r' && text[at + 1] !== '\n')) line++;
  }
  const rows: [number, ...string[]][] = [];
  let at = 0;
  while (at < text.length) {
    const start = lineAt[at] ?? 0;
    const cells: string[] = [];
    for (;;) {
      let cell = '';
      if (text[at] === '"') {
        at++;
        for (;;) {
          if (at >= text.length) return { rows, fault: ['unclosed-quote', start] };
          if (text[at] === '"' && text[at + 1] === '"') {
            cell += '"';
            at += 2;
          } else if (text[at] === '"') {
            at++;
            break;
          } else {
            cell += text.charAt(at++);
          }
        }
        if (at < text.length && !isEnd(text[at])) {
          return { rows, fault: ['text-after-quote', start] };
        }
      } else {
        while (at < text.length && !isEnd(text[at])) cell += text.charAt(at++);
      }
      cells.push(cell);
      if (text[at] !== delimiter) break;
      at++;
    }
    if (text[at] === '\r' && text[at + 1] === '\n') at++;
    at++;
    if (cells.length > 1 || cells[0] !== '') rows.push([start, ...cells]);
  }
  return { rows, fault: undefined };

  function isEnd(character: string | undefined): boolean {
    return character === delimiter || character === '\r' || character === '\n';
  }
}
