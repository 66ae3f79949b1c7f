import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { Readable } from 'node:stream';

import { boundedCredentials } from '../cognito/bounded-credentials.js';
import { SourceError } from '../source/index.js';
import { brokeOff, notRead } from './errors.js';

/** How S3 is reached; what is absent comes from the AWS SDK's own chain. */
export interface ReadOptions {
  readonly region?: string;
  readonly profile?: string;
  /** Where neither `region` nor the chain says one. */
  readonly otherwiseRegion?: string;
  /** Milliseconds without a byte after which the connection counts as lost. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

/**
 * Starts reading an object. The stream ends only where the object does: one that breaks off, or
 * whose checksum is another, ends with a `SourceError`, as the call itself does.
 * @param address `s3://bucket/key`, the key as it is, not percent-encoded
 */
export async function readObject(address: string, options: ReadOptions): Promise<Readable> {
  const place = placeOf(address);
  const client = await connect(options, address);
  try {
    const { Body, ContentLength } = await client.send(
      new GetObjectCommand(place),
      options.signal && { abortSignal: options.signal },
    );
    if (!(Body instanceof Readable)) throw new Error('an object has a body');
    return Readable.from(whole(Body, ContentLength, address, client), { objectMode: false });
  } catch (error) {
    client.destroy();
    throw notRead(error, address);
  }
}

function placeOf(address: string): { readonly Bucket: string; readonly Key: string } {
  const [, bucket, key] = /^s3:\/\/([^/]+)\/(.*[^/])$/s.exec(address) ?? [];
  if (bucket === undefined || key === undefined) {
    throw new SourceError(
      'not-found',
      `"${address}" names no object. Write s3://BUCKET/KEY, with the key of a file.`,
    );
  }
  return { Bucket: bucket, Key: key };
}

/**
 * A read may be sent again, so the SDK's own retries are on here. Another region's bucket is found
 * by S3's answer, as a bucket need not be where the pool is.
 */
async function connect(options: ReadOptions, address: string): Promise<S3Client> {
  const { region, profile, timeoutMs, signal } = options;
  const client = new S3Client({
    followRegionRedirects: true,
    requestHandler: {
      connectionTimeout: Math.min(timeoutMs, 5_000),
      requestTimeout: timeoutMs,
      throwOnRequestTimeout: true,
      socketTimeout: timeoutMs,
    },
    ...(region !== undefined && { region }),
    ...(profile !== undefined && { profile }),
  });
  client.config.credentials = boundedCredentials(client.config.credentials, { signal });
  try {
    await client.config.region();
  } catch {
    client.destroy();
    const { otherwiseRegion, ...rest } = options;
    if (otherwiseRegion !== undefined) {
      return connect({ ...rest, region: otherwiseRegion }, address);
    }
    throw new SourceError(
      'not-readable',
      `Nobody says which region "${address}" is in: give --region or set AWS_REGION.`,
    );
  }
  // Servers other than AWS seldom have a host name for each bucket.
  if ((await client.config.serviceConfiguredEndpoint?.()) !== undefined) {
    client.config.forcePathStyle = true;
  }
  return client;
}

async function* whole(
  body: Readable,
  length: number | undefined,
  address: string,
  client: S3Client,
): AsyncGenerator<Buffer, void, undefined> {
  let read = 0;
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      read += chunk.length;
      yield chunk;
    }
  } catch (error) {
    throw brokeOff(error, address);
  } finally {
    body.destroy();
    client.destroy();
  }
  if (length !== undefined && read !== length) throw brokeOff(undefined, address);
}
