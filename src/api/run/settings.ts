import type { PoolDescription } from '../../cognito/description.js';
import type { ImportSettings } from '../../plan/import-plan.js';
import type { Header } from '../../record/header.js';
import { loadNationalNumbers } from '../../record/national-numbers.js';
import type { NationalNumbers } from '../../record/national-numbers.js';
import type { ReadingSettings } from '../../record/settings.js';
import type { RowOptions } from '../options.js';
import { Refusal } from '../refusal.js';

/** How rows are read, from the options. Throws a `Refusal` for a country that there is not. */
export async function readingSettings(options: RowOptions, now: Date): Promise<ReadingSettings> {
  const { preset, defaultCountry } = options;
  return {
    ...(options.passwordMode && { passwordMode: options.passwordMode }),
    generatesPasswords: options.generatePasswords !== undefined,
    verified: options.verified ?? [],
    invite: options.invite ?? 'none',
    groups: options.groups ?? [],
    createGroups: options.createGroups ?? false,
    ...(defaultCountry !== undefined && {
      nationalNumbers: await nationalNumbersOf(defaultCountry),
    }),
    defaults: { ...preset?.defaults, ...options.defaults },
    mapping: new Map(Object.entries(options.mapping ?? {})),
    ...(preset && { preset }),
    now,
  };
}

async function nationalNumbersOf(country: string): Promise<NationalNumbers> {
  try {
    return await loadNationalNumbers(country);
  } catch (error) {
    if (error instanceof RangeError) throw new Refusal(error.message);
    throw error;
  }
}

/** Whether a row or an option may name a group, so that those of the pool have to be known. */
export function mayNameGroups(options: RowOptions, headers: readonly string[]): boolean {
  const columns = Object.values(options.preset?.columns ?? {});
  const names = [...headers, ...Object.values(options.mapping ?? {}), ...columns];
  return (
    (options.groups ?? []).length > 0 ||
    names.some((name) => name.trim().toLowerCase() === 'groups')
  );
}

/** What is done with each row, from the options and what the header implies. */
export function importSettings(options: RowOptions, header: Header): ImportSettings {
  const { passwordMode } = header;
  const { invite = options.resend === true ? 'email' : 'none' } = options;
  return {
    passwordMode,
    generatesPasswords: options.generatePasswords !== undefined,
    verified: options.verified ?? [],
    invite: invite === 'none' ? undefined : invite === 'email' ? 'EMAIL' : 'SMS',
    onExisting: options.onExisting ?? 'skip',
    ...(options.resend === true && { resend: true }),
  };
}

/**
 * The same options and the same pool, for rows of which only the username counts: of users who are
 * there already nothing has to be complete.
 */
export function forNamesAlone(
  options: RowOptions,
  { UserPool, ...others }: PoolDescription,
): { readonly options: RowOptions; readonly description: PoolDescription } {
  const { SchemaAttributes } = UserPool;
  const attributes = SchemaAttributes?.map((attribute) => ({ ...attribute, Required: false }));
  return {
    options: { ...options, passwordMode: 'none', invite: 'none', verified: [], groups: [] },
    description: {
      ...others,
      UserPool: { ...UserPool, ...(attributes && { SchemaAttributes: attributes }) },
    },
  };
}
