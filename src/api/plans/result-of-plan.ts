import { isDisableAlone } from '../../apply/change-user.js';
import type { RowResult, Status } from '../../apply/result.js';
import type { Planned, PlannedUpdate } from '../../plan/planned.js';
import { immutableNote } from '../../plan/update-plan.js';

/**
 * What a plan says of a row without being carried out: what needs nothing done is done, and the rest
 * would be, or in a run that ended early is not attempted (undefined).
 */
export function resultOfPlan(
  planned: Planned,
  line: number,
  username: string,
  dry: boolean,
): RowResult | undefined {
  const { row } = planned;
  const base = { row, line, username, steps: [], attempts: 0, final: true } as const;
  if (planned.do === 'nothing') {
    const { status, sub, code, message } = planned;
    return {
      ...base,
      status,
      ...(sub !== undefined && { sub }),
      ...(code !== undefined && { code }),
      ...(message !== undefined && { message }),
    };
  }
  if (!dry) return undefined;
  const sub = 'sub' in planned ? { sub: planned.sub } : {};
  return {
    ...base,
    ...sub,
    ...(planned.do === 'update' && noteOf(planned)),
    status: wouldBe(planned),
  };
}

function wouldBe(planned: Exclude<Planned, { do: 'nothing' }>): Status {
  switch (planned.do) {
    case 'create':
      return 'would-create';
    case 'disable':
      return 'would-disable';
    case 'delete':
      return 'would-delete';
    case 'update':
      return isDisableAlone(planned) ? 'would-disable' : 'would-update';
    case 'enable':
      return 'would-update';
  }
}

/** What differs, by the attributes' names. */
function noteOf(planned: PlannedUpdate): Pick<RowResult, 'code' | 'message'> {
  const would = differences(planned).join(', ');
  const note = immutableNote(planned.immutable);
  return note ? { ...note, message: `${would}; ${note.message}` } : { message: would };
}

/** `email`, `+staff`, `-sales`, `enabled`: names alone, which are nobody's data. */
export function differences({ attributes, join, leave, enabling }: PlannedUpdate): string[] {
  return [
    ...attributes,
    ...join.map((group) => `+${group}`),
    ...leave.map((group) => `-${group}`),
    ...(enabling ? [enabling === 'enable' ? 'to be enabled' : 'to be disabled'] : []),
  ];
}
