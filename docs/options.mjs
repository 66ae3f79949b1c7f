// Writes docs/options.md from the definitions of the commands: npm run docs:options
import { writeFileSync } from 'node:fs';
import process from 'node:process';
import { fileURLToPath, URL } from 'node:url';
import { format, resolveConfig } from 'prettier';
import yargs from 'yargs';

const page = fileURLToPath(new URL('options.md', import.meta.url));

/** The text of docs/options.md for the commands that `defineCommands` defines. */
export async function optionsPage(defineCommands) {
  const program = defineCommands(yargs([]), 'all', () => undefined);
  const handlers = program.getInternalMethods().getCommandInstance().getCommandHandlers();
  const commands = Object.values(handlers).map(commandOf);
  const shared = sharedBy(commands);
  const text = [
    '<!-- Made by `npm run docs:options` from src/cli/program.ts and src/cli/options.ts: change it there. -->',
    '# Every command and option',
    'Any option can stand in the YAML or JSON file of `--config` by its name without the dashes; an argument wins over it. Beside options the file takes two tables: `columns:`, header name to attribute, as with `--map`; and `defaults:`, attribute values for every row that has none.',
    'Region, credentials and endpoints come from the AWS SDK’s own chain: `AWS_REGION`, `AWS_PROFILE`, SSO, roles, `AWS_ENDPOINT_URL`, `AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER`. The pool may come from `COGNITO_USER_POOL_ID`, the client’s secret from `COGNITO_CLIENT_SECRET`: it is never an argument. `NO_COLOR` switches colours off.',
    'A time is written `500ms`, `10s`, `30m`, `2h`. The categories of `--rate` are those of Cognito’s quotas: `UserCreation`, `UserRead`, `UserUpdate`, `UserList`, `UserResourceRead`, `UserResourceUpdate`, … A wrong name is answered with the list.',
    '## Commands',
    ...commands.map((command) => commandText(command, shared)),
    '## Options of several commands',
    ...[...shared].map(groupText),
    '## Options of every command',
    table([
      ['--help', '', 'The help that fits a screen'],
      ['--help-all', '', 'The help with every option'],
      ['--version', '', 'The version'],
      ['--config', 'text', 'FILE of options, YAML or JSON; arguments win over it'],
    ]),
  ].join('\n\n');
  return format(text, { ...(await resolveConfig(page)), parser: 'markdown' });
}

/** What does not fit into a line of the help. */
const notes = {
  '--client-id':
    'Needed by `verify` and by `--password-mode challenge`. The secret is read from COGNITO_CLIENT_SECRET, else from the pool',
  '--encoding':
    'Bytes that are not valid in it stop the run before anything is sent, with the line and the likely encoding',
  '--map': 'Wins over `--from`',
  '--from': 'All of them: [presets](../presets/README.md)',
  '--password-mode':
    '`temporary`: people choose their own at the first sign-in. `permanent`: set for good with AdminSetUserPassword. `challenge`: signs in and answers NEW_PASSWORD_REQUIRED. Default `temporary` where the file has a `password` column or passwords are generated, else `none`',
  '--generate-passwords':
    'The FILE gets `username,password`, has mode 0600 and is never overwritten',
  '--verified': 'One of them or both. It marks what the row has',
  '--groups': 'Beside the `groups` column',
  '--on-existing': '`update` brings them up to date, `fail` makes their row a failed one',
  '--save-plan': '`apply` refuses it when the file or the pool’s description changed since',
  '--key': '`username`, or an attribute that only one user has',
  '--groups-mode':
    'With `exact` a row whose cell is a lone `;` means "in no group"; an empty cell is not given, and leaves the groups alone. Groups that no row names are never left',
  '--missing': 'Needs `--scope`, but for `ignore`',
  '--scope': 'Which of the pool’s users the file owns',
  '--min-rows':
    'Without it a file is refused that has less than half of the rows of the newest complete sync of this pool under `--reports`; with N both hold; 0 switches both off',
  '--protect': 'One a line: username, `sub` or address',
  '--max-removals': 'Counted against the scope. One more, and nothing at all is written',
  '--yes': 'Without a terminal it is needed for what disables or deletes',
  '--rate':
    'A number alone is UserCreation; the other categories keep what the account has, as GetProvisionedLimit says, else Cognito’s published defaults',
  '--rate-share': 'The rest is left to live traffic. 1 for a rate that is given by `--rate`',
  '--concurrency': 'At most 256',
  '--max-errors':
    'P% counts from the 100th row on. 50 rows in a row that fail with one code stop a run without it, too',
  '--max-duration': 'Ends with exit code 3',
  '--invite-limit': 'The run stays resumable: `resume` sends the next N',
  '--exit-code': 'Invalid rows: 1',
  '--rehearse': 'The pool is made from the live description, or from `--schema`',
  '--mask': 'results.csv stays as it is',
  '--json': 'Everything else goes to standard error',
};

const ofEvery = new Set(['help', 'h', 'help-all', 'version', 'config', 'columns', 'defaults']);

/** A command as yargs has it, with its options by group. */
function commandOf({ original, description, builder }) {
  const own = yargs([]);
  // The command that prints the completion script has none.
  if (typeof builder === 'function') builder(own);
  const options = own.getOptions();
  const usage = own.getInternalMethods().getUsageInstance();
  const texts = usage.getDescriptions();
  const known = Object.entries(own.getGroups()).map(([title, names]) => ({
    title: title.replace(/:$/, ''),
    rows: names
      .filter((name) => !ofEvery.has(name))
      .map((name) => [shown(name, title), valueOf(name, options), texts[name] ?? '']),
  }));
  const groups = known.filter(({ rows }) => rows.length > 0);
  return { original, description, groups, examples: examplesOf(builder) };
}

function examplesOf(builder) {
  const examples = [];
  if (typeof builder !== 'function') return examples;
  const recorder = yargs([]);
  recorder.example = (line) => {
    examples.push(line.replace('$0', 'cognito-bulk'));
    return recorder;
  };
  builder(recorder);
  return examples;
}

function shown(name, title) {
  return title === 'Positionals:' ? name.toUpperCase() : `--${name}`;
}

function valueOf(name, { boolean, number, array, choices }) {
  if (choices[name]) return choices[name].join(', ');
  if (boolean.includes(name)) return '';
  if (number.includes(name)) return 'number';
  return array.includes(name) ? 'text, repeatable' : 'text';
}

/** Of each group that several commands have, by its title: the options that all of them have. */
function sharedBy(commands) {
  const shared = new Map();
  const all = commands.flatMap(({ groups }) => groups);
  for (const { title, rows } of all) {
    const others = all.filter((group) => group.title === title);
    const isEverywhere = ([name]) =>
      others.every((group) => group.rows.some(([other]) => other === name));
    if (title !== 'Positionals' && others.length > 1) shared.set(title, rows.filter(isEverywhere));
  }
  return shared;
}

function commandText({ original, description, groups, examples }, shared) {
  const ofGroup = (title) => shared.get(title) ?? [];
  const own = groups.flatMap(({ title, rows }) =>
    rows.filter(([name]) => !ofGroup(title).some(([other]) => other === name)),
  );
  const links = groups
    .filter(({ title }) => shared.has(title))
    .map(({ title }) => `[${title}](#options-${title.toLowerCase().replace(' ', '-')})`);
  return [
    `### \`${original}\``,
    `${description}.`,
    ...(examples.length > 0 ? ['```sh\n' + examples.join('\n') + '\n```'] : []),
    ...(own.length > 0 ? [table(own)] : []),
    ...(links.length > 0 ? [`With the options ${links.join(', ')}.`] : []),
  ].join('\n\n');
}

function groupText([title, rows]) {
  return `### Options: ${title}\n\n${table(rows)}`;
}

function table(rows) {
  const lines = rows.map(
    ([name, value, text]) =>
      `| \`${name}\` | ${escaped(value)} | ${escaped([text, notes[name]].filter(Boolean).join('. '))} |`,
  );
  return `| option | value | meaning |\n|---|---|---|\n${lines.join('\n')}`;
}

function escaped(text) {
  return text.replaceAll('|', '\\|');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { defineCommands } = await import(new URL('../dist/cli/program.js', import.meta.url).href);
  writeFileSync(page, await optionsPage(defineCommands));
}
