import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const folder = new URL('../../src/record/', import.meta.url);

describe('src/record', () => {
  it.each(readdirSync(folder))(
    '%s imports nothing that does I/O, and no room behind it',
    (file) => {
      const source = readFileSync(new URL(file, folder), 'utf8');
      const imported = [...source.matchAll(/(?:from|import\() ?'([^']+)'/g)].map(
        ([, name]) => name,
      );
      const allowed =
        /^\.\/|^\.\.\/cognito\/description\.js$|^\.\.\/source\/(?:source|shown-text)\.js$|^fastest-levenshtein$|^libphonenumber-js\/min$/;
      expect(imported.filter((name) => name === undefined || !allowed.test(name))).toEqual([]);
      expect(source).not.toMatch(/Date\.now|new Date\(\)|Math\.random|\bprocess\./);
    },
  );
});
