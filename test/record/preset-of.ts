import type { Preset } from '../../src/record/preset.js';

/** A preset that says what is given, and nothing else. */
export function presetOf(given: Partial<Preset>): Preset {
  return {
    name: 'other',
    columns: {},
    values: {},
    separators: {},
    usernameFrom: [],
    defaults: {},
    dropped: [],
    remarks: [],
    ...given,
  };
}
