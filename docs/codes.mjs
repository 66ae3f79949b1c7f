// Writes docs/codes.md from the table of advice: npm run docs:codes
import { writeFileSync } from 'node:fs';
import process from 'node:process';
import { fileURLToPath, URL } from 'node:url';
import { format, resolveConfig } from 'prettier';

const page = fileURLToPath(new URL('codes.md', import.meta.url));

/** The text of docs/codes.md for this advice by code. */
export async function codesPage(advice) {
  const entries = Object.entries(advice);
  const isOurs = ([code]) => /^[a-z-]+$/.test(code);
  const text = [
    '<!-- Made by `npm run docs:codes` from src/report/advice.ts: change it there. -->',
    '# Codes that are no rules',
    'What can stand in the column `code` of `results.csv` beside the codes of [the rules](rules.md), and what to do about it. `report.html` says the same at each group of rows.',
    '## Ours',
    table(entries.filter(isOurs)),
    '## The service’s',
    'Error names of Cognito and of the AWS SDK are passed on as they are. Those that are not here come with the service’s own words in `message`.',
    table(entries.filter((entry) => !isOurs(entry))),
    '## Why a run ended',
    'These begin the `reason` of `summary.json` where `outcome` is `stopped` or `interrupted`. `resume` goes on with such a run.',
    table(Object.entries(reasons)),
  ].join('\n\n');
  return format(text, { ...(await resolveConfig(page)), parser: 'markdown' });
}

/** By the code with which the engine stops. */
const reasons = {
  interrupted: 'Ctrl-C, SIGTERM or an abort signal. Resume when you like.',
  'process-died':
    'The process was killed, or the machine went down. Resume looks up what is in doubt.',
  'max-duration': 'The time of `--max-duration` was over. Resume.',
  'max-errors':
    'More rows failed than `--max-errors` allows. Look at their codes first, then resume with `--retry-failed`.',
  'same-error':
    '50 rows in a row failed with one code: the cause is not in the rows. Mend it, then resume with `--retry-failed`.',
  'invite-limit': '`--invite-limit` invitations were sent. Resume tomorrow sends the next.',
  'no-answer': 'The service did not answer for minutes. Check the network, then resume.',
  'wrong-client-secret':
    'COGNITO_CLIENT_SECRET is missing, or not that of the app client. Correct it, then resume.',
  'file-changed':
    'Somebody wrote to the file while it was read. Put its content back, then resume, which also writes the reports.',
  'file-unreadable':
    'The file could not be read to its end. The message says why; mend it, then resume.',
  'plan-changed':
    "The plan in the run's folder was changed or taken away. Put it back, then resume.",
  'broken-off':
    'The run ended by an error of its own, such as a full disk. The message says which; then resume.',
  LimitExceededException: 'The messages of a day are used up. Resume tomorrow.',
  ExpiredTokenException: 'The credentials ran out. Sign in to AWS again, then resume.',
  AccessDeniedException: 'The credentials lack a permission. Give it to them, then resume.',
};

function table(rows) {
  const lines = rows.map(([code, text]) => `| \`${code}\` | ${text.replaceAll('|', '\\|')} |`);
  return `| code | what to do |\n|---|---|\n${lines.join('\n')}`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { advice } = await import(new URL('../dist/report/advice.js', import.meta.url).href);
  writeFileSync(page, await codesPage(advice));
}
