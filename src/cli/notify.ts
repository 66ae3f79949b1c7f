import pRetry from 'p-retry';

import { UsageError } from './usage-error.js';

interface NotifySettings {
  /** Milliseconds for an answer. */
  readonly timeoutMs: number;
  /** Milliseconds before the second try; twice as long before the third. */
  readonly waitMs: number;
}

const usual: NotifySettings = { timeoutMs: 10_000, waitMs: 1_000 };
const tries = 3;

/** It answered, and did not take what was posted. */
class NotTaken extends Error {
  override readonly name = 'NotTaken';
  readonly status: number;

  constructor(status: number) {
    super(`it answered ${status}`);
    this.status = status;
  }
}

/** Throws a `UsageError`, without the address: it may hold a token. */
export function notifyAddress(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url;
  throw new UsageError('--notify takes an address that begins with https:// or http://.');
}

/**
 * Posts a document as JSON. Tries again where there is no connection, or the answer is 429 or a
 * fault; not where no answer came in time, since it may have been taken. Never rejects: returns
 * why it was not taken, with nothing of the address but its origin.
 */
export async function notify(
  url: URL,
  document: object,
  { timeoutMs, waitMs }: NotifySettings = usual,
): Promise<string | undefined> {
  const body = JSON.stringify(document);
  try {
    await pRetry(() => post(url, body, timeoutMs), {
      retries: tries - 1,
      minTimeout: waitMs,
      factor: 2,
      shouldRetry: ({ error }) => mayHelp(error),
    });
    return undefined;
  } catch (error) {
    return `--notify: ${url.origin} did not take the summary (${reasonOf(error, timeoutMs)}).`;
  }
}

async function post(url: URL, body: string, timeoutMs: number): Promise<void> {
  const address = new URL(url);
  const headers: Record<string, string> = { 'content-type': 'application/json' };
  // fetch refuses an address with credentials in it.
  if (url.username !== '' || url.password !== '') {
    headers['authorization'] = `Basic ${Buffer.from(credentialsOf(url)).toString('base64')}`;
    address.username = '';
    address.password = '';
  }
  const response = await fetch(address, {
    method: 'POST',
    headers,
    body,
    // A redirect would lose the body, or carry it to whom nobody named.
    redirect: 'manual',
    signal: AbortSignal.timeout(timeoutMs),
  });
  await response.body?.cancel();
  if (!response.ok) throw new NotTaken(response.status);
}

function credentialsOf({ username, password }: URL): string {
  return `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
}

function mayHelp(error: Error): boolean {
  if (error instanceof NotTaken) return error.status === 429 || error.status >= 500;
  return error.name !== 'TimeoutError';
}

function reasonOf(error: unknown, timeoutMs: number): string {
  if (error instanceof NotTaken) return error.message;
  if (!(error instanceof Error)) return 'no connection';
  if (error.name === 'TimeoutError') return `no answer in ${timeoutMs / 1_000} seconds`;
  // Only the code: what else fetch says may name the address.
  const { cause } = error;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  return /^[A-Z0-9_]+$/.test(code) ? code : 'no connection';
}
