import type { ImportSettings } from '../plan/import-plan.js';
import type { Header } from '../record/header.js';
import type { ReadingSettings } from '../record/settings.js';
import type { RowOptions } from './options.js';
import { Refusal } from './refusal.js';

/** How rows are read, from the options. */
export function readingSettings(options: RowOptions, now: Date): ReadingSettings {
  return {
    ...(options.passwordMode && { passwordMode: options.passwordMode }),
    generatesPasswords: options.generatePasswords !== undefined,
    verified: options.verified ?? [],
    invite: options.invite ?? 'none',
    groups: options.groups ?? [],
    createGroups: options.createGroups ?? false,
    defaults: {},
    mapping: new Map(),
    now,
  };
}

/** What is done with each row, from the options and what the header implies. */
export function importSettings(options: RowOptions, header: Header): ImportSettings {
  const { passwordMode } = header;
  if (passwordMode === 'challenge') {
    throw new Refusal('--password-mode challenge is not yet available: use permanent.');
  }
  const { invite = 'none' } = options;
  return {
    passwordMode,
    generatesPasswords: options.generatePasswords !== undefined,
    verified: options.verified ?? [],
    invite: invite === 'none' ? undefined : invite === 'email' ? 'EMAIL' : 'SMS',
    onExisting: options.onExisting ?? 'skip',
  };
}
