import type { Readable } from 'node:stream';
import { resolve } from 'node:path';

import { isAddress, openSource } from '../../source/index.js';
import type { Source } from '../../source/index.js';
import type { CallOptions, FileOptions, PoolOptions, S3Options } from '../options.js';
import { defaultTimeoutMs } from './session.js';
import type { Session } from './session.js';

/** The file, and what of the other options matters to how it is opened. */
export interface Opening extends FileOptions, Pick<CallOptions, 'timeoutMs' | 'signal'> {
  /** Its region is tried for a bucket when nobody says that one's. */
  readonly pool?: Pick<PoolOptions, 'userPoolId'>;
}

/** Opens the file of a new run, and says where the run can't be resumed with it. */
export async function openForRun(options: Opening, session: Session): Promise<Source> {
  const source = await openFile(options, session);
  if (!source.resumable) {
    session.notice(
      `${source.name === '-' ? 'Standard input' : source.name} can't be read again later, so this run can't be resumed.`,
    );
  }
  return source;
}

/** Opens a file by its path, by its address in S3, or `-`; it is closed when the session ends. */
export async function openFile(
  options: Opening,
  { releases }: Pick<Session, 'releases'>,
): Promise<Source> {
  const source = await openSource(options.file, {
    ...options,
    fetch: (address) => fetchObject(address, options),
  });
  releases.add(() => source.close());
  return source;
}

/**
 * The name under which a later process, called from elsewhere, finds the same file.
 * @param file a path or an address, not `-`
 */
export function lastingName(file: string): string {
  return isAddress(file) ? file : resolve(file);
}

/** How S3 was reached before, but for what is given anew for the pool. */
export function s3Again(
  before: S3Options | undefined,
  given: Partial<PoolOptions> = {},
): S3Options {
  const { region = before?.region, profile = before?.profile } = given;
  return { ...(region !== undefined && { region }), ...(profile !== undefined && { profile }) };
}

/** The SDK's client for S3 is loaded only here. */
async function fetchObject(address: string, options: Opening): Promise<Readable> {
  const { readObject } = await import('../../s3/read-object.js');
  const { s3, pool, signal, timeoutMs = defaultTimeoutMs } = options;
  const region = pool?.userPoolId.split('_', 1)[0];
  return readObject(address, {
    ...s3,
    ...(region !== undefined && { otherwiseRegion: region }),
    ...(signal && { signal }),
    timeoutMs,
  });
}
