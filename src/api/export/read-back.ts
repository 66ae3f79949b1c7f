import type { PoolDescription } from '../../cognito/description.js';
import type { ExportedUser } from '../../record/exported-row.js';
import { readHeader } from '../../record/header.js';
import type { Header } from '../../record/header.js';
import { readRow } from '../../record/row.js';
import { readingSettings } from '../run/settings.js';

/**
 * Reads every row of an export as an import would, so that what can't come back as it was is told
 * when it is written and not when it is needed.
 */
export class ReadBack {
  /** Users whose row would be refused, by the code of what is wrong with it. */
  readonly refused = new Map<string, number>();
  /** Users with a value that would come back in another form. */
  changed = 0;
  readonly #header: Header | undefined;

  private constructor(header: Header | undefined) {
    this.#header = header;
  }

  static async of(
    columns: readonly string[],
    description: PoolDescription,
    now: Date,
  ): Promise<ReadBack> {
    const settings = await readingSettings({}, now);
    const { header } = readHeader({ line: 1, cells: columns }, description, settings);
    return new ReadBack(header);
  }

  /** @param cells with the formula guard, as they are written. */
  see(cells: readonly string[], { attributes }: ExportedUser): void {
    if (!this.#header) return;
    const { user, problems } = readRow({ line: 1, cells }, this.#header);
    if (user === undefined) {
      const code = problems.find(({ severity }) => severity === 'error')?.code ?? 'invalid';
      this.refused.set(code, (this.refused.get(code) ?? 0) + 1);
    } else if (user.attributes.some(({ Name, Value }) => attributes[Name] !== Value)) {
      this.changed++;
    }
  }

  /** What the user should know, in a sentence each. */
  get notices(): string[] {
    const codes = [...this.refused].map(([code, count]) => `${count} ${code}`).join(', ');
    const notices: string[] = [];
    if (codes !== '') {
      notices.push(
        `Some users can't be read back as they are (${codes}): validate names their lines.`,
      );
    }
    if (this.changed > 0) {
      notices.push(
        `Some users (${this.changed}) have a value that is read back in another form, such as True as true.`,
      );
    }
    return notices;
  }
}
