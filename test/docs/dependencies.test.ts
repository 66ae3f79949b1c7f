import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

interface LockedPackage {
  readonly dev?: true;
  readonly optional?: true;
  readonly hasInstallScript?: true;
  readonly license?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly link?: true;
}

const root = new URL('../../', import.meta.url);
const json = (path: string): unknown => JSON.parse(readFileSync(new URL(path, root), 'utf8'));

const { packages } = json('package-lock.json') as {
  readonly packages: Readonly<Record<string, LockedPackage>>;
};
/** What is installed beside this package where somebody uses it. */
const atRunTime = Object.entries(packages).filter(([path, { dev }]) => path !== '' && dev !== true);

const permissive = [
  'MIT',
  'ISC',
  '0BSD',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'Apache-2.0',
  'BlueOak-1.0.0',
];

/** From the lock file, else from the package itself. */
function licenceOf([path, { license }]: [string, LockedPackage]): string {
  return (
    license ?? (json(`${path}/package.json`) as { readonly license?: string }).license ?? 'none'
  );
}

describe('what is installed at run time', () => {
  it('is found in the lock file', () => {
    const { dependencies } = json('package.json') as {
      readonly dependencies: Readonly<Record<string, string>>;
    };
    const paths = new Set(atRunTime.map(([path]) => path));
    for (const name of Object.keys(dependencies)) expect(paths).toContain(`node_modules/${name}`);
  });

  it('runs nothing when it is installed', () => {
    expect(atRunTime.filter(([, { hasInstallScript }]) => hasInstallScript === true)).toEqual([]);
  });

  it('is pinned by its content', () => {
    expect(atRunTime.filter(([, { integrity }]) => integrity === undefined)).toEqual([]);
  });

  it('has a permissive licence', () => {
    const others = atRunTime
      .map((one) => `${one[0]}: ${licenceOf(one)}`)
      .filter((line) => !permissive.some((licence) => line.endsWith(`: ${licence}`)));
    expect(others).toEqual([]);
  });
});
