import type { FiguresEntry } from '../../journal/entries.js';
import type { Summary } from '../summary.js';
import type { PageAssets } from './assets.js';
import { failuresSection } from './failures-section.js';
import { whatRan } from './first-sentence.js';
import { Html, html } from './html.js';
import { maskedText } from './mask.js';
import { overviewSection } from './overview-section.js';
import type { EmbeddedRows } from './page-rows.js';
import { rowsSection } from './rows-section.js';
import { speedSection } from './speed-section.js';
import type { Trouble } from './troubles.js';

/** What a page says, its rows left out. */
interface PageContent {
  readonly summary: Summary;
  /** What to do next, with its command. */
  readonly next: string | undefined;
  /** What was called over time. */
  readonly figures: readonly FiguresEntry[];
  readonly troubles: readonly Trouble[];
  readonly rows: EmbeddedRows;
  readonly isMasked: boolean;
}

/** A page's text before and behind its rows, which are data and stand in script elements. */
interface PageText {
  readonly before: string;
  readonly behind: string;
}

/** Where the rows go; nothing that a row or a summary says can be it, since that is escaped. */
const rowsPlace = '<!--rows-->';

/** Renders a page. All that can be read without the script is in it as HTML. */
export function pageText(content: PageContent, { script, style, policy }: PageAssets): PageText {
  const { next, figures, troubles, rows, isMasked } = content;
  const summary = isMasked ? masked(content.summary) : content.summary;
  // What a browser checks by its hash stands here to the letter.
  const inlineStyle = new Html(`<style>${style}</style>`);
  const inlineScript = new Html(`<script>${script}</script>`);
  const { text } = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${policy}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="referrer" content="no-referrer" />
        <meta name="robots" content="noindex" />
        <title>${whatRan(summary)}</title>
        ${inlineStyle}
      </head>
      <body>
        <main>
          ${overviewSection(summary, next)} ${failuresSection(troubles, summary.problems)}
          ${speedSection(summary, figures)} ${rowsSection(rows, isMasked)}
        </main>
        ${new Html(rowsPlace)} ${inlineScript}
      </body>
    </html> `;
  const place = text.indexOf(rowsPlace);
  return { before: text.slice(0, place), behind: text.slice(place + rowsPlace.length) };
}

/** What of a summary may name a person. */
function masked(summary: Summary): Summary {
  const { reason, notices = [] } = summary;
  return {
    ...summary,
    reason: reason === null ? null : maskedText(reason),
    notices: notices.map((notice) => maskedText(notice)),
  };
}
