import { existsSync } from 'node:fs';
import process from 'node:process';

const places = [
  process.env['CHROMIUM'] ?? '',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** A Chromium of this machine; undefined where it has none. */
export const chromiumPath: string | undefined = places.find((path) => path && existsSync(path));
