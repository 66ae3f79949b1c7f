// One user after the other with the SDK's client as it comes, which retries by itself.
//   sdk-loop.mjs ENDPOINT POOL FROM TO STEPS
import { lost, people, poolClient } from './shared.mjs';

const make = poolClient();
for (const person of people()) await make(person).catch(lost);
