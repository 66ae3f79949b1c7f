/** AWS's own import file; its cells have `\,` for a comma. [IMPORT_JOB] */
export function isImportJobHeader(cells: readonly string[]): boolean {
  return hasAll(cells, 'cognito:username', 'cognito:mfa_enabled');
}

/** Our rejects.csv, or what `export` writes: cells may have our formula guard. */
export function isOurHeader(cells: readonly string[]): boolean {
  return hasAll(cells, 'error_code', 'error_message') || isExportHeader(cells);
}

/** What `export` writes, or the rejects of it: cells hold what the pool had, to the letter. */
export function isExportHeader(cells: readonly string[]): boolean {
  return hasAll(cells, 'sub', 'cognito:user_status');
}

function hasAll(cells: readonly string[], ...names: readonly string[]): boolean {
  const headers = new Set(cells.map((cell) => cell.trim().toLowerCase()));
  return names.every((name) => headers.has(name));
}
