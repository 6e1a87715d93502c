// Telephone numbers by the numbering plans of all countries.
import { createRequire } from 'node:module';
import { TenureError } from '@tenure/core';

type NumberingPlans = typeof import('libphonenumber-js');

// Reading the plans costs each thread 30 ms at its start; most threads never see a number.
let loaded: NumberingPlans | undefined;
const numberingPlans = (): NumberingPlans =>
  (loaded ??= createRequire(import.meta.url)('libphonenumber-js') as NumberingPlans);

/** Shorter numbers are hotlines and extensions. */
const MIN_DIGITS = 7;

/**
 * E.164 (`+8613800138000`) without extension; null for a text that is no number or one of fewer than seven digits
 * without its country code. `region`: ISO 3166 code that numbers without a country code belong to.
 * @throws REGION_UNKNOWN
 */
export const e164 = (text: string, region: string): string | null => {
  const { isSupportedCountry, parsePhoneNumberFromString } = numberingPlans();
  if (!isSupportedCountry(region))
    throw new TenureError(
      'REGION_UNKNOWN',
      'The telephone region is no country code with a numbering plan; use two capitals such as CN.',
    );
  // `extract` off: a text with some number in it is no telephone number.
  const phone = parsePhoneNumberFromString(text, { defaultCountry: region, extract: false });
  return phone === undefined || phone.nationalNumber.length < MIN_DIGITS ? null : phone.number;
};
