import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { describe, expect, it } from 'vitest';

/**
 * Which rooms each room may import, besides itself: those to its left in the picture of
 * docs/architecture.md, and what stands beside them. Nothing imports to the right.
 */
const arrows: Readonly<Record<string, readonly string[]>> = {
  files: [],
  source: [],
  cognito: [],
  s3: ['source', 'cognito'],
  record: ['source', 'cognito'],
  plan: ['record', 'cognito'],
  apply: ['plan', 'record', 'cognito'],
  journal: ['files', 'apply', 'plan', 'record', 'source', 'cognito'],
  report: ['files', 'journal', 'apply', 'plan', 'record', 'cognito'],
  api: ['files', 'report', 'journal', 'apply', 'plan', 'record', 'source', 'cognito', 's3'],
  local: ['files', 'cognito'],
  cli: [
    'files',
    'api',
    'report',
    'journal',
    'apply',
    'plan',
    'record',
    'source',
    'cognito',
    'local',
  ],
  'index.ts': ['files', 'api', 'report', 'journal', 'apply', 'plan', 'record', 'source', 'cognito'],
};

/** Node modules that do no I/O, so that the pure rooms may use them. */
const pureModules: ReadonlySet<string> = new Set(['node:util', 'node:url']);

interface Import {
  readonly from: string;
  readonly to: string;
  readonly typeOnly: boolean;
  readonly dynamic: boolean;
}

const src = join(import.meta.dirname, '../src');
const imports = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts'))
  .flatMap(importsOf);

function importsOf(path: string): Import[] {
  const text = readFileSync(join(src, path), 'utf8');
  const statements = text.matchAll(/(?:^|\n)(?:import|export)\s+(type\s)?[^;]*?from '([^']+)'/g);
  const dynamic = text.matchAll(/\bimport\(\s*'([^']+)'/g);
  return [
    ...[...statements].map(([, type, to]) => ({
      from: path,
      to: to ?? '',
      typeOnly: !!type,
      dynamic: false,
    })),
    ...[...dynamic].map(([, to]) => ({
      from: path,
      to: to ?? '',
      typeOnly: false,
      dynamic: true,
    })),
  ];
}

const roomOf = (path: string): string => path.split('/')[0] ?? '';
const target = ({ from, to }: Import): string => relative('.', normalize(join(dirname(from), to)));

describe('the rooms of src/', () => {
  it('finds the imports of every room', () => {
    const rooms = new Set(imports.map(({ from }) => roomOf(from)));
    expect([...Object.keys(arrows)].filter((room) => !rooms.has(room))).toEqual([]);
    expect([...rooms].filter((room) => !(room in arrows))).toEqual([]);
  });

  it('imports only along the arrows', () => {
    const turned = imports.filter((one) => {
      if (!one.to.startsWith('.')) return false;
      const room = roomOf(one.from);
      const other = roomOf(target(one));
      return other !== room && arrows[room]?.includes(other) !== true;
    });
    expect(turned).toEqual([]);
  });

  // cognito/ stays the pool's port and nothing else; s3/ reads a file and has of cognito/ only what it
  // knows of credentials. Being a room of its own, all of it is behind one dynamic import.
  it("keeps each of the AWS SDK's clients in the room that it is for", () => {
    const outside = imports.filter(({ from, to }) => {
      if (!/^@(?:aws-sdk|smithy)\//.test(to)) return false;
      return roomOf(from) === 's3' ? to !== '@aws-sdk/client-s3' : roomOf(from) !== 'cognito';
    });
    expect(outside).toEqual([]);
    expect(imports.filter(({ from, to }) => roomOf(from) !== 's3' && to.endsWith('s3'))).toEqual(
      [],
    );
  });

  it('keeps s3/ from knowing of a pool', () => {
    const known = imports.filter(({ from, to }) => roomOf(from) === 's3' && to.includes('cognito'));
    expect(known.map(({ to }) => to)).toEqual(['../cognito/bounded-credentials.js']);
  });

  it('loads s3/ only when it is needed', () => {
    const ways = imports.filter(({ from, to }) => roomOf(from) !== 's3' && to.includes('/s3/'));
    expect(ways).toEqual([
      {
        from: 'api/run/open-file.ts',
        to: '../../s3/read-object.js',
        typeOnly: false,
        dynamic: true,
      },
    ]);
  });

  it('keeps record/ and plan/ free of modules that do I/O', () => {
    const impure = imports.filter(
      ({ from, to }) =>
        ['record', 'plan'].includes(roomOf(from)) && to.startsWith('node:') && !pureModules.has(to),
    );
    expect(impure).toEqual([]);
  });

  it('keeps the local pool out of everything but the commands', () => {
    const others = imports.filter(
      (one) => one.to.includes('/local/') && !['local', 'cli'].includes(roomOf(one.from)),
    );
    expect(others).toEqual([]);
  });
});

/** Folders of api/ by who may import them: each only those that stand before it. */
const foldersOfApi = [
  ['run'],
  ['plans', 'pool', 'presets', 'export', 'verify'],
  ['import', 'validate', 'undo'],
  ['sync'],
  ['resume'],
];

describe('the folders of api/', () => {
  const layerOf = (folder: string): number =>
    foldersOfApi.findIndex((layer) => layer.includes(folder));
  const between = imports.flatMap((one) => {
    const [from, to] = [one.from, target(one)].map((path) => /^api\/([^/]+)\//.exec(path)?.[1]);
    return from === undefined || to === undefined || from === to ? [] : [{ ...one, from, to }];
  });

  it('are all known', () => {
    const folders = readdirSync(join(src, 'api'), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name);
    expect(folders.sort()).toEqual(foldersOfApi.flat().sort());
  });

  it('import only what stands before them', () => {
    expect(between.length).toBeGreaterThan(50);
    expect(between.filter(({ from, to }) => layerOf(to) >= layerOf(from))).toEqual([]);
  });
});
