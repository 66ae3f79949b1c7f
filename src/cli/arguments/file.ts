import process from 'node:process';

import type { FileOptions } from '../../api/options.js';
import type { Given } from '../options.js';
import { onlyGiven } from './only-given.js';

/** How FILE is read. */
export function fileFrom({
  file,
  encoding,
  delimiter,
  region,
  profile,
}: Given<'file'> & Partial<Given<'pool'>> & { readonly file: string }): FileOptions {
  return { file, stdin: process.stdin, encoding, delimiter, s3: onlyGiven({ region, profile }) };
}
