// All at once, and the SDK's own retries.   promise-all.mjs ENDPOINT POOL FROM TO STEPS
import { lost, people, poolClient } from './shared.mjs';

const make = poolClient();
await Promise.all([...people()].map((person) => make(person).catch(lost)));
