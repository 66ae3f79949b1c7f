import { createServer } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll } from 'vitest';

/** What was posted. */
export interface Received {
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
}

export interface Receiver {
  /** `http://127.0.0.1:PORT`. */
  readonly origin: string;
  /** In the order in which it came. */
  readonly received: readonly Received[];
}

const opened: (() => Promise<unknown>)[] = [];

afterAll(async () => {
  await Promise.all(opened.splice(0).map((close) => close()));
});

/**
 * An HTTP server that takes JSON, closed after the tests of the file.
 * @param answers the status of each answer in turn, the last one for all that follow; 0 never answers.
 */
export async function openReceiver(...answers: readonly number[]): Promise<Receiver> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8') || 'null');
      const { method, url: path, headers } = request;
      const status = answers[received.length] ?? answers.at(-1) ?? 200;
      received.push({ method, path, headers, body });
      if (status === 0) return;
      response.writeHead(status, { location: '/elsewhere' }).end('an answer that nobody reads');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  opened.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, received };
}
