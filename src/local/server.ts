import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { CallHandler, CallOutcome } from './calls.js';
import { LocalPoolError } from './errors.js';
import type { Faults } from './faults.js';

const CONTENT_TYPE = 'application/x-amz-json-1.1';
/** A request of the service is far smaller; more is a mistake. */
const LARGEST_BODY = 4 * 1024 * 1024;
const TRICKLE_MS = 100;
const BLANKS = Buffer.alloc(64 * 1024, ' ');

interface ServerOptions {
  readonly port: number;
  /** Milliseconds between a request and its answer. */
  readonly latencyMs: number;
  readonly handler: CallHandler;
  /** The plan in force when a request comes in. */
  readonly faults: () => Faults;
}

interface RunningServer {
  readonly port: number;
  close(): Promise<void>;
}

/** Serves the JSON 1.1 protocol on 127.0.0.1. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const timers = new Set<NodeJS.Timeout>();
  const server = createServer({ keepAliveTimeout: 120_000, noDelay: true }, (request, response) => {
    receive(request, response, (body) => {
      const { headers } = request;
      const target = headers['x-amz-target'];
      const outcome = options.handler.handle(
        {
          target: typeof target === 'string' ? target : undefined,
          authorization: headers.authorization,
          body,
        },
        options.faults(),
      );
      const slow = outcome.misfortune?.kind === 'slow' ? outcome.misfortune.ms : 0;
      const delay = options.latencyMs + slow;
      if (delay === 0) {
        answer(request, response, outcome);
        return;
      }
      const timer = setTimeout(() => {
        timers.delete(timer);
        answer(request, response, outcome);
      }, delay);
      timers.add(timer);
    });
  });
  await listening(server, options.port);
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      for (const timer of timers) clearTimeout(timer);
      await new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
        // Calls that hang on purpose would keep the server open for ever.
        server.closeAllConnections();
      });
    },
  };
}

function listening(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(
        new LocalPoolError(
          error.code === 'EADDRINUSE'
            ? `Port ${port} is in use already; choose another or leave it out.`
            : `The local pool can't listen on port ${port}: ${error.message}.`,
        ),
      );
    });
    server.listen(port, '127.0.0.1', resolve);
  });
}

function receive(
  request: IncomingMessage,
  response: ServerResponse,
  onBody: (body: string) => void,
): void {
  if (request.method !== 'POST' || request.url !== '/') {
    send(response, 404, 'text/html', '<html><body>This is a local user pool.</body></html>');
    return;
  }
  const chunks: Buffer[] = [];
  let size = 0;
  request.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > LARGEST_BODY) request.destroy();
    else chunks.push(chunk);
  });
  request.on('end', () => {
    onBody(Buffer.concat(chunks).toString());
  });
}

function answer(request: IncomingMessage, response: ServerResponse, outcome: CallOutcome): void {
  switch (outcome.misfortune?.kind) {
    case 'hang':
      return;
    case 'reset-before':
    case 'reset-after':
      // A reset, not an orderly end: the client sees ECONNRESET.
      request.socket.resetAndDestroy();
      return;
    case 'cut-off': {
      const { body } = outcome;
      response.writeHead(200, {
        'content-type': CONTENT_TYPE,
        'content-length': Buffer.byteLength(body),
      });
      response.write(body.slice(0, body.length >> 1), () => {
        request.socket.destroy();
      });
      return;
    }
    case 'trickle':
      response.writeHead(200, { 'content-type': CONTENT_TYPE });
      trickle(response);
      return;
    case 'endless':
      response.writeHead(200, { 'content-type': CONTENT_TYPE });
      pour(response);
      return;
    case 'empty':
      // Without a length: where the connection ends, the answer may have been cut off as well.
      request.socket.end('HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n');
      return;
    case 'unavailable':
      send(response, 503, 'text/html', '<html><body>503 Service Unavailable</body></html>');
      return;
    default:
      send(response, outcome.status, CONTENT_TYPE, outcome.body, outcome.errorType);
  }
}

/** A body that never ends, and never is silent for long. */
function trickle(response: ServerResponse): void {
  const timer = setInterval(() => response.write(' '), TRICKLE_MS);
  response.once('close', () => {
    clearInterval(timer);
  });
}

/** A body that never ends, as fast as the client takes it. */
function pour(response: ServerResponse): void {
  const fill = (): void => {
    while (!response.destroyed && response.write(BLANKS));
  };
  response.on('drain', fill);
  fill();
}

function send(
  response: ServerResponse,
  status: number,
  type: string,
  body: string,
  errorType?: string,
): void {
  response.writeHead(status, {
    'content-type': type,
    'content-length': Buffer.byteLength(body),
    'x-amzn-requestid': randomUUID(),
    ...(errorType !== undefined && { 'x-amzn-errortype': `${errorType}:` }),
  });
  response.end(body);
}
