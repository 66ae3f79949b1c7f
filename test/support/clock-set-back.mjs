// Loaded into a process by --import: at each SIGUSR2 somebody sets the machine's time of day back, by an
// hour and then by a day more. Intervals go on as they did.
import process from 'node:process';

const hourMs = 3_600_000;
const RealDate = Date;
let backMs = 0;

process.on('SIGUSR2', () => {
  backMs += backMs === 0 ? hourMs : 24 * hourMs;
  process.stderr.write(`set back by ${backMs} ms\n`);
});

globalThis.Date = class Date extends RealDate {
  constructor(...given) {
    super(...(given.length === 0 ? [RealDate.now() - backMs] : given));
  }

  static now() {
    return RealDate.now() - backMs;
  }
};
