import { ShapeError, text } from '../cognito/json-shape.js';
import type { Read } from '../cognito/json-shape.js';
import { LocalPoolError } from './errors.js';

/** Holds parsed JSON against a shape. Throws a `LocalPoolError`: one sentence that names the member. */
export function check(read: Read, value: unknown, where: string): void {
  try {
    read(value, where);
  } catch (error) {
    if (!(error instanceof ShapeError)) throw error;
    throw new LocalPoolError(error.message.trim());
  }
}

export const regExp: Read = (value, where) => {
  const pattern = text(value, where) as string;
  try {
    return new RegExp(pattern, 'u');
  } catch {
    throw new ShapeError(`${where} is not a regular expression.`);
  }
};

/** A text that passes a test, which `must` puts into words. */
export function textThat(passes: (value: string) => boolean, must: string): Read {
  return (value, where) => {
    if (passes(text(value, where) as string)) return value;
    throw new ShapeError(`${where} must ${must}.`);
  };
}
