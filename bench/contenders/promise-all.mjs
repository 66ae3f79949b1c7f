// All at once, and the SDK's own retries.   promise-all.mjs ENDPOINT POOL FROM TO
import { lost, people, poolClient } from './shared.mjs';

const create = poolClient();
await Promise.all([...people()].map((person) => create(person).catch(lost)));
