/** Bytes at rest: what a pass reads, as often as it likes and from several places at once. */
export interface Bytes {
  readonly size: number;
  /**
   * The bytes from `position` to the end, in chunks that the receiver may keep.
   * @throws SourceError `file-changed`, `not-readable`
   */
  chunks(position: number): AsyncGenerator<Buffer, void, undefined>;
  close(): Promise<void>;
}
