// CPU time and memory of `cognito-bulk validate` beside csv-parse and papaparse alone over the same
// file. Run it after `npm run build`:
//   node bench/validate.mjs [--rows 1000000] [--runs 5] [--tool dist/cli/main.js]
import console from 'node:console';
import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { fileURLToPath, URL } from 'node:url';
import { parseArgs } from 'node:util';

import { against, machine, median, table } from './figures.mjs';
import { person } from './people.mjs';
import { startMeasured, temporaryFolder, tool } from './processes.mjs';

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000000' },
    runs: { type: 'string', default: '5' },
    tool: { type: 'string', default: tool },
  },
});
const rows = Number(values.rows);
const folder = temporaryFolder();
const inBench = (name) => fileURLToPath(new URL(name, import.meta.url));
const pool = inBench('../fixtures/pools/email-alias.json');
const always = ['--no-progress', '--json', '--reports', join(folder, 'reports')];

/** Every fiftieth name has a comma and so quotes; every hundredth row has an error or a warning. */
const usual = await writeFile('usual.csv', (number) => {
  const { username, attributes } = person(number);
  const cells = [username, ...attributes.map(({ Value }) => Value)];
  if (number % 50 === 0) cells[3] = `"Given, ${number}"`;
  if (number % 200 === 0) cells[1] = 'nobody';
  if (number % 200 === 100) cells[4] += ' ';
  return cells.join(',');
});
/** As Export-Csv of PowerShell writes it. */
const quoted = await writeFile('quoted.csv', (number) => {
  const { username, attributes } = person(number);
  return [username, ...attributes.map(({ Value }) => Value)].map((cell) => `"${cell}"`).join(',');
});

const cases = [
  { name: 'no pool', file: usual, args: [] },
  { name: 'pool with email and phone aliases', file: usual, args: ['--schema', pool] },
  { name: 'the same, with --fix', file: usual, args: ['--schema', pool], fix: true },
  { name: 'no pool, every cell in quotes', file: quoted, args: [] },
];

machine();
console.log(`${rows} rows, medians of ${values.runs} runs, start of the process included\n`);
const figures = cases.map(() => ({ alone: [], papa: [], validate: [] }));
for (let run = 0; run < Number(values.runs); run++) {
  for (const [index, { file, args, fix }] of cases.entries()) {
    const { alone, papa, validate } = figures[index];
    papa.push(await measured(inBench('papaparse-alone.mjs'), [file], [0]));
    alone.push(await measured(inBench('parse-alone.mjs'), [file], [0]));
    const fixed = fix ? ['--fix', join(folder, `fixed-${run}.csv`)] : [];
    const command = ['validate', file, ...args, ...fixed, ...always];
    validate.push(await measured(resolve(values.tool), command, [0, 1]));
  }
}
table(
  cases.map(({ name }, index) => {
    const { alone, papa, validate } = figures[index];
    return {
      '': name,
      'papaparse alone, CPU s': seconds(papa),
      'csv-parse alone, CPU s': seconds(alone),
      'validate, CPU s': seconds(validate),
      'peak MB': Math.round(median(validate.map(({ peakMB }) => peakMB))),
      ratio: ratioOf(figures[index]).toFixed(2),
    };
  }),
);
console.log(`\nvalidate / csv-parse: ${against(ratioOf(figures[0]), '<=', 1.5, 2)}`);
const most = Math.max(...figures.flatMap(({ validate }) => validate.map(({ peakMB }) => peakMB)));
console.log(`largest peak: ${against(most, '<=', 250, 0)} MB`);

function ratioOf({ alone, validate }) {
  return median(validate.map(({ cpuMs }, run) => cpuMs / alone[run].cpuMs));
}

function seconds(results) {
  return (median(results.map(({ cpuMs }) => cpuMs)) / 1_000).toFixed(2);
}

async function measured(script, args, codes) {
  const result = await startMeasured(script, args).ended;
  if (codes.includes(result.code)) return result;
  throw new Error(`${script} ended with ${result.code}: ${result.errors}`);
}

async function writeFile(name, lineOf) {
  const path = join(folder, name);
  const file = createWriteStream(path);
  const names = person(0).attributes.map(({ Name }) => Name);
  let text = `${['username', ...names].join(',')}\n`;
  for (let number = 0; number < rows; number++) {
    text += `${lineOf(number)}\n`;
    if (text.length < 1 << 20) continue;
    if (!file.write(text)) await once(file, 'drain');
    text = '';
  }
  file.end(text);
  await once(file, 'finish');
  return path;
}
