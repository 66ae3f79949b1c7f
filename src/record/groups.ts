import { distance } from 'fastest-levenshtein';

import type { Findings } from './findings.js';
import type { PoolFacts } from './pool-facts.js';
import type { Rule } from './rule.js';
import type { ReadingSettings } from './settings.js';
import { ADD_USER_TO_GROUP, QUOTAS } from './sources.js';

export const unknownGroup: Rule = {
  code: 'unknown-group',
  severity: 'error',
  about: 'A group that the pool has not, where --create-groups is not given.',
  source: ADD_USER_TO_GROUP,
  safe: true,
};

export const invalidGroupName: Rule = {
  code: 'invalid-group-name',
  severity: 'error',
  about: 'A group name with white space, a control character or more than 128 characters.',
  source: ADD_USER_TO_GROUP,
};

export const tooManyGroups: Rule = {
  code: 'too-many-groups',
  severity: 'error',
  about: 'More than 100 groups for one user.',
  source: QUOTAS,
};

const MOST_GROUPS = 100;
const NAME = /^[\p{L}\p{M}\p{S}\p{N}\p{P}]{1,128}$/u;
const MOST_KEPT = 1000;

export type GroupsReader = (
  cell: string,
  column: string | undefined,
  findings: Findings,
) => readonly string[];

/**
 * Reads `a;b;c` and adds the groups that every user gets. Rows with the same cell share one list,
 * since a file has few different ones.
 */
export function groupsReader(facts: PoolFacts, settings: ReadingSettings): GroupsReader {
  const known = settings.createGroups ? undefined : facts.groups;
  const kept = new Map<string, readonly string[]>();
  return (cell, column, findings) => {
    const before = kept.get(cell);
    if (before !== undefined) return before;
    const own = cell.split(';').map((name) => name.trim());
    const groups = [...new Set([...settings.groups, ...own.filter((name) => name !== '')])];
    const problem = groupsProblem(groups, known);
    if (problem === undefined) {
      if (kept.size < MOST_KEPT) kept.set(cell, groups);
    } else {
      const where = column === undefined ? 'The list of groups for every user' : `"${column}"`;
      const hint = problem.rule === unknownGroup ? nearestOf(settings.groups, known) : '';
      const proposal =
        column !== undefined && problem.rule === unknownGroup && known !== undefined
          ? withKnownCase(own, known)
          : undefined;
      findings.add(problem.rule, column, `${where} ${problem.fault}${hint}`, proposal);
    }
    return groups;
  };
}

function groupsProblem(
  groups: readonly string[],
  known: ReadonlySet<string> | undefined,
): { rule: Rule; fault: string } | undefined {
  if (groups.length > MOST_GROUPS) {
    return {
      rule: tooManyGroups,
      fault: `has more than ${MOST_GROUPS} groups for one user: leave some out.`,
    };
  }
  if (known !== undefined && !groups.every((name) => known.has(name))) {
    return {
      rule: unknownGroup,
      fault: 'has a group that the pool does not have: correct it, or give --create-groups.',
    };
  }
  if (!groups.every((name) => NAME.test(name))) {
    return {
      rule: invalidGroupName,
      fault:
        'has a group name with space in it or over 128 characters: correct it; ";" stands between groups.',
    };
  }
  return undefined;
}

/** Of the groups that were given for everybody, which are nobody's data: what was probably meant. */
function nearestOf(given: readonly string[], known: ReadonlySet<string> = new Set()): string {
  const wrong = given.find((name) => !known.has(name));
  if (wrong === undefined) return '';
  const most = Math.max(1, Math.min(3, Math.floor(wrong.length / 3)));
  const nearest = [...known].find(
    (name) => distance(name.toLowerCase(), wrong.toLowerCase()) <= most,
  );
  return nearest === undefined ? '' : ` --groups has "${wrong}": the nearest is "${nearest}".`;
}

/** The cell with the pool's own spelling, where nothing but upper and lower case differs. */
function withKnownCase(own: readonly string[], known: ReadonlySet<string>): string | undefined {
  const names = own.map((name) => {
    if (name === '' || known.has(name)) return name;
    const same = [...known].filter((group) => group.toLowerCase() === name.toLowerCase());
    return same.length === 1 ? same[0] : undefined;
  });
  return names.includes(undefined) ? undefined : names.join(';');
}
