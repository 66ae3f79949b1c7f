// What many scripts do: p-limit with as many at once as there are sockets, and the SDK's own retries.
//   batches.mjs ENDPOINT POOL FROM TO STEPS
import pLimit from 'p-limit';

import { lost, people, poolClient } from './shared.mjs';

const make = poolClient();
const limit = pLimit(50);
await limit.map([...people()], (person) => make(person).catch(lost));
