import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import type { PasswordPolicy } from '../../src/cognito/description.js';
import { AppendError } from '../../src/files/append-file.js';
import { PasswordFile } from '../../src/journal/password-file.js';
import { JournalError } from '../../src/journal/read-journal.js';
import { checkPassword } from '../../src/record/password.js';
import { Findings } from '../../src/record/findings.js';
import { generatePassword } from '../../src/record/generated-password.js';
import { temporaryFolder } from '../support/folder.js';
import { seeded } from '../support/virtual-clock.js';

const newPath = (): string => join(temporaryFolder(), 'passwords.csv');
const cellsOf = (path: string): string[][] => parse(readFileSync(path));
const hostile = [
  'plain',
  'Plain',
  'with,comma',
  'with"quote',
  '"',
  '=1+1',
  '+49123',
  '-x',
  '@x',
  "'=x",
  "''=x",
  "'plain",
  '＠x',
  '＝x',
  'é漢🙂',
  '#x',
  '-'.repeat(128),
  '漢'.repeat(128),
];

describe('the file of generated passwords', () => {
  it('has each password before it is handed out, and for its owner only', async () => {
    const path = newPath();
    const passwords = await PasswordFile.create(path, {});
    const ada = await passwords.passwordFor('ada');
    expect(cellsOf(path)).toEqual([
      ['username', 'password'],
      ['ada', ada],
    ]);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    await passwords.close();
  });

  it('is never written over another', async () => {
    const path = newPath();
    writeFileSync(path, 'precious');
    await expect(PasswordFile.create(path, {})).rejects.toMatchObject({ code: 'EEXIST' });
    expect(readFileSync(path, 'utf8')).toBe('precious');
  });

  it('gives the same password again, also to those who ask at once and in a later session', async () => {
    const path = newPath();
    const first = await PasswordFile.create(path, {});
    const given = await Promise.all(
      [...hostile, ...hostile].map(async (name) => [name, await first.passwordFor(name)] as const),
    );
    const byName = new Map(given);
    expect(given.every(([name, password]) => byName.get(name) === password)).toBe(true);
    expect(new Set(byName.values()).size).toBe(hostile.length);
    for (const name of hostile) expect(await first.passwordFor(name)).toBe(byName.get(name));
    await first.close();

    const second = await PasswordFile.resume(path, {});
    for (const name of hostile)
      expect([name, await second.passwordFor(name)]).toEqual([name, byName.get(name)]);
    await second.close();
    expect(cellsOf(path)).toHaveLength(1 + hostile.length);
  });

  it('holds no cell that a spreadsheet would run', async () => {
    const path = newPath();
    const passwords = await PasswordFile.create(path, {});
    for (const name of hostile) await passwords.passwordFor(name);
    await passwords.close();
    expect(
      cellsOf(path)
        .flat()
        .filter((cell) => /^[=+\-@\t\r]/.test(cell)),
    ).toEqual([]);
  });

  it('is gone on with wherever a crash tore it', async () => {
    const path = newPath();
    const first = await PasswordFile.create(path, {});
    const ada = await first.passwordFor('ada');
    await first.passwordFor('eve');
    await first.close();
    const bytes = readFileSync(path);
    const upToAda = bytes.indexOf(0x0a, bytes.indexOf('ada')) + 1;
    for (let length = 0; length < bytes.length; length++) {
      writeFileSync(path, bytes);
      truncateSync(path, length);
      const second = await PasswordFile.resume(path, {});
      const again = await second.passwordFor('ada');
      const eve = await second.passwordFor('eve');
      if (length >= upToAda) expect(again).toBe(ada);
      await second.close();
      expect(cellsOf(path)).toEqual([
        ['username', 'password'],
        ['ada', again],
        ['eve', eve],
      ]);
      const third = await PasswordFile.resume(path, {});
      expect(await third.passwordFor('ada')).toBe(again);
      await third.close();
    }
  });

  it('goes on past zeros that a power cut left in place of lines that were not flushed', async () => {
    const path = join(temporaryFolder(), 'pw.csv');
    const first = await PasswordFile.create(path, {});
    const password = await first.passwordFor('ada');
    await first.close();
    appendFileSync(path, `\0\0\0ob,Lost-1\n${'\0'.repeat(50)}"\ncarol,Kept-2\n`);
    const again = await PasswordFile.resume(path, {});
    expect(await again.passwordFor('ada')).toBe(password);
    expect(await again.passwordFor('carol')).toBe('Kept-2');
    const bobs = await again.passwordFor('bob');
    await again.finish(() => false);
    const lines = [`ada,${password}`, 'carol,Kept-2', `bob,${bobs}`];
    expect(readFileSync(path, 'utf8')).toBe(`username,password\n${lines.join('\n')}\n`);
  });

  it('is rid of what was never set when it is finished, and of nothing else', async () => {
    const path = newPath();
    const passwords = await PasswordFile.create(path, {});
    const given = new Map<string, string>();
    for (const name of hostile) given.set(name, await passwords.passwordFor(name));
    const isUnused = (name: string): boolean => hostile.indexOf(name) % 2 === 0;
    await passwords.finish(isUnused);
    const kept = hostile.filter((name) => !isUnused(name));
    expect(
      cellsOf(path)
        .slice(1)
        .map(([, password]) => password),
    ).toEqual(kept.map((name) => given.get(name)));
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });
});

describe('a file of generated passwords that is gone on with', () => {
  const ours = 'username,password\nada,Kept-1\n';
  const secret = { mode: 0o600 };

  it.each<[string, (path: string) => void]>([
    [
      'has another header',
      (path) => {
        writeFileSync(path, 'name,secret\nada,1\nbob', secret);
      },
    ],
    [
      'has one line that does not end',
      (path) => {
        writeFileSync(path, 'precious', secret);
      },
    ],
    [
      'begins with zeros',
      (path) => {
        writeFileSync(path, '\0'.repeat(100), secret);
      },
    ],
    [
      'has a line of another kind',
      (path) => {
        writeFileSync(path, `${ours}bob\neve,`, secret);
      },
    ],
    [
      'may be read by others',
      (path) => {
        chmodSync(path, 0o644);
      },
    ],
    [
      'can’t be written',
      (path) => {
        chmodSync(path, 0o400);
      },
    ],
    [
      'is a link',
      (path) => {
        renameSync(path, `${path}.real`);
        symlinkSync(`${path}.real`, path);
      },
    ],
    [
      'is a FIFO',
      (path) => {
        renameSync(path, `${path}.real`);
        execFileSync('mkfifo', ['-m', '600', path]);
      },
    ],
  ])('and %s is refused, and left as it is', async (_, change) => {
    const path = newPath();
    writeFileSync(path, ours, secret);
    change(path);
    const look = (): unknown => {
      const { mode, size, mtimeMs } = lstatSync(path);
      return { mode, size, mtimeMs, text: lstatSync(path).isFile() && readFileSync(path, 'utf8') };
    };
    const before = look();
    const refused = PasswordFile.resume(path, {});
    await expect(refused).rejects.toThrow(JournalError);
    await expect(refused).rejects.toThrow(/^\S*passwords\.csv [^.]+$/);
    expect(look()).toEqual(before);
  });

  it.runIf(process.getuid?.() === 0)('and is another user’s is refused', async () => {
    const path = newPath();
    writeFileSync(path, ours, secret);
    chownSync(path, 12_345, 12_345);
    await expect(PasswordFile.resume(path, {})).rejects.toThrow(/belongs to another user/);
    expect(readFileSync(path, 'utf8')).toBe(ours);
  });

  it.each(['', 'username,pa', 'username,password\n', ours])(
    'was killed while it was finished, with %j written',
    async (written) => {
      const path = newPath();
      writeFileSync(path, ours, secret);
      writeFileSync(`${path}.part`, written, secret);
      const passwords = await PasswordFile.resume(path, {});
      expect(existsSync(`${path}.part`)).toBe(false);
      expect(await passwords.passwordFor('ada')).toBe('Kept-1');
      await passwords.finish(() => false);
      expect(readFileSync(path, 'utf8')).toBe(ours);
    },
  );
});

describe('a file of somebody else’s beside that of generated passwords', () => {
  const written = (path: string): string => {
    writeFileSync(`${path}.part`, 'precious\n', { mode: 0o600 });
    return `${path}.part`;
  };

  it('keeps it from being made', async () => {
    const path = newPath();
    const part = written(path);
    await expect(PasswordFile.create(path, {})).rejects.toThrow(`${part} is there already`);
    expect([existsSync(path), readFileSync(part, 'utf8')]).toEqual([false, 'precious\n']);
  });

  it('keeps it from being gone on with', async () => {
    const path = newPath();
    const first = await PasswordFile.create(path, {});
    await first.passwordFor('ada');
    await first.close();
    const before = readFileSync(path, 'utf8');
    const part = written(path);
    await expect(PasswordFile.resume(path, {})).rejects.toThrow(`${part} does not begin`);
    expect([readFileSync(path, 'utf8'), readFileSync(part, 'utf8')]).toEqual([
      before,
      'precious\n',
    ]);
  });

  it('that appeared meanwhile keeps it from being finished', async () => {
    const path = newPath();
    const passwords = await PasswordFile.create(path, {});
    const ada = await passwords.passwordFor('ada');
    const part = written(path);
    await expect(passwords.finish(() => true)).rejects.toThrow(AppendError);
    expect(readFileSync(part, 'utf8')).toBe('precious\n');
    expect(cellsOf(path)).toEqual([
      ['username', 'password'],
      ['ada', ada],
    ]);
  });
});

describe('a generated password', () => {
  const bit = [true, false, undefined];
  const policies: PasswordPolicy[] = bit.flatMap((upper) =>
    bit.flatMap((lower) =>
      bit.flatMap((numbers) =>
        bit.flatMap((symbols) =>
          [undefined, 6, 8, 16, 17, 40, 99].map((length) => ({
            ...(upper !== undefined && { RequireUppercase: upper }),
            ...(lower !== undefined && { RequireLowercase: lower }),
            ...(numbers !== undefined && { RequireNumbers: numbers }),
            ...(symbols !== undefined && { RequireSymbols: symbols }),
            ...(length !== undefined && { MinimumLength: length }),
          })),
        ),
      ),
    ),
  );

  it('fits every policy, by the very check that the file’s own passwords meet', () => {
    const random = seeded(5);
    for (const policy of policies) {
      const password = generatePassword(policy, (bound) => Math.floor(random() * bound));
      const findings = new Findings(2);
      checkPassword(password, policy, 'password', findings);
      expect([policy, findings.problems]).toEqual([policy, []]);
      expect(password.length).toBe(Math.max(16, policy.MinimumLength ?? 0));
    }
  });

  it('has no look-alikes, nothing that CSV or a formula knows, and a letter first', () => {
    const random = seeded(6);
    const all = Array.from({ length: 2_000 }, () =>
      generatePassword({}, (bound) => Math.floor(random() * bound)),
    );
    expect(all.filter((one) => /[IOlo01]/.test(one))).toEqual([]);
    expect(all.filter((one) => !/^[A-Za-z][A-Za-z2-9!#%*+=?_-]*$/.test(one))).toEqual([]);
    expect(new Set(all).size).toBe(2_000);
  });

  it('has each character anywhere, one as often as another', () => {
    const random = seeded(7);
    const symbolAt = new Array<number>(16).fill(0);
    for (let round = 0; round < 4_000; round++) {
      const password = generatePassword({}, (bound) => Math.floor(random() * bound));
      for (let at = 0; at < 16; at++) {
        if (/[^A-Za-z2-9]/.test(password.charAt(at))) symbolAt[at] = (symbolAt[at] ?? 0) + 1;
      }
    }
    const [first, ...rest] = symbolAt;
    expect(first).toBe(0);
    expect(Math.min(...rest) / Math.max(...rest)).toBeGreaterThan(0.8);
  });

  it.each([0, 0.999_999_9])('fits also at the ends of what is random: %d', (value) => {
    const password = generatePassword({}, (bound) => Math.floor(value * bound));
    expect(password).toMatch(/[A-Z]/);
    expect(password).toMatch(/[a-z]/);
    expect(password).toMatch(/[2-9]/);
    expect(password).toMatch(/[^A-Za-z0-9]/);
  });
});
