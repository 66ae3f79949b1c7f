/** What the system says of a file: that the disk is full, a folder read-only, a name taken. */
export function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error && 'code' in error;
}
