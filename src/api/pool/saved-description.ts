import type { PoolDescription } from '../../cognito/description.js';
import { ShapeError } from '../../cognito/json-shape.js';
import { descriptionFrom } from '../../cognito/read-description.js';
import { isAbort } from '../../source/error.js';
import { readSmallFile } from '../../source/small-file.js';
import { Refusal } from '../refusal.js';

/** With ten thousand groups, and what is said of each. */
const mostBytes = 64 * 1_024 * 1_024;

/**
 * Reads the description of a pool that was saved as JSON. Throws a `Refusal` that names the file and
 * what of it won't do.
 */
export async function readSavedDescription(
  path: string,
  signal?: AbortSignal,
): Promise<PoolDescription> {
  let bytes: Buffer;
  try {
    bytes = await readSmallFile(path, mostBytes, signal);
  } catch (error) {
    if (isAbort(error)) throw error;
    throw new Refusal(`The pool's description ${path} can't be read: check the path.`);
  }
  let json: unknown;
  try {
    json = JSON.parse(textOf(bytes));
  } catch {
    throw new Refusal(
      `${path} is not JSON: give what cognito-bulk pool or aws cognito-idp describe-user-pool wrote.`,
    );
  }
  try {
    return descriptionFrom(json);
  } catch (error) {
    if (!(error instanceof ShapeError)) throw error;
    throw new Refusal(`${path} can't be taken for a pool's description: ${error.message}`);
  }
}

/** `>` of Windows PowerShell writes UTF-16 with a byte-order mark. */
function textOf(bytes: Buffer): string {
  const utf16 = bytes[0] === 0xff && bytes[1] === 0xfe;
  return new TextDecoder(utf16 ? 'utf-16le' : 'utf-8').decode(bytes);
}
