/** Something that was looked at. */
export interface Finding {
  /** `region`, `credentials`, `pool`, `app client`, `messages`, `quotas`. */
  readonly about: string;
  /** `warning`: it works, and a person should know. `missing`: something will not work. */
  readonly is: 'fine' | 'warning' | 'missing';
  /** One sentence; of what is missing, with what to do. */
  readonly text: string;
}

export const fine = (about: string, text: string): Finding => ({ about, is: 'fine', text });
export const warning = (about: string, text: string): Finding => ({ about, is: 'warning', text });
export const missing = (about: string, text: string): Finding => ({ about, is: 'missing', text });
