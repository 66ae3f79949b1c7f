import { Refusal } from '../refusal.js';

/**
 * Throws a `Refusal` for an endpoint that can't be one. A run and a plan remember it on the disk, where
 * no password may stand, and the AWS SDK does not use the one of an address.
 */
export function refuseEndpoint(endpointUrl: string | undefined): void {
  if (endpointUrl === undefined) return;
  const url = URL.canParse(endpointUrl) ? new URL(endpointUrl) : undefined;
  if (url?.protocol !== 'https:' && url?.protocol !== 'http:') {
    throw new Refusal('--endpoint-url takes an address that begins with https:// or http://.');
  }
  if (url.username !== '' || url.password !== '') {
    throw new Refusal(
      '--endpoint-url has a user name or password in it, which AWS does not ask for and a run would keep on the disk: leave it out.',
    );
  }
}
