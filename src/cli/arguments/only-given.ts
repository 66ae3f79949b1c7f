/** The members that may be undefined may be absent instead, as the library's options are. */
type OnlyGiven<T> = {
  readonly [K in keyof T as undefined extends T[K] ? never : K]: T[K];
} & {
  readonly [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

/** Leaves out what is undefined, so that it takes no default's place. */
export function onlyGiven<T extends object>(all: T): OnlyGiven<T> {
  const given = Object.entries(all).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as OnlyGiven<T>;
}
