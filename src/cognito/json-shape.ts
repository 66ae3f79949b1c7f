/** Parsed JSON has another shape than is asked for. The message says in one sentence which member. */
export class ShapeError extends Error {
  override readonly name = 'ShapeError';
}

/** Reads one member, or throws a `ShapeError` that begins with `where`. */
export type Read = (value: unknown, where: string) => unknown;

export type JsonObject = Readonly<Record<string, unknown>>;

export const text: Read = (value, where) => {
  if (typeof value === 'string' && value !== '') return value;
  throw new ShapeError(`${where} must be a text that is not empty.`);
};

/** A text that may be empty, or one whose words AWS may add to. */
export const anyText: Read = (value, where) => {
  if (typeof value === 'string') return value;
  throw new ShapeError(`${where} must be a text.`);
};

export const flag: Read = (value, where) => {
  if (typeof value === 'boolean') return value;
  throw new ShapeError(`${where} must be true or false.`);
};

export const number: Read = (value, where) => {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw new ShapeError(`${where} must be a number.`);
};

/** A whole number from 0 on that JavaScript holds exactly. */
export const count: Read = (value, where) => {
  if (Number.isSafeInteger(value) && (value as number) >= 0) return value;
  throw new ShapeError(`${where} must be a whole number from 0 on.`);
};

/** Milliseconds since 1970, within what a date can be. */
export const time: Read = (value, where) => {
  if (typeof value === 'number' && Math.abs(value) <= 8.64e15) return value;
  throw new ShapeError(`${where} must be a time in milliseconds since 1970.`);
};

/** A number within bounds, both of which are allowed. */
export function between(least: number, most = Infinity): Read {
  return (value, where) => {
    if (typeof value === 'number' && value >= least && value <= most) return value;
    const range = most === Infinity ? `from ${least} up` : `between ${least} and ${most}`;
    throw new ShapeError(`${where} must be a number ${range}.`);
  };
}

export const anything: Read = (value, where) => asObject(value, where);

export function oneOf(...allowed: readonly unknown[]): Read {
  return (value, where) => {
    if (allowed.includes(value)) return value;
    throw new ShapeError(`${where} must be ${inWords(allowed)}.`);
  };
}

export function list(read: Read): Read {
  return (value, where) => {
    if (!Array.isArray(value)) throw new ShapeError(`${where} must be a list.`);
    return value.map((item, index) => read(item, `${where}[${index}]`));
  };
}

/** The members named, where they are there. Those whose name ends in `!` must be. */
export function object(members: Readonly<Record<string, Read>>): Read {
  return (value, where) => {
    const given = asObject(value, where);
    const prefix = where === '' ? '' : `${where}.`;
    const found: [string, unknown][] = [];
    for (const [key, read] of Object.entries(members)) {
      const name = key.replace('!', '');
      const member = Object.hasOwn(given, name) ? given[name] : undefined;
      // null is how some programs write what is not there.
      if (!isAbsent(member)) found.push([name, read(member, prefix + name)]);
      else if (name !== key) throw new ShapeError(`${prefix}${name} is missing.`);
    }
    return Object.fromEntries(found);
  };
}

/** `object` that has no other members: a slip of the pen would otherwise go unnoticed. */
export function only(members: Readonly<Record<string, Read>>): Read {
  const known = Object.keys(members).map((key) => key.replace('!', ''));
  return (value, where) => {
    const strange = Object.keys(asObject(value, where)).find((name) => !known.includes(name));
    if (strange === undefined) return object(members)(value, where);
    throw new ShapeError(`${where} has no member "${strange}"; it knows ${known.join(', ')}.`);
  };
}

/** Members of any name, each of one kind. */
export function table(read: Read): Read {
  return (value, where) =>
    Object.fromEntries(
      Object.entries(asObject(value, where)).map(([name, member]) => [
        name,
        read(member, `${where}.${name}`),
      ]),
    );
}

export function asObject(value: unknown, where: string): JsonObject {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as JsonObject;
  }
  throw new ShapeError(`${where} must be a JSON object.`);
}

export function isAbsent(value: unknown): boolean {
  return value === undefined || value === null;
}

function inWords(allowed: readonly unknown[]): string {
  return allowed.length === 1 ? String(allowed[0]) : `one of ${allowed.join(', ')}`;
}
