// csv-parse alone over a file, with the options that this tool's source gives it: what `validate` is
// measured against. A stream read as its documentation shows it, and no more than counted.
import { parse } from 'csv-parse';
import console from 'node:console';
import { createReadStream } from 'node:fs';
import process from 'node:process';
import { finished } from 'node:stream/promises';

const parser = createReadStream(process.argv[2]).pipe(
  parse({
    delimiter: ',',
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
  }),
);
let records = 0;
parser.on('readable', () => {
  while (parser.read() !== null) records++;
});
await finished(parser);
console.log(records);
