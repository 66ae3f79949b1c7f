import type { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { IncomingMessage } from 'node:http';

import { AnswerError } from './answer-error.js';

/** Bytes: one user with 50 attributes of 2,048 characters is a tenth of it in letters, half in UTF-8. */
const largestAnswer = 1024 * 1024;
/** Bytes: a page of 60 such users is 6 MB in letters. One is read at a time, other answers many. */
const largestPage = 16 * largestAnswer;

/**
 * Bounds what the SDK does not: how long the body of an answer may take, and how long it may be. A
 * body beyond either ends its call with an `AnswerError`, and its connection with it.
 */
export class AnswerBounds {
  readonly #timeoutMs: number;
  readonly #mostBytes = new WeakMap<IncomingMessage, number>();

  /** @param timeoutMs from the sending of a call to the last byte of its answer. */
  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
  }

  /** Bounds every answer that the client gets from now on. */
  boundFor(client: CognitoIdentityProviderClient): void {
    client.middlewareStack.add(
      (next, { commandName }) => {
        const isList = commandName?.startsWith('List') === true;
        return async (args) => {
          const sentAt = performance.now();
          const output = await next(args);
          const { body } = output.response as { body: unknown };
          if (body instanceof IncomingMessage) {
            const isPage = isList && !isLookUp(args.input);
            this.#mostBytes.set(body, isPage ? largestPage : largestAnswer);
            this.#endAt(sentAt + this.#timeoutMs, body);
          }
          return output;
        };
      },
      { step: 'deserialize', priority: 'low', name: 'boundAnswer' },
    );
  }

  /** Reads a body to its end: the client's `streamCollector`. */
  readonly collect = (body: IncomingMessage): Promise<Uint8Array> => {
    const mostBytes = this.#mostBytes.get(body) ?? largestAnswer;
    return new Promise((resolve, reject) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      body.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes <= mostBytes) chunks.push(chunk);
        else
          body.destroy(new AnswerError('AnswerTooLong', `the answer has over ${mostBytes} bytes`));
      });
      body.on('error', reject);
      body.on('end', () => {
        if (bytes > 0 || saysItsLength(body)) resolve(Buffer.concat(chunks, bytes));
        else reject(new AnswerError('AnswerIncomplete', 'the connection ended before the answer'));
      });
    });
  };

  /** `atMs` by the monotonic clock. */
  #endAt(atMs: number, body: IncomingMessage): void {
    const timer = setTimeout(() => {
      const message = `the answer did not end within ${this.#timeoutMs} ms`;
      body.destroy(new AnswerError('TimeoutError', message));
    }, atMs - performance.now());
    body.once('close', () => {
      clearTimeout(timer);
    });
  }
}

/**
 * Some good answers are empty. One that ends with its connection, and not where it says, may as well
 * have been cut off before its first byte.
 */
function saysItsLength({ headers }: IncomingMessage): boolean {
  return headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined;
}

/** A list with a filter is asked for one user. */
function isLookUp(input: object): boolean {
  return 'Filter' in input && input.Filter !== undefined;
}
