/** An answer that did not come as a whole, or came without what the operation promises. */
export class AnswerError extends Error {
  override readonly name = 'AnswerError';
  readonly code: 'TimeoutError' | 'AnswerTooLong' | 'AnswerIncomplete';

  constructor(code: AnswerError['code'], message: string) {
    super(message);
    this.code = code;
  }
}
