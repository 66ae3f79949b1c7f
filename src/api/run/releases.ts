/** Things to stop and release, the last first, whatever happened in between. */
export class Releases {
  readonly #all: (() => unknown)[] = [];

  add(release: () => unknown): void {
    this.#all.push(release);
  }

  /** Releases everything, also after one release failed; the first failure is thrown at the end. */
  async release(): Promise<void> {
    let failure: { readonly error: unknown } | undefined;
    for (let release = this.#all.pop(); release; release = this.#all.pop()) {
      try {
        await release();
      } catch (error) {
        failure ??= { error };
      }
    }
    if (failure) throw failure.error;
  }
}
