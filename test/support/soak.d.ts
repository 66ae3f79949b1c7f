import 'vitest';

declare module 'vitest' {
  export interface ProvidedContext {
    /** What test/soak/ gives more of. */
    readonly soak: {
      readonly seed: number;
      /** Cases of each property. */
      readonly modelCases: number;
      /** Processes that are killed. */
      readonly kills: number;
      /** Rows that go through all misfortunes at once. */
      readonly rows: number;
    };
  }
}
