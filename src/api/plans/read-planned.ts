import {
  anyText,
  asObject,
  count,
  list,
  object,
  oneOf,
  ShapeError,
  text,
} from '../../cognito/json-shape.js';
import type { Read } from '../../cognito/json-shape.js';
import type { PlanCounts, Planned } from '../../plan/planned.js';

/** The last line of a plan: without it, the plan is only a part of one. */
export interface PlanEnd {
  readonly do: 'end';
  readonly counts: PlanCounts;
}

/**
 * A plan's line, from parsed JSON.
 * @throws ShapeError
 */
export function plannedFrom(json: unknown): Planned | PlanEnd {
  const { do: what } = asObject(json, 'The line');
  if (typeof what !== 'string' || !isKind(what))
    throw new ShapeError('It says to do nothing known.');
  kinds[what](json, '');
  return json as Planned | PlanEnd;
}

const on: Readonly<Record<string, Read>> = { 'row!': count, 'sub!': text, 'as!': anyText };
const names = list(anyText);

const removal = object({ ...on, 'username!': text, line: count });

const kinds: Readonly<Record<(Planned | PlanEnd)['do'], Read>> = {
  create: object({ 'row!': count }),
  update: object({
    ...on,
    'attributes!': names,
    'immutable!': names,
    'join!': names,
    'leave!': names,
    enabling: oneOf('enable', 'disable'),
  }),
  disable: removal,
  delete: removal,
  enable: object({ ...on, 'username!': text, 'line!': count }),
  nothing: object({
    'row!': count,
    'status!': oneOf('unchanged', 'exists', 'failed', 'not-attempted'),
    sub: anyText,
    code: anyText,
    message: anyText,
    username: anyText,
    line: count,
  }),
  end: object({
    'counts!': object({
      'create!': count,
      'update!': count,
      'disable!': count,
      'enable!': count,
      'delete!': count,
      'nothing!': count,
      'scope!': count,
    }),
  }),
};

function isKind(what: string): what is keyof typeof kinds {
  return Object.hasOwn(kinds, what);
}
