import { csvLine } from '../../src/record/csv-line.js';

/** Somebody of a company, as its personnel file has them. */
export interface Person {
  readonly id: string;
  name: string;
  email: string;
  department: string;
}

const departments = ['sales', 'works', 'research', 'office'] as const;
const header = ['email', 'name', 'custom:employee_id', 'groups', 'enabled'];

/** A company in which people join, leave, move and change their names. */
export class Company {
  readonly people = new Map<string, Person>();
  readonly #random: () => number;
  #hired = 0;

  constructor(size: number, random: () => number) {
    this.#random = random;
    for (let n = 0; n < size; n++) this.hire();
  }

  hire(): Person {
    const id = `E${String(++this.#hired).padStart(5, '0')}`;
    const person = {
      id,
      name: `Person ${id}`,
      email: `${id.toLowerCase()}@example.com`,
      department: this.#oneOf(departments),
    };
    this.people.set(id, person);
    return person;
  }

  /** A day: a few of each. */
  day(): void {
    for (let n = this.#upTo(4); n > 0; n--) this.hire();
    for (let n = this.#upTo(3); n > 0; n--) this.people.delete(this.#anyone().id);
    for (let n = this.#upTo(4); n > 0; n--) this.#anyone().department = this.#oneOf(departments);
    for (let n = this.#upTo(2); n > 0; n--) {
      const person = this.#anyone();
      person.name = `Married ${person.id}-${this.#upTo(999)}`;
      person.email = `married.${person.id.toLowerCase()}.${this.#upTo(999)}@example.com`;
    }
  }

  /** The export of a day, in an order that changes. */
  csv(): string {
    const rows = [...this.people.values()].map((person) => ({ person, at: this.#random() }));
    rows.sort((a, b) => a.at - b.at);
    const lines = rows.map(({ person: { email, name, id, department } }) =>
      csvLine([email, name, id, `staff;${department}`, 'true']),
    );
    return csvLine(header) + lines.join('');
  }

  #upTo(most: number): number {
    return Math.floor(this.#random() * (most + 1));
  }

  #oneOf<T>(choices: readonly T[]): T {
    return choices[Math.floor(this.#random() * choices.length)] as T;
  }

  #anyone(): Person {
    return this.#oneOf([...this.people.values()]);
  }
}
