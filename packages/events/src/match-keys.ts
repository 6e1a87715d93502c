// Match keys: personal values brought into the one form in which two records of a person are equal (rules `identity` v1).
import { domainToASCII } from 'node:url';
import { UNIT_SEPARATOR } from '@tenure/core';
import { e164 } from './phone-numbers.ts';

export const MATCH_KINDS = ['EMAIL', 'PHONE', 'NAME', 'COMPANY', 'EXTERNAL_ID'] as const;
export type MatchKind = (typeof MATCH_KINDS)[number];

/** A name by its pairs of letters: for comparing names that are not equal. */
export const NAME_BIGRAM = 'NAME_BIGRAM';
/** What documents can be found by. */
export type SearchKind = MatchKind | typeof NAME_BIGRAM;

export const isMatchKind = (kind: string): kind is MatchKind => MATCH_KINDS.some((known) => known === kind);

/** Longer values are no e-mail, number or name, and normalising must stay cheap. */
const MAX_LENGTH = 1_000;

/**
 * The normalised form of a value, or null where it gives no key (a role address, a short number, only punctuation).
 * `region`: ISO 3166 code of the deployment, for telephone numbers without a country code.
 * @throws REGION_UNKNOWN
 */
export const matchKey = (kind: MatchKind, value: string, region: string): string | null => {
  if (value.length > MAX_LENGTH) return null;
  const text = value.normalize('NFKC').trim();
  switch (kind) {
    case 'EMAIL':
      return emailKey(text);
    case 'PHONE':
      return e164(text, region);
    case 'NAME':
      return joined(wordsOf(text));
    case 'COMPANY':
      return joined(withoutLegalForms(wordsOf(text)));
    case 'EXTERNAL_ID':
      return externalIdKey(text);
    default:
      return kind satisfies never;
  }
};

/** An id in another system as one value: what EXTERNAL_ID is normalised and hashed from. */
export const externalIdValue = (system: string, id: string): string => `${system}${UNIT_SEPARATOR}${id}`;

const externalIdKey = (text: string): string | null => {
  const [system = '', id = '', ...more] = text.split(UNIT_SEPARATOR).map((part) => part.trim());
  return system === '' || id === '' || more.length > 0 ? null : externalIdValue(system.toLowerCase(), id);
};

/** Mail to these is answered by whoever is there: two records that share one are not one person. */
const ROLES = new Set('info sales office admin support service contact hr billing noreply'.split(' '));
const PLUS_TAGS = new Set(['gmail.com', 'outlook.com', 'hotmail.com', 'icloud.com']);

const emailKey = (text: string): string | null => {
  const [, name = '', host = ''] = /^([^\s@]+)@([^\s@]+)$/.exec(text.toLowerCase()) ?? [];
  const ascii = domainToASCII(host);
  if (name === '' || ascii === '') return null;
  const domain = ascii === 'googlemail.com' ? 'gmail.com' : ascii;
  const untagged = PLUS_TAGS.has(domain) ? name.replace(/\+.*$/, '') : name;
  const local = domain === 'gmail.com' ? untagged.replaceAll('.', '') : untagged;
  return local === '' || ROLES.has(local) ? null : `${local}@${domain}`;
};

/** Words of a name: what stands between spaces and commas, case folded, letters and digits only. */
const wordsOf = (text: string): readonly string[] =>
  folded(text)
    .split(/[\s,;/、]+/)
    .map((word) => word.replaceAll(/[^\p{L}\p{M}\p{N}]/gu, ''))
    .filter((word) => word !== '');

// Through capitals, as Unicode's case folding does: ß and ss, final and other sigma become one.
const folded = (text: string): string =>
  text.toUpperCase().toLowerCase().replaceAll('ς', 'σ').normalize('NFKC');

const joined = (words: readonly string[]): string | null =>
  words.length === 0 ? null : words.toSorted().join(' ');

const LATIN_FORMS = new Set('ltd inc co corp llc gmbh ag sa plc'.split(' '));
/** The longer ones first: they contain the shorter ones. */
const HAN_FORMS = /股份有限公司|有限责任公司|有限公司|集团/g;

const withoutLegalForms = (words: readonly string[]): readonly string[] =>
  words
    .filter((word) => !LATIN_FORMS.has(word))
    .map((word) => word.replaceAll(HAN_FORMS, ''))
    .filter((word) => word !== '');
