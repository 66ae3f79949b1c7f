/** One line of figures, as a scraper reads it. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const sampleLine =
  /^([a-zA-Z_:][a-zA-Z0-9_:]*)\{((?:[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\["\\n])*",?)*)\} (\S+)$/;
const escapes: Readonly<Record<string, string>> = { '\\\\': '\\', '\\"': '"', '\\n': '\n' };

/**
 * Reads Prometheus's text format as strictly as it is written down: HELP and TYPE once for each
 * metric and before its samples, which stand together; no series twice; a newline at the end.
 * Throws where the text is anything else.
 */
export function readMetrics(text: string): Sample[] {
  if (!text.endsWith('\n')) throw new Error('the last line has no end');
  const helped = new Set<string>();
  const types = new Map<string, string>();
  const series = new Set<string>();
  const samples: Sample[] = [];
  let current = '';
  for (const line of text.slice(0, -1).split('\n')) {
    const [, word, name = '', rest = ''] = /^# (HELP|TYPE) (\S+) (.+)$/.exec(line) ?? [];
    if (word === 'HELP') {
      if (helped.has(name)) throw new Error(`twice: ${line}`);
      helped.add(name);
    } else if (word === 'TYPE') {
      if (types.has(name) || !helped.has(name)) throw new Error(`twice or too early: ${line}`);
      if (rest !== 'gauge' && rest !== 'counter') throw new Error(`no type: ${line}`);
      // What promtool asks for.
      if ((rest === 'counter') !== name.endsWith('_total')) throw new Error(`misnamed: ${line}`);
      types.set(name, rest);
      current = name;
    } else {
      const sample = readSample(line);
      if (sample.name !== current) throw new Error(`not under its TYPE: ${line}`);
      const key = line.slice(0, line.lastIndexOf(' '));
      if (series.has(key)) throw new Error(`twice: ${line}`);
      series.add(key);
      samples.push(sample);
    }
  }
  return samples;
}

function readSample(line: string): Sample {
  const [, name, labels = '', value = ''] = sampleLine.exec(line) ?? [];
  if (name === undefined || !Number.isFinite(Number(value))) throw new Error(`no sample: ${line}`);
  const pairs = [...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)];
  return {
    name,
    labels: Object.fromEntries(
      pairs.map(([, label = '', text = '']) => [
        label,
        text.replace(/\\./g, (escape) => escapes[escape] ?? escape),
      ]),
    ),
    value: Number(value),
  };
}

/** The values of a metric by one of its labels. */
export function valuesOf(
  samples: readonly Sample[],
  name: string,
  label: string,
): Record<string, number> {
  const own = samples.filter((sample) => sample.name === name);
  return Object.fromEntries(own.map(({ labels, value }) => [labels[label] ?? '', value]));
}
