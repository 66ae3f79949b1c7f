// Writes docs/run.svg, the picture of a run: starts the demo on a terminal, by `script` of util-linux,
// and draws what stood there. After `npm run build`: npm run docs:run
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath, URL } from 'node:url';

const columns = 92;
const lineHeight = 18;
const charWidth = 7.8;
const padding = 16;
/** Seconds that the progress is shown for, and then the end. */
const progressSeconds = 6;
const endSeconds = 10;
const frames = 12;
const colours = { 1: '#f0f6fc', 2: '#8b949e', 31: '#ff7b72', 32: '#7ee787', 33: '#e3b341' };

const escape = String.fromCharCode(27);
const style = new RegExp(`${escape}\\[(\\d+)m`);
const sequences = new RegExp(`${escape}(\\[[?0-9;]*[A-Za-z]|[78])`, 'g');

const { progress, end } = seen(record());
writeFileSync(fileURLToPath(new URL('run.svg', import.meta.url)), picture(progress, end));

/** What the terminal was sent. */
function record() {
  const folder = mkdtempSync(join(tmpdir(), 'cognito-bulk-run-'));
  const main = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
  const command = `stty cols ${columns} rows 40; "${process.execPath}" "${main}" demo`;
  spawnSync('script', ['-qfec', command, 'typescript'], { cwd: folder, stdio: 'ignore' });
  const text = readFileSync(join(folder, 'typescript'), 'utf8');
  rmSync(folder, { recursive: true });
  return text;
}

/** The line of progress as it changed, and the text at the end. */
function seen(text) {
  const screens = text.split('\r\n')[0].split(`${escape}[1G`).map(plain);
  const lines = screens.filter((line) => line.startsWith('Importing'));
  const progress = Array.from(
    { length: frames },
    (_, n) => lines[Math.floor((n * lines.length) / frames)],
  );
  const end = text.slice(text.lastIndexOf('Done:')).split('\n\nScript done')[0];
  return { progress, end: end.split('\r\n') };
}

function plain(line) {
  return line.replace(sequences, '');
}

function picture(progress, end) {
  const width = Math.ceil(columns * charWidth + 2 * padding);
  const height = (end.length + 1) * lineHeight + 2 * padding;
  const all = progressSeconds + endSeconds;
  const each = progressSeconds / progress.length;
  const shown = progress.map((line, n) => layer([line], n * each, each, all));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="A run in a terminal: progress, then how many rows were created and which are invalid">
<style>text{font:13px ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;fill:#c9d1d9;white-space:pre}</style>
<rect width="${width}" height="${height}" rx="8" fill="#0d1117"/>
${textAt(['$ npm start'], 0)}
${shown.join('\n')}
${layer(end, progressSeconds, endSeconds, all)}
</svg>
`;
}

/** Lines under the prompt that are seen for a part of each round; without animation only the end is. */
function layer(lines, from, seconds, all) {
  const times = [0, from / all, Math.min(1, (from + seconds) / all)].map((at) => at.toFixed(3));
  const isEnd = from + seconds >= all;
  const values = isEnd ? 'hidden;visible;visible' : 'hidden;visible;hidden';
  const animation = `<animate attributeName="visibility" calcMode="discrete" dur="${all}s" repeatCount="indefinite" values="${values}" keyTimes="${times.join(';')}"/>`;
  return `<g visibility="${isEnd ? 'visible' : 'hidden'}">${animation}${textAt(lines, 1)}</g>`;
}

function textAt(lines, row) {
  return lines
    .map((line, n) => {
      const y = padding + (row + n + 0.8) * lineHeight;
      return `<text x="${padding}" y="${y.toFixed(1)}">${spans(line)}</text>`;
    })
    .join('\n');
}

/** The colours of a line as spans. */
function spans(line) {
  let fill = '';
  return line
    .split(style)
    .map((part, n) => {
      if (n % 2 === 1) {
        fill = colours[part] ?? '';
        return '';
      }
      const text = part.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
      return fill === '' || text === '' ? text : `<tspan fill="${fill}">${text}</tspan>`;
    })
    .join('');
}
