import type { ColumnOptions, FileOptions } from '../../api/options.js';
import type { Given } from '../options.js';
import { UsageError } from '../usage-error.js';
import { onlyGiven } from './only-given.js';

/**
 * What the columns mean: `--map` before the configuration's `columns`, and both before the preset of
 * `--from`.
 */
export async function columnsFrom(
  given: Given<'file'>,
): Promise<ColumnOptions & Pick<FileOptions, 'header'>> {
  const { from } = given;
  const mapping = { ...tableOf(given.columns, 'columns'), ...mappingOf(given.map ?? []) };
  // Loaded only here: most files are not from another system.
  const preset =
    from === undefined
      ? undefined
      : await (await import('../../api/presets/presets.js')).loadPreset(from);
  return onlyGiven({
    mapping,
    defaults: tableOf(given.defaults, 'defaults'),
    defaultCountry: given['default-country'],
    preset,
    header: preset?.header,
  });
}

/**
 * `Header=attribute` each. The last `=` parts the two, since a header is free text, and what an
 * attribute is called has no `=` in practice; `columns:` can name any.
 */
function mappingOf(given: readonly string[]): Record<string, string> {
  const targets = new Map<string, string>();
  for (const entry of given) {
    const at = entry.lastIndexOf('=');
    const header = entry.slice(0, at).trim();
    if (at < 0 || header === '') {
      throw new UsageError(
        `--map "${entry}" has no header or no "=": write "Header=attribute", or "Header=" to drop a column.`,
      );
    }
    const target = entry.slice(at + 1).trim();
    if ((targets.get(header) ?? target) !== target) {
      throw new UsageError(`--map maps "${header}" twice: take one of them.`);
    }
    targets.set(header, target);
  }
  return Object.fromEntries(targets);
}

/** A table that the file of `--config` holds; on the command line there is no such option. */
function tableOf(value: unknown, name: 'columns' | 'defaults'): Record<string, string> {
  if (value === undefined) return {};
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Record<string, string>;
  }
  const instead = name === 'columns' ? '; give --map "Header=attribute" here' : '';
  throw new UsageError(`--${name} belongs into the file of --config, as "${name}:"${instead}.`);
}
