import type { Planned } from '../../plan/planned.js';
import { valueOf } from '../../plan/row-keys.js';
import type { Attribute } from '../../record/user.js';
import { differences } from '../plans/result-of-plan.js';

/** A user whom a sync would make (`+`), change (`~`) or take away (`-`). */
export interface Difference {
  readonly sign: '+' | '~' | '-';
  /** 0 for a user who is in no row. */
  readonly line: number;
  readonly username: string;
  /** What differs: names of attributes, `+group`, `-group`, "to be disabled". */
  readonly names: readonly string[];
  /** Only where they were asked for. */
  readonly values?: readonly ValueChange[];
}

/** A value of the pool and the one of the file. */
export interface ValueChange {
  readonly name: string;
  readonly from: string | undefined;
  readonly to: string;
}

export interface Differences {
  /** In file order, those in no row last; no more than a person reads. */
  readonly shown: readonly Difference[];
  readonly more: number;
}

/** So many lines a person reads; the rest is in results.csv. */
const mostShown = 100;

/** A change whose values can be looked up. */
interface Entry {
  readonly difference: Difference;
  readonly sub: string | undefined;
  readonly wanted: readonly Attribute[];
}

/** Gathers what a person is shown of a plan. */
export class DifferenceList {
  readonly #entries: Entry[] = [];
  #more = 0;

  /** @param attributes what the row says; asked for only where it is kept. */
  add(
    planned: Planned,
    line: number,
    username: string,
    attributes: () => readonly Attribute[],
  ): void {
    if (planned.do === 'nothing') return;
    if (this.#entries.length >= mostShown) {
      this.#more++;
      return;
    }
    const sign = planned.do === 'create' ? '+' : signs[planned.do];
    const names = planned.do === 'update' ? differences(planned) : wordsFor(planned.do);
    const wanted =
      planned.do === 'update'
        ? attributes().filter(({ Name }) => planned.attributes.includes(Name))
        : [];
    this.#entries.push({
      difference: { sign, line, username, names },
      sub: 'sub' in planned ? planned.sub : undefined,
      wanted,
    });
  }

  get differences(): Differences {
    return { shown: this.#entries.map(({ difference }) => difference), more: this.#more };
  }

  /** The same with the values, old and new; `look` finds what the pool has. */
  async withValues(look: (sub: string) => Promise<readonly Attribute[]>): Promise<Differences> {
    const shown: Difference[] = [];
    for (const { difference, sub, wanted } of this.#entries) {
      if (sub === undefined || wanted.length === 0) {
        shown.push(difference);
        continue;
      }
      const has = await look(sub);
      const values = wanted.map(({ Name, Value }) => ({
        name: Name,
        from: valueOf(has, Name),
        to: Value,
      }));
      shown.push({ ...difference, values });
    }
    return { shown, more: this.#more };
  }
}

const signs = { update: '~', enable: '~', disable: '-', delete: '-' } as const;

function wordsFor(action: Exclude<Planned['do'], 'update' | 'nothing'>): readonly string[] {
  return action === 'create' ? [] : [`to be ${action}d`];
}
