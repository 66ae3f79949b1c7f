import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

import { knownNames } from '../../src/record/columns.js';
import { poolFacts } from '../../src/record/pool-facts.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const text = (path: string): string => readFileSync(join(root, path), 'utf8');
const reports = text('docs/reports.md');
const csv = text('docs/csv.md');

describe('docs/reports.md', () => {
  it('lists the statuses that there are', () => {
    const named = firstCells(tableAfter(reports, '| status | meaning |'));
    expect(named.sort()).toEqual(literalsOf('src/apply/result.ts', 'Status').sort());
  });

  it('lists the steps that there are', () => {
    const line = /^Steps: (.+)$/m.exec(reports)?.[1] ?? '';
    expect(codesIn(line).sort()).toEqual(literalsOf('src/plan/steps.ts', 'StepName').sort());
  });

  it('has the columns of results.csv and problems.csv', () => {
    expect(reports).toContain(`\n\`${arrayOf('src/report/report-writer.ts', 'resultColumns')}\`\n`);
    expect(reports).toContain(`\`${arrayOf('src/report/problems-file.ts', 'columns')}\` for every`);
  });

  it('lists the members of summary.json', () => {
    const named = firstCells(tableAfter(reports, '## summary.json'));
    const own = membersOf('src/report/summary.ts', 'Summary');
    const foretold = membersOf('src/plan/forecast.ts', 'Foretold');
    expect(named.sort()).toEqual([...own, ...foretold].sort());
  });
});

describe('the exit codes', () => {
  const codes = exitCodesInSource();

  it('are found in the code', () => {
    expect(codes).toEqual(expect.arrayContaining([0, 1, 2, 3, 4, 129, 130, 143]));
  });

  // What a page on the nightly sync says of a code that it can't end with, and of one that only
  // the system gives, is its own.
  it.each([
    ['README.md', '| exit code | meaning |', []],
    ['README.ja.md', '| 終了コード | 意味 |', []],
    ['docs/reports.md', '| code | meaning |', []],
    ['docs/scheduling.md', '| exit code | what happened | what to do |', [4, 137]],
  ] as const)('of %s are those of the code', (page, header, apart) => {
    const cells = [...tableAfter(text(page), header).matchAll(/^\| ([\d, ]+) \|/gm)];
    const named = cells.flatMap(([, cell = '']) => cell.split(',').map(Number));
    const others = new Set<number>(apart);
    const wanted = codes.filter((code) => !others.has(code));
    expect(named.filter((code) => !others.has(code)).sort()).toEqual(wanted.sort());
  });
});

describe('docs/csv.md', () => {
  const rows = tableAfter(csv, '| column | meaning |');
  const named = firstCells(rows);

  it('lists the columns of ours that there are', () => {
    const source = text('src/record/columns.ts');
    const special = /const SPECIAL.*?\n\]\);/s.exec(source)?.[0] ?? '';
    const keys = [...special.matchAll(/^ {2}\['([^']+)'/gm)].map(([, key = '']) => key);
    expect(keys).toContain('username');
    expect(keys.filter((key) => !named.includes(key))).toEqual([]);
  });

  it('lists no column that is not known', () => {
    // `code` is known to `verify confirm` alone.
    const names = knownNames(poolFacts(undefined));
    const unknown = named.filter((name) => name !== 'code' && names.find(name) === undefined);
    expect(named).toContain('custom:department');
    expect(unknown).toEqual([]);
    expect(text('src/record/sign-in-row.ts')).toContain("['code', {");
  });

  it('names the delimiters that are looked for', () => {
    const array = /const DELIMITERS = \[(.+)\]/.exec(text('src/source/dialect.ts'))?.[1];
    expect(array).toBe("',', ';', '\\t', '|'");
    expect(csv).toContain('| delimiter | whichever it is of `,` `;` tab and `\\|`;');
  });
});

/** The rows of the first table at or after a line that begins so, its header left out. */
function tableAfter(page: string, start: string): string {
  const at = page.indexOf(`\n${start}`);
  const table = /^\|.*\|\n\|[-| :]+\|\n((?:\|.*\|\n?)+)/m.exec(page.slice(at + 1));
  if (at < 0 || table?.[1] === undefined) throw new Error(`no table after "${start}"`);
  return table[1];
}

/** What stands as code in the first cell of each row. */
function firstCells(rows: string): string[] {
  return rows.split('\n').flatMap((row) => codesIn(row.split(' | ')[0] ?? ''));
}

function codesIn(line: string): string[] {
  return [...line.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);
}

/** A declaration at the top of a file of the source. */
function declared(path: string, name: string): ts.Node {
  const file = ts.createSourceFile(path, text(path), ts.ScriptTarget.ES2023, true);
  const nodes = file.statements.flatMap((node): readonly ts.Node[] =>
    ts.isVariableStatement(node) ? node.declarationList.declarations : [node],
  );
  const found = nodes.find(
    (node) =>
      (ts.isVariableDeclaration(node) ||
        ts.isTypeAliasDeclaration(node) ||
        ts.isInterfaceDeclaration(node)) &&
      node.name.getText() === name,
  );
  if (found === undefined) throw new Error(`${path} declares no ${name}`);
  return found;
}

/** The texts that a union type is made of. */
function literalsOf(path: string, name: string): string[] {
  return stringsIn(declared(path, name));
}

/** The texts of an array, joined by commas. */
function arrayOf(path: string, name: string): string {
  return stringsIn(declared(path, name)).join(',');
}

function stringsIn(node: ts.Node): string[] {
  if (ts.isStringLiteral(node)) return [node.text];
  return node.getChildren().flatMap(stringsIn);
}

function membersOf(path: string, name: string): string[] {
  const found = declared(path, name);
  if (!ts.isInterfaceDeclaration(found)) throw new Error(`${name} is no interface`);
  return found.members.flatMap((member) => (member.name ? [member.name.getText()] : []));
}

/** Every number that the code gives as an exit code. */
function exitCodesInSource(): number[] {
  const codes = new Set<number>();
  for (const room of ['api', 'cli']) {
    const folder = join(root, 'src', room);
    for (const path of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
      if (!path.endsWith('.ts')) continue;
      const lines = text(join('src', room, path))
        .split('\n')
        .filter((line) => /exitCode|return .*\? \d : \d;/.test(line));
      for (const [, number] of lines.join('\n').matchAll(/[:=?] (\d+)(?=[,;) }:]|$)/gm)) {
        codes.add(Number(number));
      }
    }
  }
  return [...codes];
}
