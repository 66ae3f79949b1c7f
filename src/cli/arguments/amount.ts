/** What an option that takes `N` or `P%` was given; undefined where it is neither. */
export function amountFrom(
  text: string,
): { readonly number: number; readonly isPercent: boolean } | undefined {
  const [, digits, sign] = /^(\d+(?:\.\d+)?)(%?)$/.exec(text.trim()) ?? [];
  return digits === undefined ? undefined : { number: Number(digits), isPercent: sign === '%' };
}
