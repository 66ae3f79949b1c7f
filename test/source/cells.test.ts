import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { rowsOf } from '../../src/source/cells.js';
import { RecordCutter } from '../../src/source/records.js';
import { randomFrom } from './files.js';

const parts = ['a', ' ', '日本', '🙂', '""', ';', '\n', '\r\n', '\r', ',', "'", '\\', '\t'];
const breaks = ['\n', '\r\n', '\r'];

/** Well-formed CSV with every delimiter, quoting and line break mixed. */
function randomText(random: () => number, delimiter: string): string {
  const pick = (from: readonly string[]): string => from[Math.floor(random() * from.length)] ?? '';
  let text = '';
  for (let record = Math.floor(random() * 8); record >= 0; record--) {
    const cells: string[] = [];
    for (let cell = Math.floor(random() * 5); cell >= 0; cell--) {
      let content = '';
      for (let part = Math.floor(random() * 4); part > 0; part--) content += pick(parts);
      const quoted = random() < 0.3 || /[\r\n"]/.test(content) || content.includes(delimiter);
      cells.push(quoted ? `"${content}"` : content);
    }
    text += cells.join(delimiter) + pick(breaks);
  }
  return text;
}

describe('the cells of a record', () => {
  it.each([',', ';', '\t', '|'])('are those that csv-parse finds, parted by %j', (delimiter) => {
    const random = randomFrom(delimiter.charCodeAt(0));
    for (let round = 0; round < 3000; round++) {
      const text = randomText(random, delimiter);
      const expected = parse(text, {
        delimiter,
        record_delimiter: breaks,
        relax_column_count: true,
        skip_empty_lines: true,
      }).filter((cells) => cells.length > 1 || cells[0] !== '');
      const cutter = new RecordCutter({ delimiter, quotes: true, recordBytes: 1e6, name: 'it' });
      const blocks = [cutter.feed(Buffer.from(text)), cutter.end()];
      const rows = blocks.flatMap((block) => rowsOf(block, { delimiter, form: 'csv' }, 'it'));
      expect(
        rows.map(({ cells }) => cells),
        JSON.stringify(text),
      ).toEqual(expected);
    }
  });

  it.each(['"a', '"a""'])('are not guessed at: %s', (text) => {
    const bytes = Buffer.from(text);
    const block = { bytes, offset: 0, line: 7, lines: [7], ends: [bytes.length] };
    expect(() => rowsOf(block, { delimiter: ',', form: 'csv' }, 'it')).toThrow('line 7 of it');
  });
});
