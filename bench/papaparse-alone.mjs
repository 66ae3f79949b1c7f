// papaparse alone over a file, as parse-alone.mjs does it with csv-parse.
import console from 'node:console';
import { createReadStream } from 'node:fs';
import process from 'node:process';
import Papa from 'papaparse';

let records = 0;
Papa.parse(createReadStream(process.argv[2]), {
  delimiter: ',',
  skipEmptyLines: true,
  step: () => void records++,
  complete: () => console.log(records),
});
