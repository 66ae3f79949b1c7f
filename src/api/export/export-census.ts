import { LineTable } from '../../record/line-table.js';
import { Words } from '../../plan/words.js';
import type { ExportPage } from './export-page.js';

/** The lowest bit of a user's word: whether the list of users had them. The rest: their last membership. */
const listed = 1;

/**
 * What is known of a pool while it is read, the users themselves aside: who came up, which
 * attributes occur, who is in which group, and where each list goes on. Memory is some 21 bytes for
 * each user and 8 for each membership.
 */
export class Census {
  /** Attributes that a user has. */
  readonly attributes = new Set<string>();
  /** Users that were read, those of identity providers aside. */
  users = 0;
  /** Users of identity providers. */
  external = 0;
  /** Users in groups, each as often as they are in one. */
  memberships = 0;
  /** Whether one of the users is in a group. */
  hasGroups = false;
  readonly #places = new LineTable(false, 0);
  #placeCount = 0;
  /** By place: the last membership of that user, in the bits above `listed`. */
  readonly #words = new Words();
  /** Two words for each membership from 1 on: the user's one before it, and the group's place. */
  readonly #memberships = new Words();
  readonly #groups: string[] = [];
  readonly #groupPlaces = new Map<string, number>();
  /** By list; null once it was read to its end. */
  readonly #next = new Map<string, string | null>();

  /** Whether anything was read. */
  get isEmpty(): boolean {
    return this.#next.size === 0;
  }

  /** Where a list goes on: null at its end, undefined at its start. */
  nextOf(list: ExportPage['list'], group = ''): string | null | undefined {
    return this.#next.get(`${list} ${group}`);
  }

  /** Whether a user comes up for the first time: pages may repeat one when the pool changes. */
  enter(key: string): boolean {
    const place = this.#place(key);
    const word = this.#words.get(place);
    this.#words.set(place, word | listed);
    return (word & listed) === 0;
  }

  take(page: ExportPage): void {
    this.#next.set(`${page.list} ${page.list === 'group' ? page.group : ''}`, page.next ?? null);
    if (page.list === 'group') {
      const group = this.#groupPlace(page.group);
      for (const sub of page.subs) this.#join(this.#place(sub), group);
      return;
    }
    this.external += page.external;
    this.users += page.users.length;
    for (const { sub, username, attributes } of page.users) {
      const key = sub ?? username;
      this.enter(key);
      this.hasGroups ||= this.#words.get(this.#place(key)) > listed;
      for (const name of Object.keys(attributes)) this.attributes.add(name);
    }
  }

  /** The names of a user's groups, sorted. */
  groupsOf(key: string): string[] {
    const names: string[] = [];
    const place = this.#places.look(key);
    for (let at = this.#words.get(place) >>> 1; at !== 0; at = this.#memberships.get(2 * at)) {
      names.push(this.#groups[this.#memberships.get(2 * at + 1)] ?? '');
    }
    return names.sort();
  }

  #join(place: number, group: number): void {
    const word = this.#words.get(place);
    for (let at = word >>> 1; at !== 0; at = this.#memberships.get(2 * at)) {
      if (this.#memberships.get(2 * at + 1) === group) return;
    }
    const at = ++this.memberships;
    this.#memberships.set(2 * at, word >>> 1);
    this.#memberships.set(2 * at + 1, group);
    this.#words.set(place, ((at << 1) | (word & listed)) >>> 0);
  }

  #place(key: string): number {
    const known = this.#places.look(key);
    if (known !== 0) return known;
    this.#places.add(++this.#placeCount);
    return this.#placeCount;
  }

  #groupPlace(name: string): number {
    const known = this.#groupPlaces.get(name);
    if (known !== undefined) return known;
    this.#groupPlaces.set(name, this.#groups.length);
    return this.#groups.push(name) - 1;
  }
}
