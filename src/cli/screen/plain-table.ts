import Table from 'cli-table3';

import { pc } from './colours.js';

/**
 * A table without lines, as other tools show theirs.
 * @param widths of the columns, where long cells are to be wrapped.
 */
export function plainTable(head: readonly string[], widths?: readonly number[]): Table.Table {
  return new Table({
    head: head.map((name) => pc.dim(name)),
    ...(widths && { colWidths: [...widths], wordWrap: true }),
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 2 },
    chars: {
      top: '',
      'top-mid': '',
      'top-left': '',
      'top-right': '',
      bottom: '',
      'bottom-mid': '',
      'bottom-left': '',
      'bottom-right': '',
      left: '  ',
      'left-mid': '',
      mid: '',
      'mid-mid': '',
      right: '',
      'right-mid': '',
      middle: '',
    },
  });
}
