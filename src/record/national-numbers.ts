/** Reads the phone numbers of one country as its people write them. */
export interface NationalNumbers {
  /** ISO 3166 alpha-2, upper case. */
  readonly country: string;
  /** The number in E.164, or undefined where it cannot be one. */
  toE164(text: string): string | undefined;
}

/**
 * Loads libphonenumber-js, which costs some 60 ms of CPU time: hence only where `--default-country`
 * is given.
 *
 * @param country ISO 3166 alpha-2, in any case.
 * @throws RangeError where no such country is known.
 */
export async function loadNationalNumbers(country: string): Promise<NationalNumbers> {
  const { isSupportedCountry, parsePhoneNumberFromString } = await import('libphonenumber-js/min');
  const code = country.trim().toUpperCase();
  if (!isSupportedCountry(code)) {
    throw new RangeError(
      'The default country is not known: give its two letters from ISO 3166, GB for example.',
    );
  }
  return {
    country: code,
    toE164(text) {
      const number = parsePhoneNumberFromString(text, { defaultCountry: code, extract: false });
      // Possible, not valid: the service knows no numbering plans, and new ranges open all the time.
      if (number === undefined || number.ext !== undefined) return undefined;
      return number.isPossible() ? number.number : undefined;
    },
  };
}
