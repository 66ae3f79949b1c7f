import type { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';

/** What the answers tell of the service beside what was asked: its clock, and where it is. */
export class ServiceFacts {
  /** The service's time less this machine's monotonic one: where somebody sets the clock, it stays. */
  #originMs: number | undefined;
  #host = '';

  /** The service's clock less this machine's, in milliseconds; 0 until it has answered. */
  get clockOffsetMs(): number {
    return this.#originMs === undefined ? 0 : this.#originMs + performance.now() - Date.now();
  }

  /** `host` or `host:port` of the last call; empty before the first. */
  get host(): string {
    return this.#host;
  }

  /** Reads every answer that the client gets from now on. */
  readFrom(client: CognitoIdentityProviderClient): void {
    client.middlewareStack.add(
      (next) => async (args) => {
        const output = await next(args);
        this.#readClock(output.response);
        this.#readHost(args.request);
        return output;
      },
      { step: 'deserialize', priority: 'low', name: 'readServiceFacts' },
    );
  }

  #readClock(response: unknown): void {
    const date = (response as { headers?: Record<string, string> }).headers?.['date'];
    const time = date === undefined ? NaN : Date.parse(date);
    if (!Number.isNaN(time)) this.#originMs = time - performance.now();
  }

  #readHost(request: unknown): void {
    const { hostname, port } = request as { hostname: string; port?: number };
    this.#host = port === undefined ? hostname : `${hostname}:${port}`;
  }
}
