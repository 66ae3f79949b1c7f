// Loaded into a process by --import: holds it between the writing of the report that HELD_REPORT names
// and its move into place, until a signal ends it or SIGTERM asks it to end.
import promises from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import process from 'node:process';
import { clearInterval, setInterval } from 'node:timers';

const held = `/${process.env.HELD_REPORT}.part`;
const { rename } = promises;

promises.rename = async (from, to) => {
  if (String(from).endsWith(held)) {
    process.stderr.write(`held before ${to}\n`);
    const alive = setInterval(() => undefined, 1_000);
    await new Promise((resolve) => {
      process.once('SIGTERM', resolve);
    });
    clearInterval(alive);
  }
  return rename(from, to);
};
syncBuiltinESMExports();
