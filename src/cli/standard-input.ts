/** yargs takes a lone `-` for nothing at all, so it goes through the parser by another name. */
const name = 'standard-input:-';

export function toParser(arg: string): string {
  return arg === '-' ? name : arg;
}

/** The path that was given, and `-` again for standard input. */
export function fromParser<P extends string | undefined>(path: P): P | '-' {
  return path === name ? '-' : path;
}
