// Writes docs/rules.md from the table of rules, after `npm run build`: npm run docs:rules
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { fileURLToPath, URL } from 'node:url';
import { format, resolveConfig } from 'prettier';

const page = fileURLToPath(new URL('rules.md', import.meta.url));
const tests = new URL('../test/record/', import.meta.url);

/** The text of docs/rules.md for these rules. Throws where a rule has no case in the tests. */
export async function rulesPage(rules) {
  const lines = rules.map(
    ({ code, severity, about, source, safe }) =>
      `| \`${code}\` | ${severity}${safe ? ', mended by `--fix`' : ''} | ${escaped(about)} | ${linked(source)} | ${testOf(code)} |`,
  );
  const text = [
    '<!-- Made by `npm run docs:rules` from src/record/rules.ts: change it there. -->',
    '# Every rule',
    'What `validate`, and every command that reads a file before its first call, check in it. An error keeps the row from being sent, or the file where it is in the header; a warning keeps nothing back. `--fix` takes the proposals that can be meant in one way only.',
    `Without a pool or \`--schema\`, what depends on a pool is left out. The test of one rule: \`npx vitest run test/record/rules.test.ts -t invalid-email\`; each has a row that breaks it and one that nearly does, in the file of \`test/record/\` of the repository that stands in the last column.`,
    `| code | severity | when it strikes | source | test |\n|---|---|---|---|---|\n${lines.join('\n')}`,
  ].join('\n\n');
  return format(text, { ...(await resolveConfig(page)), parser: 'markdown' });
}

const caseFiles = readdirSync(tests)
  .filter((name) => name.endsWith('-cases.ts'))
  .map((name) => [name, readFileSync(new URL(name, tests), 'utf8')]);

function testOf(code) {
  const found = caseFiles.find(([, text]) => text.includes(`code: '${code}'`));
  if (!found) throw new Error(`no case in test/record/ for the rule ${code}`);
  return `\`${found[0]}\``;
}

function linked(source) {
  return source
    .split('; ')
    .map((part) => (part.startsWith('https:') ? `[${nameOf(part)}](${part})` : escaped(part)))
    .join('; ');
}

/** The last part of an address: API_AdminCreateUser, quotas. */
function nameOf(address) {
  const { pathname } = new URL(address);
  return pathname.slice(pathname.lastIndexOf('/') + 1).replace(/\.html$/, '');
}

function escaped(text) {
  return text.replaceAll('|', '\\|');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { rules } = await import(new URL('../dist/record/rules.js', import.meta.url).href);
  writeFileSync(page, await rulesPage(rules));
}
