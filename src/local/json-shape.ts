import { LocalPoolError } from './errors.js';

/** Reads members of parsed JSON and says in one sentence where one is not what it should be. */
export type JsonObject = Readonly<Record<string, unknown>>;

export function asObject(value: unknown, where: string): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new LocalPoolError(`${where} must be a JSON object.`);
  }
  return value as JsonObject;
}

export function asList(value: unknown, where: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new LocalPoolError(`${where} must be a list.`);
  return value;
}

export function asText(value: unknown, where: string): string {
  if (typeof value !== 'string' || value === '') {
    throw new LocalPoolError(`${where} must be a text that is not empty.`);
  }
  return value;
}

export function asNumber(value: unknown, where: string, least: number, most = Infinity): number {
  if (typeof value !== 'number' || !(value >= least && value <= most)) {
    const range = most === Infinity ? `from ${least} up` : `between ${least} and ${most}`;
    throw new LocalPoolError(`${where} must be a number ${range}.`);
  }
  return value;
}

export function asBoolean(value: unknown, where: string): boolean {
  if (typeof value !== 'boolean') throw new LocalPoolError(`${where} must be true or false.`);
  return value;
}

export function asOneOf(value: unknown, where: string, allowed: readonly string[]): string {
  if (typeof value !== 'string' || !allowed.includes(value)) {
    throw new LocalPoolError(`${where} must be one of ${allowed.join(', ')}.`);
  }
  return value;
}

export function asRegExp(value: unknown, where: string): RegExp {
  try {
    return new RegExp(asText(value, where), 'u');
  } catch (error) {
    if (error instanceof LocalPoolError) throw error;
    throw new LocalPoolError(`${where} is not a regular expression.`);
  }
}

/** Refuses a member that nothing reads: a slip of the pen would otherwise go unnoticed. */
export function onlyKnown(value: JsonObject, where: string, known: readonly string[]): void {
  for (const name of Object.keys(value)) {
    if (!known.includes(name)) {
      throw new LocalPoolError(`${where} has no member "${name}"; it knows ${known.join(', ')}.`);
    }
  }
}
