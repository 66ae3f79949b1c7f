import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';

import type { RowResult } from '../../src/apply/result.js';
import type { FiguresEntry } from '../../src/journal/entries.js';
import { chromiumPath } from '../support/chromium.js';
import { temporaryFolder } from '../support/folder.js';
import { resultWith, summaryWith, writePageOf } from '../support/page.js';
import { thorough } from '../support/thorough.js';

// A machine with other work to do is no failure.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const missing = 'needs a Chromium: apt-get install chromium, or CHROMIUM=/path/to/chrome';

it.runIf(chromiumPath === undefined)('the page in a browser', ({ skip }) => {
  skip(missing);
});

describe.runIf(chromiumPath !== undefined)('the page in a browser', () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await chromium.launch({
      executablePath: chromiumPath ?? '',
      // In a container of root's the sandbox can't start.
      chromiumSandbox: process.getuid?.() !== 0,
    });
  });
  afterAll(() => browser.close());

  /** Opens the page of these rows; whatever goes wrong in it fails the test. */
  async function open(
    results: Iterable<RowResult>,
    {
      hash = '',
      context: options = {},
      ...about
    }: {
      readonly hash?: string;
      readonly context?: BrowserContextOptions;
    } & Parameters<typeof writePageOf>[2] = {},
  ): Promise<Page> {
    const folder = temporaryFolder();
    await writePageOf(folder, results, about);
    const context = await browser.newContext(options);
    const page = await context.newPage();
    const wrong: string[] = [];
    page.on('pageerror', (error) => wrong.push(error.message));
    page.on('console', (message) => wrong.push(message.text()));
    page.on('request', (request) => {
      if (!request.url().startsWith('file:')) wrong.push(request.url());
    });
    page.on('dialog', (dialog) => wrong.push(dialog.message()));
    onTestFinished(async () => {
      await context.close();
      expect(wrong).toEqual([]);
    });
    await page.goto(`${pathToFileURL(join(folder, 'report.html')).href}${hash}`);
    return page;
  }

  const rowsOf = (page: Page): Locator => page.locator('.rows tbody tr[data-index]');
  const usernames = (page: Page): Promise<string[]> =>
    rowsOf(page).locator('td.username').allTextContents();

  const people: readonly RowResult[] = [
    resultWith(0, { username: 'Bea' }),
    resultWith(1, { username: 'ada', status: 'exists', code: 'UsernameExistsException' }),
    resultWith(2, {
      username: 'carl',
      status: 'failed',
      code: 'InvalidParameterException',
      message: 'the service refuses a value',
    }),
    resultWith(3, { username: 'carl10', status: 'not-attempted', steps: [], attempts: 0 }),
    resultWith(4, { username: 'carl9' }),
    resultWith(5, { username: 'gone', line: 0, status: 'deleted' }),
  ];

  it('shows all rows', async () => {
    const page = await open(people);
    await expect.poll(() => usernames(page)).toEqual(people.map(({ username }) => username));
    expect(await rowsOf(page).nth(2).locator('td').allTextContents()).toEqual([
      '4',
      'carl',
      'failed',
      'InvalidParameterException',
      'the service refuses a value',
      'create + groups',
      '1',
      '01-01 10:00:00',
    ]);
    expect(await page.getByRole('status').textContent()).toBe('6 rows');
  });

  it('searches, filters by status and code, and shows all again', async () => {
    const page = await open(people);
    await page.getByLabel('Search').fill(' CARL1');
    await expect.poll(() => usernames(page)).toEqual(['carl10']);
    expect(await page.getByRole('status').textContent()).toBe('1 of 6 rows');
    await page.getByRole('button', { name: 'Show all' }).click();
    await page.getByLabel('Code').selectOption('UsernameExistsException');
    await expect.poll(() => usernames(page)).toEqual(['ada']);
    await page.getByLabel('Status', { exact: true }).selectOption('created');
    await expect.poll(() => usernames(page)).toEqual([]);
    await page.getByRole('button', { name: 'Show all' }).click();
    await expect.poll(() => rowsOf(page).count()).toBe(6);
  });

  it.runIf(thorough)('shows the rows of a count and of a failure that is clicked on', async () => {
    const page = await open(people);
    await page.getByRole('link', { name: /326 created/ }).click();
    await expect.poll(() => usernames(page)).toEqual(['Bea', 'carl9']);
    await page.getByRole('link', { name: 'InvalidParameterException' }).click();
    await expect.poll(() => usernames(page)).toEqual(['carl']);
    await page.getByRole('link', { name: 'not-attempted' }).click();
    await expect.poll(() => usernames(page)).toEqual(['carl10']);
  });

  it('sorts upwards, downwards and not at all, what is empty last', async () => {
    const page = await open(people);
    const head = (name: string): Locator => page.getByRole('columnheader', { name });
    await head('Username').getByRole('button').click();
    await expect
      .poll(() => usernames(page))
      .toEqual(['ada', 'Bea', 'carl', 'carl9', 'carl10', 'gone']);
    expect(await head('Username').getAttribute('aria-sort')).toBe('ascending');
    await head('Line').getByRole('button').click();
    await head('Line').getByRole('button').click();
    await expect
      .poll(() => usernames(page))
      .toEqual(['carl9', 'carl10', 'carl', 'ada', 'Bea', 'gone']);
    await head('Line').getByRole('button').click();
    await expect.poll(() => usernames(page)).toEqual(people.map(({ username }) => username));
    expect(await head('Username').getAttribute('aria-sort')).toBe('none');
  });

  it.runIf(thorough)(
    'goes to the line that its address names, also in a page that is open',
    async () => {
      const many = Array.from({ length: 5_000 }, (_, row) => resultWith(row));
      const page = await open(many, { hash: '#line-4000' });
      const named = page.locator('tr.named td.username');
      await expect.poll(() => named.textContent()).toBe('user-3998');
      await page.getByLabel('Search').fill('user-3998');
      await expect.poll(() => rowsOf(page).count()).toBe(1);
      await page.evaluate("location.hash = '#line-100'");
      await expect.poll(() => named.textContent()).toBe('user-98');
      await page.evaluate("location.hash = '#line-9999'");
      await expect
        .poll(() => page.getByRole('status').textContent())
        .toBe('Line 9999 is not in this page: results.csv has it.');
    },
  );

  it('can be used without a mouse', async () => {
    const page = await open(people);
    await page.getByRole('grid', { name: 'Table of rows' }).focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Line 4' });
    expect(await dialog.textContent()).toContain('the service refuses a value');
    await page.keyboard.press('Escape');
    await expect.poll(() => page.getByRole('dialog').count()).toBe(0);
    await page.keyboard.press('End');
    await page.keyboard.press('Enter');
    expect(await page.getByRole('dialog').textContent()).toContain('A user who is in no row');
  });

  it('tells a screen reader the row that the arrow keys move to', async () => {
    const page = await open(Array.from({ length: 5_000 }, (_, row) => resultWith(row)));
    const grid = page.getByRole('grid', { name: 'Table of rows' });
    await grid.focus();
    await page.keyboard.press('ArrowDown');
    await expect.poll(() => toldRow(page)).toContain('user-1');
    await page.keyboard.press('End');
    await expect.poll(() => toldRow(page)).toContain('user-4999');
    expect(await grid.getAttribute('aria-rowcount')).toBe('5001');
    await page.getByLabel('Search').fill('nobody');
    await expect.poll(() => grid.getAttribute('aria-activedescendant')).toBeNull();
  });

  /** The name of the row that the accessibility tree has as the grid's active one. */
  async function toldRow(page: Page): Promise<string> {
    const session = await page.context().newCDPSession(page);
    const { nodes } = await session.send('Accessibility.getFullAXTree');
    const active = nodes
      .find(({ role }) => role?.value === 'grid')
      ?.properties?.find(({ name }) => name === 'activedescendant')?.value.relatedNodes?.[0];
    const row = nodes.find(({ backendDOMNodeId: id }) => id === active?.backendDOMNodeId);
    return row?.role?.value === 'row' ? String(row.name?.value) : '';
  }

  it.each<[string, Partial<RowResult>]>([
    ['an import', {}],
    ['a validation', { status: 'valid', steps: [], attempts: 0 }],
    ['a dry run', { status: 'would-create', attempts: 0 }],
  ])('has columns as wide together as its box (%s)', async (_, more) => {
    const rows = Array.from({ length: 300 }, (__, row) => ({
      ...resultWith(row, more),
      ...(more.status !== undefined && { at: undefined }),
    }));
    const page = await open(rows as readonly RowResult[], {
      context: { viewport: { width: 1_400, height: 900 } },
    });
    await rowsOf(page).first().waitFor();
    await page.getByRole('grid').focus();
    for (const key of ['Home', 'End']) {
      await page.keyboard.press(key);
      const [heads, box] = await page.evaluate<[number, number]>(
        `[[...document.querySelectorAll('.rows th')].reduce((sum, th) => sum + th.getBoundingClientRect().width, 0),
          document.querySelector('.scroller').clientWidth]`,
      );
      expect(Math.abs(heads - box)).toBeLessThan(2);
    }
  });

  it('has room for all steps of a row', async () => {
    const steps = ['create', 'password', 'attributes', 'groups'] as const;
    const page = await open([resultWith(0, { steps: [...steps] })], {
      context: { viewport: { width: 1_400, height: 900 } },
    });
    const cell = rowsOf(page).locator('td.steps');
    await cell.waitFor();
    expect(await cell.evaluate((it) => [it.scrollWidth <= it.clientWidth, it.textContent])).toEqual(
      [true, 'create + password + attributes + groups'],
    );
  });

  it('shows names as the text that they are', async () => {
    const page = await open([
      resultWith(0, { username: '</script><script>alert(1)</script>' }),
      resultWith(1, { username: '<img src=x onerror=alert(1)>', message: '"><b>bold</b>' }),
      resultWith(2, { username: 'evil\u202etxt.exe\u001b[31m', status: 'failed', code: '<i>x' }),
    ]);
    await expect
      .poll(() => usernames(page))
      .toEqual([
        '</script><script>alert(1)</script>',
        '<img src=x onerror=alert(1)>',
        'evil\ufffdtxt.exe\ufffd[31m',
      ]);
    await rowsOf(page).nth(1).click();
    expect(await page.getByRole('dialog').textContent()).toContain('"><b>bold</b>');
    expect(await page.locator('img, b:has-text("bold"), i').count()).toBe(0);
  });

  const entry = (n: number): FiguresEntry => ({
    t: 'figures',
    at: Date.UTC(2026, 0, 1, 10) + n * 5_000,
    seconds: 5,
    calls: { AdminCreateUser: { ok: 180 + n, throttled: n === 3 ? 9 : 0, retried: 0, failed: 0 } },
    rates: { UserCreation: { limit: 50, share: 0.8 } },
  });
  const busy = {
    figures: [1, 2, 3, 4].map(entry),
    summary: summaryWith({
      calls: { AdminCreateUser: { ok: 730, throttled: 9, retried: 0, failed: 0 } },
      rates: { UserCreation: { limit: 50, share: 0.8, achieved: 36.5 } },
    }),
  };

  it.each(['light', 'dark'] as const)(
    'draws what was called over time (%s), with a table behind',
    async (colorScheme) => {
      const page = await open(people, { ...busy, context: { colorScheme } });
      await page.locator('.chart canvas').waitFor();
      expect(await page.locator('.chart .u-legend').textContent()).toMatch(
        /accepted a second.*quota.*throttled a second/,
      );
      const legend = page.locator('.chart .u-legend .u-value').nth(1);
      expect(await legend.isVisible()).toBe(false);
      await page.locator('.chart .u-over').hover();
      await expect.poll(() => legend.isVisible()).toBe(true);
      const colours = await page.evaluate<[string, string]>(
        '[getComputedStyle(document.body).color, getComputedStyle(document.body).backgroundColor]',
      );
      expect(contrast(...colours)).toBeGreaterThan(7);
      await page.getByText('UserCreation as a table').click();
      expect(await page.locator('details tbody tr').nth(2).textContent()).toMatch(
        /10:00:15\s*36.6\s*50\s*1.8/,
      );
    },
  );

  it.runIf(thorough)('fits a phone', async () => {
    const page = await open(people, {
      ...busy,
      context: { viewport: { width: 360, height: 740 } },
    });
    await expect.poll(() => rowsOf(page).count()).toBe(6);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
    expect(await rowsOf(page).nth(2).locator('td.message').isVisible()).toBe(true);
    const failed = page.locator('.stacked tr', { hasText: 'InvalidParameterException' });
    expect(await failed.locator('td.number').innerText()).toBe('1 row');
  });

  it.runIf(thorough)('prints every row, up to a thousand', async () => {
    const page = await open(
      Array.from({ length: 1_500 }, (_, row) => resultWith(row)),
      busy,
    );
    await page.evaluate("dispatchEvent(new Event('beforeprint'))");
    expect(await rowsOf(page).count()).toBe(1_000);
    expect(await page.getByRole('status').textContent()).toBe(
      'The first 1,000 of 1,500 rows; results.csv has all.',
    );
    // The first pages have the rest.
    expect(await pagesOf(page)).toBeLessThan(30);
    await page.evaluate("dispatchEvent(new Event('afterprint'))");
    expect(await rowsOf(page).count()).toBeLessThan(100);
  });

  async function pagesOf(page: Page): Promise<number> {
    const pdf = await page.pdf();
    return pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)?.length ?? 0;
  }

  it.runIf(thorough)('says what there is to know where scripts are off', async () => {
    const page = await open(people, { context: { javaScriptEnabled: false } });
    const text = (await page.locator('main').textContent()) ?? '';
    expect(text).toContain('326 of 340 people were created');
    expect(text).toContain('InvalidParameterException');
    expect(text).toContain('This table needs JavaScript.');
  });

  it('opens 200,000 rows in less than two seconds, and stays quick', async () => {
    const status = (row: number): Partial<RowResult> =>
      row % 50 === 7 ? { status: 'failed', code: 'X', message: `refused ${row}` } : {};
    function* many(): Generator<RowResult> {
      for (let row = 0; row < 200_000; row++) {
        yield resultWith(row, { username: `person.${row}@example.com`, ...status(row) });
      }
    }
    const page = await open(many());
    await rowsOf(page).first().waitFor();
    const seconds: Record<string, number> = { open: await opened(page) };
    const timed = async (
      name: string,
      act: () => Promise<unknown>,
      told: string,
    ): Promise<void> => {
      const from = performance.now();
      await act();
      await page.getByText(told, { exact: true }).waitFor();
      seconds[name] = (performance.now() - from) / 1_000;
    };
    await timed(
      'search',
      () => page.getByLabel('Search').fill('person.19999'),
      '11 of 200,000 rows',
    );
    await timed(
      'all',
      () => page.getByRole('button', { name: 'Show all' }).click(),
      '200,000 rows',
    );
    await timed(
      'filter',
      () => page.getByLabel('Status', { exact: true }).selectOption('failed'),
      '4,000 of 200,000 rows',
    );
    await page.getByRole('grid', { name: 'Table of rows' }).focus();
    await page.getByRole('button', { name: 'Show all' }).click();
    await page.getByRole('grid', { name: 'Table of rows' }).focus();
    await page.keyboard.press('End');
    await expect.poll(() => usernames(page)).toContain('person.199999@example.com');
    expect(await rowsOf(page).count()).toBeLessThan(100);
    for (const [name, taken] of Object.entries(seconds)) {
      expect(taken, `seconds to ${name}`).toBeLessThan(2);
    }
  });

  /** Seconds from the start of loading to the end of the page's script; the better of two. */
  async function opened(page: Page): Promise<number> {
    const taken: number[] = [];
    for (let time = 0; time < 2; time++) {
      await page.reload();
      await rowsOf(page).first().waitFor();
      taken.push(
        await page.evaluate<number>(
          "performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd",
        ),
      );
    }
    return Math.min(...taken) / 1_000;
  }
});

/** As WCAG 2.2 has it, of colours as `rgb(…)`. */
function contrast(one: string, other: string): number {
  const light = (colour: string): number => {
    const [r = 0, g = 0, b = 0] = [...colour.matchAll(/\d+/g)].map(([text]) => {
      const part = Number(text) / 255;
      return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const [dark = 0, bright = 0] = [light(one), light(other)].sort((a, b) => a - b);
  return (bright + 0.05) / (dark + 0.05);
}
