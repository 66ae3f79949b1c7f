/** Whether FILE is an object's address, `s3://bucket/key`, in place of a path. */
export function isAddress(file: string): boolean {
  return file.startsWith('s3://');
}
