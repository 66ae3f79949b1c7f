// Feeds rubbish to the whole input path: npm run fuzz -- --cases 200000 --seed 1
import process from 'node:process';
import { parseArgs } from 'node:util';
import { startVitest } from 'vitest/node';

const { values } = parseArgs({
  options: {
    cases: { type: 'string', default: '200000' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000_000) },
    target: { type: 'string', default: '' },
  },
});
process.env.FUZZ_CASES = values.cases;
process.env.FUZZ_SEED = values.seed;
process.stdout.write(`${values.cases} cases from seed ${values.seed} on\n`);
const vitest = await startVitest('test', ['test/fuzz/fuzz.test.ts'], {
  watch: false,
  ...(values.target && { testNamePattern: values.target }),
});
await vitest.close();
