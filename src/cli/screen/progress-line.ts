/** A part of the line behind the bar. The more important one stays longer as the line gets narrow. */
export interface LinePart {
  readonly text: string;
  /** 1 for what stays to the last. */
  readonly rank: number;
  /** In place of the text where that is too long. */
  readonly short?: string;
}

/** How far a phase is, to be shown in one line. */
export interface Drawn {
  readonly title: string;
  /** From 0 to 1; undefined where nobody knows, and no bar is drawn. */
  readonly share: number | undefined;
  /** In the order of the line. */
  readonly parts: readonly LinePart[];
}

/** Below this a bar says nothing; above, it is only long. */
const narrowestBar = 10;
const widestBar = 40;

/** The line of a terminal of so many columns, of which it leaves the last one free for the cursor. */
export function progressLine(drawn: Drawn, columns: number): string {
  const room = Math.max(0, columns - 1);
  for (const detail of details(drawn.parts)) {
    const line = withBar(drawn, detail, room);
    if (line.length <= room) return line;
  }
  const percent = drawn.share === undefined ? '' : ` ${percentText(drawn.share)}`;
  return `${drawn.title}${percent}`.slice(0, room);
}

/** What may stand behind the bar, the fullest first. */
function* details(parts: readonly LinePart[]): Generator<string> {
  const textOf = (left: readonly LinePart[]): string =>
    left.map(({ text }) => ` · ${text}`).join('');
  yield textOf(parts);
  let left = parts.map(({ text, short = text, rank }) => ({ text: short, rank }));
  yield textOf(left);
  while (left.length > 0) {
    const least = Math.max(...left.map(({ rank }) => rank));
    left = left.filter(({ rank }) => rank !== least);
    yield textOf(left);
  }
}

function withBar({ title, share }: Drawn, detail: string, room: number): string {
  if (share === undefined) return title + detail;
  const percent = percentText(share);
  const free = room - `${title}  100%`.length - detail.length;
  const size = Math.min(widestBar, Math.max(narrowestBar, free));
  const full = Math.round(share * size);
  return `${title} ${'█'.repeat(full)}${'░'.repeat(size - full)} ${percent}${detail}`;
}

function percentText(share: number): string {
  return `${Math.floor(share * 100)}%`;
}
