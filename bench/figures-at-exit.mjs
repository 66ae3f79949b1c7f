// Loaded with `node --import` into a process that is measured: when it ends, it writes its CPU time
// (all threads) and its peak resident size, as JSON, to file descriptor 3.
import { readFileSync, writeSync } from 'node:fs';
import process from 'node:process';

process.on('exit', () => {
  const { user, system } = process.cpuUsage();
  writeSync(3, JSON.stringify({ cpuMs: (user + system) / 1_000, peakMB: peakMB() }));
});

/** VmHWM counts from exec on; getrusage's maximum also holds what the parent had at the fork. */
function peakMB() {
  try {
    const [, kB] = /^VmHWM:\s+(\d+)/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
    if (kB !== undefined) return Number(kB) / 1_024;
  } catch {
    // Not Linux.
  }
  return process.resourceUsage().maxRSS / 1_024;
}
