import { DeleteObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import S3rver from '@20minutes/s3rver';
import { afterAll } from 'vitest';

import { temporaryFolder } from './place.js';

/** A bucket on an S3 server of its own, which checks signatures. */
export interface Bucket {
  /** What points a command at it. */
  readonly env: Readonly<Record<string, string>>;
  put(key: string, content: string | Buffer): Promise<void>;
  remove(key: string): Promise<void>;
}

const credentials = { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' };

/** Serves the bucket `people`; closed after the tests of the file. */
export async function openBucket(): Promise<Bucket> {
  const server = new S3rver({
    address: '127.0.0.1',
    port: 0,
    silent: true,
    directory: await temporaryFolder(),
    configureBuckets: [{ name: 'people' }],
  });
  const { port } = await server.run();
  // Not an address of digits, for which the SDK would use path-style names by itself.
  const endpoint = `http://localhost:${port}`;
  const client = new S3Client({
    endpoint: `http://127.0.0.1:${port}`,
    forcePathStyle: true,
    region: 'us-east-1',
    credentials,
  });
  afterAll(async () => {
    client.destroy();
    await server.close();
  });
  return {
    env: {
      AWS_ENDPOINT_URL_S3: endpoint,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    },
    put: async (key, content) => {
      await client.send(new PutObjectCommand({ Bucket: 'people', Key: key, Body: content }));
    },
    remove: async (key) => {
      await client.send(new DeleteObjectCommand({ Bucket: 'people', Key: key }));
    },
  };
}
