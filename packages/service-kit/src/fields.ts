// The field types of the domain as zod schemas, with the limits of the platform: one place for every service.
import { isCurrency, isTimeZone, MAX_MINOR } from '@tenure/core';
import { z } from 'zod';

const currency = z.string().refine(isCurrency, 'must be an ISO 4217 code');

const money = (minor: z.ZodType<number>) => z.strictObject({ minor, currency });

/** A deployment has a few dozen; an import asks for the same one with every customer, and the answer takes 25 µs. */
const MAX_KNOWN_LOCALES = 500;
const knownLocales = new Set<string>();

const validLocale = (locale: string): boolean => knownLocales.has(locale) || checkLocale(locale);

const checkLocale = (locale: string): boolean => {
  try {
    const valid = Intl.getCanonicalLocales(locale).length === 1;
    if (valid && knownLocales.size < MAX_KNOWN_LOCALES) knownLocales.add(locale);
    return valid;
  } catch {
    return false; // a RangeError says that this is no locale
  }
};

/** Types of fields: ids, codes, names, texts, dates, money. Values are trimmed nowhere: what is sent is what is kept. */
export const fields = {
  /** UUID, lower case. */
  id: z.string().regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, 'must be a UUID in lower case'),
  /** A stable code or short key. */
  code: z.string().min(1).max(64),
  name: z.string().min(1).max(200),
  /** Free text about a person: sealed. */
  text: z.string().min(1).max(4000),
  date: z.iso.date('must be a date YYYY-MM-DD'),
  locale: z.string().max(35).refine(validLocale, 'must be a BCP 47 locale such as zh-CN'),
  zone: z.string().max(64).refine(isTimeZone, 'must be an IANA time zone such as Asia/Shanghai'),
  currency,
  money: {
    any: money(z.int().min(-MAX_MINOR).max(MAX_MINOR)),
    nonNegative: money(z.int().min(0).max(MAX_MINOR)),
  },
} as const;
