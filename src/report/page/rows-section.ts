import { html } from './html.js';
import type { Html } from './html.js';
import type { EmbeddedRows } from './page-rows.js';

/** Where the page's script puts its table; without scripts, where else the rows are. */
export function rowsSection(rows: EmbeddedRows, isMasked: boolean): Html {
  return html`<section id="rows" aria-labelledby="rows-title">
    <h2 id="rows-title">All rows</h2>
    <p>
      ${whatIsHere(rows)}${isMasked ? ' Usernames are masked here, and whole in results.csv.' : ''}
    </p>
    <noscript
      ><p>This table needs JavaScript. results.csv beside this page has the same rows.</p></noscript
    >
    <div id="rows-table" hidden></div>
  </section> `;
}

function whatIsHere({ total, embedded, which }: EmbeddedRows): string {
  const [all, some] = [total.toLocaleString('en'), embedded.toLocaleString('en')];
  switch (which) {
    case 'all':
      return 'results.csv beside this page has the same rows.';
    case 'not-fine':
      return `The file has ${all} rows, too many for a page: only the ${some} that are not fine are here. results.csv beside this page has them all.`;
    case 'some-not-fine':
      return `The file has ${all} rows, too many for a page: only the first ${some} that are not fine are here. results.csv beside this page has all rows, and rejects.csv those that are not fine.`;
  }
}
