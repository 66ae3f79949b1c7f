import { invalidParameter, ServiceError } from './errors.js';
import type { Member, Members } from './request-model.js';

type Json = Readonly<Record<string, unknown>>;

/**
 * Checks a request against the model before anything else happens, as the service does, and words
 * what is wrong as it does: "1 validation error detected: Value 'x' at 'username' failed …".
 */
export function validate(members: Members, input: Json): void {
  const faults: string[] = [];
  checkMembers(members, input, '', faults);
  if (faults.length === 0) return;
  const errors = faults.length === 1 ? 'error' : 'errors';
  throw invalidParameter(`${faults.length} validation ${errors} detected: ${faults.join('; ')}`);
}

function checkMembers(members: Members, input: Json, path: string, faults: string[]): void {
  for (const [name, member] of Object.entries(members)) {
    // A request made by JSON.parse has own members only for what was sent.
    const value = Object.hasOwn(input, name) ? input[name] : undefined;
    if (value === undefined || value === null) {
      if ('required' in member && member.required) {
        faults.push(`Value null at '${path}${lower(name)}' ${FAILED} Member must not be null`);
      }
      continue;
    }
    checkValue(member, value, path + lower(name), faults);
  }
}

const FAILED = 'failed to satisfy constraint:';

function checkValue(member: Member, value: unknown, path: string, faults: string[]): void {
  switch (member.kind) {
    case 'text':
      checkText(member, asType(value, 'string') as string, path, faults);
      return;
    case 'integer':
      checkInteger(member, asType(value, 'number') as number, path, faults);
      return;
    case 'boolean':
      asType(value, 'boolean');
      return;
    case 'map':
      for (const item of Object.values(asJson(value))) asType(item, 'string');
      return;
    case 'list':
      if (!Array.isArray(value)) throw serialization(value, 'a list');
      value.forEach((item: unknown, index) => {
        checkValue(member.item, item, `${path}.${index + 1}.member`, faults);
      });
      return;
    case 'structure':
      checkMembers(member.members, asJson(value), `${path}.`, faults);
  }
}

function checkText(
  member: Extract<Member, { kind: 'text' }>,
  value: string,
  path: string,
  faults: string[],
): void {
  const fault = (constraint: string): void => {
    const shown = member.secret === true ? 'Value' : `Value '${value}'`;
    faults.push(`${shown} at '${path}' ${FAILED} ${constraint}`);
  };
  if (member.min !== undefined && value.length < member.min) {
    fault(`Member must have length greater than or equal to ${member.min}`);
  }
  if (member.max !== undefined && value.length > member.max) {
    fault(`Member must have length less than or equal to ${member.max}`);
  }
  if (member.pattern !== undefined && !member.pattern.test(value)) {
    const pattern = member.pattern.source.slice(1, -1);
    fault(`Member must satisfy regular expression pattern: ${pattern}`);
  }
  if (member.oneOf !== undefined && !member.oneOf.includes(value)) {
    fault(`Member must satisfy enum value set: [${member.oneOf.join(', ')}]`);
  }
}

function checkInteger(
  member: Extract<Member, { kind: 'integer' }>,
  value: number,
  path: string,
  faults: string[],
): void {
  if (value < member.min) {
    const bound = `Member must have value greater than or equal to ${member.min}`;
    faults.push(`Value '${value}' at '${path}' ${FAILED} ${bound}`);
  }
  if (value > member.max) {
    const bound = `Member must have value less than or equal to ${member.max}`;
    faults.push(`Value '${value}' at '${path}' ${FAILED} ${bound}`);
  }
}

function asType(value: unknown, type: 'string' | 'number' | 'boolean'): unknown {
  if (typeof value !== type) throw serialization(value, `a ${type}`);
  return value;
}

function asJson(value: unknown): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw serialization(value, 'a structure');
  }
  return value as Json;
}

/** What the JSON 1.1 protocol gives for a member of a wrong type. */
function serialization(value: unknown, expected: string): ServiceError {
  const found = Array.isArray(value) ? 'list' : typeof value;
  return new ServiceError(
    'SerializationException',
    `A ${found} can not be converted to ${expected}.`,
  );
}

/** Paths in the service's errors begin in lower case: userAttributes.1.member.name. */
function lower(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}
