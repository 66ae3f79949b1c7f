import process from 'node:process';
import { parseArgs } from 'node:util';
import { startVitest } from 'vitest/node';

// npm run model -- --cases 20000 --seed 7: the tests named first, with more of what they try.
const [filter = '', ...given] = process.argv.slice(2);
const { values } = parseArgs({
  args: given,
  options: {
    seed: { type: 'string' },
    cases: { type: 'string', default: '20000' },
    kills: { type: 'string', default: '200' },
    rows: { type: 'string', default: '20000' },
  },
});
const seed = values.seed === undefined ? Date.now() % 2 ** 31 : Number(values.seed);
process.stdout.write(`seed ${seed}\n`);
process.env.SOAK = JSON.stringify({
  seed,
  modelCases: Number(values.cases),
  kills: Number(values.kills),
  rows: Number(values.rows),
});
const vitest = await startVitest('test', [filter], { watch: false });
await vitest.close();
