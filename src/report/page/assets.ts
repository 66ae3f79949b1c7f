import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';

/** What the build makes of `browser/`: from here and from its place in dist/ the same way. */
const folder = new URL('../../../dist/page/', import.meta.url);

/** The page's script and style, as they stand in it. */
export interface PageAssets {
  readonly script: string;
  readonly style: string;
  /** Lets the browser run and show these two and nothing else, whatever a row holds. */
  readonly policy: string;
}

export async function readPageAssets(): Promise<PageAssets> {
  const [script, style] = await Promise.all(
    ['page.js', 'page.css'].map((name) => readFile(new URL(name, folder), 'utf8')),
  );
  return assetsOf(script ?? '', style ?? '');
}

/** @param script must not hold `</script`, nor the style `</style`. */
function assetsOf(script: string, style: string): PageAssets {
  const policy = [
    "default-src 'none'",
    `script-src '${hashOf(script)}'`,
    `style-src '${hashOf(style)}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return { script, style, policy };
}

/** As a Content-Security-Policy names an inline element. */
function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}
