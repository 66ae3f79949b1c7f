import { cellText } from './cell-text.js';
import { element } from './element.js';
import { columns } from './model.js';
import type { Row } from './rows.js';

/** Shows all of one row, in full. Where it is closed, the focus goes back to where it was. */
export function showDetails(row: Row, opener: HTMLElement): void {
  const close = element('button', { type: 'button' }, 'Close');
  const title = row.line === 0 ? 'A user who is in no row' : `Line ${row.line}`;
  const dialog = element(
    'dialog',
    { 'aria-labelledby': 'details-title' },
    element('h2', { id: 'details-title' }, title),
    element('dl', {}, ...columns.flatMap(([id, name]) => entry(name, cellText(row, id)))),
    element('p', { class: 'actions' }, ...linkTo(row), close),
  );
  close.addEventListener('click', () => {
    dialog.close();
  });
  dialog.addEventListener('click', (event) => {
    if (event.target === dialog || event.target instanceof HTMLAnchorElement) dialog.close();
  });
  dialog.addEventListener('close', () => {
    dialog.remove();
    opener.focus({ preventScroll: true });
  });
  document.body.append(dialog);
  dialog.showModal();
}

function entry(name: string, text: string): HTMLElement[] {
  if (text === '') return [];
  return [element('div', {}, element('dt', {}, name), element('dd', {}, text))];
}

function linkTo({ line }: Row): HTMLElement[] {
  return line === 0 ? [] : [element('a', { href: `#line-${line}` }, 'Link to this line')];
}
