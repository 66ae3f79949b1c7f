/** Modules that are loaded into a process before the command itself, and change what it finds there. */
type Preload = 'held-reports' | 'clock-set-back';

/** What loads one; with what it is told. */
export function preloading(
  name: Preload,
  told: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const url = new URL(`./${name}.mjs`, import.meta.url);
  return { ...told, NODE_OPTIONS: `--import=${url.href}` };
}
