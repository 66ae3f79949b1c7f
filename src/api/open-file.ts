import { openSource } from '../source/index.js';
import type { Source } from '../source/index.js';
import type { FileOptions } from './options.js';
import type { Session } from './session.js';

/** Opens the file of a new run, and says where the run can't be resumed with it. */
export async function openFile(options: FileOptions, session: Session): Promise<Source> {
  const source = await openSource(options.file, options);
  session.releases.add(() => source.close());
  if (!source.resumable) {
    session.notice(
      `${source.name === '-' ? 'Standard input' : source.name} can't be read again later, so this run can't be resumed.`,
    );
  }
  return source;
}
