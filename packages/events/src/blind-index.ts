// Finding a personal value that is stored nowhere: its keyed hash is. Without the pepper nobody can try values out.
import { createHmac, type KeyObject } from 'node:crypto';
import { UNIT_SEPARATOR } from '@tenure/core';
import { isMatchKind, matchKey, NAME_BIGRAM } from './match-keys.ts';
import { bigrams } from './similarity.ts';

/** 128 bits: no two values of a deployment meet, and the index stays small. */
const HASH_BYTES = 16;
/** 32 bits: pairs of letters are few, and so short a hash says less about the name it came from. */
const BIGRAM_DIGITS = 8;

/** HMAC-SHA-256 of a normalised value with the deployment's pepper, cut to 16 bytes, in hex. A kind never answers for another. */
export const blindIndex = (pepper: KeyObject, kind: string, normalised: string): string =>
  createHmac('sha256', pepper)
    .update(`${kind}${UNIT_SEPARATOR}${normalised}`, 'utf8')
    .digest()
    .toString('hex', 0, HASH_BYTES);

/** Hash of a value as it was entered; null where it gives no key or the kind is not one to search by. */
export const searchHash = (pepper: KeyObject, region: string, kind: string, value: string): string | null => {
  const normalised = isMatchKind(kind) ? matchKey(kind, value, region) : null;
  return normalised === null ? null : blindIndex(pepper, kind, normalised);
};

/**
 * All hashes of a value as it was entered: the one of its match key, or (NAME_BIGRAM) one for each pair of letters of a
 * name. None where it gives no key or the kind is not one to search by.
 */
export const searchHashes = (
  pepper: KeyObject,
  region: string,
  kind: string,
  value: string,
): readonly string[] => {
  if (kind === NAME_BIGRAM) {
    const name = matchKey('NAME', value, region);
    return name === null ? [] : bigramHashes(pepper, name);
  }
  const hash = searchHash(pepper, region, kind, value);
  return hash === null ? [] : [hash];
};

/** Latin names are made of some 700 pairs, Chinese ones of a few thousand: most names cost no HMAC at all. */
const MAX_KNOWN_PAIRS = 20_000;
const knownPairs = new WeakMap<KeyObject, Map<string, string>>();

const bigramHashes = (pepper: KeyObject, normalised: string): readonly string[] => {
  const known = knownPairs.get(pepper) ?? new Map<string, string>();
  knownPairs.set(pepper, known);
  return Array.from(bigrams(normalised), (pair) => {
    const hash = known.get(pair) ?? blindIndex(pepper, NAME_BIGRAM, pair).slice(0, BIGRAM_DIGITS);
    if (known.size < MAX_KNOWN_PAIRS) known.set(pair, hash);
    return hash;
  });
};
