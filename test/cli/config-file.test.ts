import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

import { columnsFrom } from '../../src/cli/arguments/columns.js';
import { readConfig } from '../../src/cli/config-file.js';
import { UsageError } from '../../src/cli/usage-error.js';
import { fixtures } from '../support/cli.js';
import { openPlace, temporaryFolder } from '../support/place.js';

const folder = await temporaryFolder();
const known = {
  own: new Set(['region', 'groups', 'quiet', 'rate', 'map', 'columns', 'defaults', 'help', 'h']),
  others: new Set(['max-removals']),
  booleans: new Set(['quiet']),
  lists: new Set(['map']),
};

function config(text: string | Uint8Array): Record<string, unknown> {
  const path = join(folder, 'config');
  writeFileSync(path, text);
  return readConfig(path, known);
}

describe('the file of --config', () => {
  it.each<[string, string, Record<string, unknown>]>([
    ['YAML', 'region: eu-west-1\nquiet: true\n', { region: 'eu-west-1', quiet: 'true' }],
    [
      'JSON',
      '{\n\t"region": "eu-west-1",\n\t"quiet": true, "rate": 5\n}',
      { region: 'eu-west-1', quiet: 'true', rate: '5' },
    ],
    ['a list, joined', 'groups: [staff, admins]', { groups: 'staff,admins' }],
    ['a list that stays one', 'map: ["a,b=email", c=]', { map: ['a,b=email', 'c='] }],
    ['one of a list', 'map: a=email', { map: ['a=email'] }],
    ['numbers as they are written', 'rate: 1e3\nregion: 007', { rate: '1e3', region: '007' }],
    ['words that YAML could take for more', 'region: no\ngroups: ~', { region: 'no', groups: '~' }],
    [
      'tables',
      'columns:\n  A=B: email\n  C:\ndefaults: {zip: 01234}',
      { columns: { 'A=B': 'email', C: '' }, defaults: { zip: '01234' } },
    ],
    [
      'an alias',
      'columns: &same {A: email}\ndefaults: *same',
      { columns: { A: 'email' }, defaults: { A: 'email' } },
    ],
    ["another command's options, left out", 'max-removals: {a: b}\nregion: x', { region: 'x' }],
    ['a byte-order mark', '\uFEFFregion: x', { region: 'x' }],
    [
      'a long line of a table',
      `columns: {${Array.from({ length: 50 }, (_, at) => `c${at}: d`).join(', ')}}\nregion: x`,
      {
        columns: Object.fromEntries(Array.from({ length: 50 }, (_, at) => [`c${at}`, 'd'])),
        region: 'x',
      },
    ],
    ['nothing', '', {}],
    ['nothing but comments', '# region: x\n', {}],
  ])('holds %s', (_, text, options) => {
    expect(config(text)).toEqual(options);
  });

  const laughs = [
    'a: &a [x, x, x, x, x, x, x, x, x]',
    ...Array.from('bcdefghi', (letter, index) => {
      const before = 'abcdefgh'[index] ?? '';
      return `${letter}: &${letter} [${Array(9).fill(`*${before}`).join(', ')}]`;
    }),
  ].join('\n');

  it.each<[string, string | Uint8Array, string]>([
    [
      'an unknown key',
      'regoin: x',
      'has "regoin", which is not an option: the nearest is "region".',
    ],
    ['a key like none', 'sesame: x', 'has "sesame", which is not an option: remove it.'],
    [
      'a key that every object has',
      '{"__proto__": {"region": "x"}}',
      'has "__proto__", which is not an option',
    ],
    ['a key that is long or unseen', `"${'\\e[31m'.repeat(50)}": x`, 'has "?[31m?[31m'],
    ['what only arguments can say', 'help: true', 'has "help", which is not an option'],
    ['a merge key', '<<: {region: x}', 'has "<<", which is not an option'],
    ['a list as key', '? [a]\n: b', 'has a list or table in place of an option'],
    ['a list', '- a', 'holds no options'],
    ['a text', 'region', 'holds no options'],
    ['a key twice', 'region: a\nregion: b', 'says a thing twice: mend line 2.'],
    ['two documents', 'region: a\n---\nregion: b', 'is neither YAML nor JSON: mend line 2.'],
    ['a quote left open', 'region: "a\nquiet: true', 'is neither YAML nor JSON: mend line '],
    [
      'a tag that makes a thing',
      'region: !!js/function "x"',
      'is neither YAML nor JSON: mend line 1.',
    ],
    ['a binary tag', 'region: !!binary "eHg="', '"region" takes a text'],
    ['an alias to nothing', 'region: *a', 'has an alias to nothing'],
    ['a billion laughs', `${laughs}\ngroups: *i`, 'too many aliases'],
    ['brackets without end', `groups: ${'['.repeat(60_000)}`, 'is nested too deep'],
    ['many brackets', `groups: ${'[{a: '.repeat(9)}${'}]'.repeat(9)}`, 'is nested too deep'],
    [
      'balanced brackets',
      `groups: ${'['.repeat(30_000)}${']'.repeat(30_000)}`,
      'is nested too deep',
    ],
    ['lists in one line', `groups:\n${'- '.repeat(30_000)}`, 'is nested too deep'],
    ['keys in one line', '? '.repeat(30_000), 'is nested too deep'],
    [
      'a staircase',
      Array.from({ length: 300 }, (_, at) => `${' '.repeat(at)}a:`).join('\n'),
      'is nested too deep',
    ],
    ['a flag that is neither', 'quiet: yes', '"quiet" is either true or false.'],
    ['a table for an option', 'region: {a: b}', '"region" takes a text'],
    ['a list in a list', 'groups: [[a]]', '"groups" takes a text'],
    ['a text for columns', 'columns: a=b', '"columns" takes lines such as'],
    ['bytes that are no text', Buffer.from([0xff, 0xfe, 0]), 'is not UTF-8: save it so.'],
    ['a very large file', `# ${'x'.repeat(64 * 1024)}`, 'is larger than 64 KiB: shorten it.'],
  ])('with %s is refused in one sentence', (_, text, said) => {
    let message = '';
    try {
      config(text);
    } catch (error) {
      expect(error).toBeInstanceOf(UsageError);
      message = error instanceof Error ? error.message : '';
    }
    expect(message).toContain(said);
    expect(message).toMatch(/^--config \S+[: ].+[.]$/);
    expect(message.length).toBeLessThan(300);
  });

  it('that is not there is refused', () => {
    expect(() => readConfig(join(folder, 'none'), known)).toThrow('(ENOENT): check the path.');
    expect(() => readConfig(folder, known)).toThrow('(EISDIR): check the path.');
  });
});

describe('--map', () => {
  const given = { encoding: 'auto', delimiter: 'auto' };
  const mapped = async (...map: string[]): Promise<unknown> =>
    (
      await columnsFrom({
        ...given,
        map,
        columns: undefined,
        defaults: undefined,
        from: undefined,
        'default-country': undefined,
      })
    ).mapping;

  it.each<[string[], Record<string, string>]>([
    [['Mail=email'], { Mail: 'email' }],
    [['Shoe size='], { 'Shoe size': '' }],
    [['a=b=email'], { 'a=b': 'email' }],
    [['a== '], { 'a=': '' }],
    [[' Mail = email '], { Mail: 'email' }],
    [['Mail=email', 'Name=name'], { Mail: 'email', Name: 'name' }],
    [['Mail=email', 'Mail=email'], { Mail: 'email' }],
    [[], {}],
  ])('%j', async (map, mapping) => {
    expect(await mapped(...map)).toEqual(mapping);
  });

  it.each([[['Mail']], [['=email']], [['']], [['Mail=email', 'Mail=name']]])(
    '%j is refused',
    async (map) => {
      await expect(mapped(...map)).rejects.toThrow(UsageError);
    },
  );
});

describe('the command line', () => {
  const sheet = 'Login,Mail,Tel.,Shoe size\nada,ada@example.com,020 7946 0018,39\n';

  it('wins over the file, which wins over nothing given', async () => {
    const place = await openPlace();
    const file = await place.write('people.csv', sheet);
    const options = await place.write(
      'options.yaml',
      [
        'run: fromfile',
        'default-country: US',
        'quiet: true',
        'on-existing: fail',
        'max-attempts: 3',
        'latency: 5',
        'columns:',
        '  Login: username',
        '  mail: nickname',
        '  Shoe size: ""',
        'defaults:',
        '  locale: en-GB',
      ].join('\n'),
    );
    const { code, stdout, stderr } = await place.run([
      'import',
      file,
      '--config',
      options,
      '--default-country',
      'GB',
      '--map',
      'Mail=email',
      '--map',
      'Tel.=phone_number',
    ]);
    // The latency is of local pools alone, and the file may serve `local` as well.
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toBe('');
    expect(place.results('fromfile').map(({ status }) => status)).toEqual(['created']);
    expect(place.users().get('ada')?.attributes).toEqual({
      email: 'ada@example.com',
      phone_number: '+442079460018',
      locale: 'en-GB',
    });
  });

  const refused: readonly (readonly [name: string, args: string[], said: string])[] = [
    ['an unknown key', ['--config', 'wrong.yaml'], 'the nearest is "region"'],
    [
      'a choice that is none',
      ['--config', 'choice.yaml'],
      '--invite is none, email or sms, and not',
    ],
    ['an unknown preset', ['--from', 'firebse'], 'Did you mean firebase?'],
    ['a mapping without =', ['--map', 'Mail'], 'write "Header=attribute"'],
    ['a country that is none', ['--default-country', 'XX'], 'ISO 3166'],
    ['a table as argument', ['--columns', 'a=b'], 'belongs into the file of --config'],
    ['--config without a file', ['--config'], 'Not enough arguments following: config'],
    ['--config twice', ['--config', 'a', '--config', 'b'], 'given more than once'],
  ];

  it('ends with 2 and one sentence where it is wrong', async () => {
    const place = await openPlace();
    await place.write('wrong.yaml', 'regoin: x\n');
    await place.write('choice.yaml', 'invite: pigeon\n');
    const file = join(fixtures, 'small/crlf.csv');
    const ended = await place.inTurn(refused.map(([, args]) => ['import', file, ...args]));
    for (const [at, [name, , said]] of refused.entries()) {
      expect(ended[at]?.code, name).toBe(2);
      expect(ended[at]?.stderr).toContain(said);
    }
    expect(place.users().size).toBe(0);
    expect(await place.runs()).toEqual([]);
  });
});
