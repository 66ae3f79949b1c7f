// One user after the other with the SDK's client as it comes, which retries by itself.
//   sdk-loop.mjs ENDPOINT POOL FROM TO
import { lost, people, poolClient } from './shared.mjs';

const create = poolClient();
for (const person of people()) await create(person).catch(lost);
