import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll } from 'vitest';

/** A request as it went out. */
export interface Sent {
  /** `AdminCreateUser`. */
  readonly operation: string;
  readonly body: Readonly<Record<string, unknown>>;
  /** The header that a session's credentials belong in. */
  readonly sessionToken: string | undefined;
  /** Everything else of it: path and other headers. */
  readonly envelope: string;
}

export interface Recorder {
  readonly endpoint: string;
  readonly sent: readonly Sent[];
}

const opened: (() => void)[] = [];

afterAll(() => {
  for (const close of opened.splice(0)) close();
});

/** Stands before a local pool and keeps what it is sent; closed after the tests of the file. */
export async function openRecorder(endpoint: string): Promise<Recorder> {
  const sent: Sent[] = [];
  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const bytes = Buffer.concat(chunks);
      const { headers, method, url } = incoming;
      const operation = String(headers['x-amz-target']).replace(/^.*\./, '');
      const body = JSON.parse(bytes.toString() || '{}') as Sent['body'];
      const { 'x-amz-security-token': token, ...others } = headers;
      const sessionToken = token === undefined ? undefined : String(token);
      const envelope = `${url ?? ''} ${JSON.stringify(others)}`;
      sent.push({ operation, body, sessionToken, envelope });
      const onward = request(new URL(url ?? '/', endpoint), { method, headers }, (answer) => {
        outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.on('error', () => outgoing.destroy());
        answer.pipe(outgoing);
      });
      // A pool that breaks off breaks off here, too.
      onward.on('error', () => incoming.socket.destroy());
      onward.end(bytes);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  opened.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, sent };
}
