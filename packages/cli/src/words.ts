// Words of the command line that need a look before they are used.
import { isDate, parseInstant, TenureError } from '@tenure/core';
import { parseSpan } from './format.ts';

/** @throws USAGE */
export const wholeNumber = (text: string, option: string): number => {
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value) || value < 1)
    throw new TenureError('USAGE', `${option} takes a whole number from 1.`);
  return value;
};

const MAX_KEY = 200;

/** Each key once, in the order given. @throws USAGE */
export const checkedKeys = (keys: readonly string[]): readonly string[] => {
  if (keys.some((key) => key === '' || key.length > MAX_KEY))
    throw new TenureError('USAGE', `A key is a customer's id of at most ${MAX_KEY} characters.`);
  return [...new Set(keys)];
};

/** ms since the epoch of `2026-11-21` (00:00 UTC), `-2d` (before now) or an ISO instant. @throws USAGE */
export const instantOf = (text: string, option: string, now: number): number => {
  if (/^-\d/.test(text)) return now - parseSpan(text.slice(1), option) * 1000;
  const found = isDate(text) ? parseInstant(`${text}T00:00:00Z`) : parseInstant(text);
  if (found === null)
    throw new TenureError('USAGE', `${option} takes a time such as 2026-11-21, -2d or 2026-11-21T09:00:00Z.`);
  return found;
};

/** The known word that was probably meant; null when none is near. */
export const nearest = (word: string, known: readonly string[]): string | null => {
  const ranked = known
    .map((name) => ({ name, distance: distance(word, name) }))
    .toSorted((a, b) => a.distance - b.distance);
  const [best] = ranked;
  return best !== undefined && best.distance <= Math.max(1, Math.floor(best.name.length / 3))
    ? best.name
    : null;
};

/** Levenshtein distance: letters to add, drop or change. */
const distance = (a: string, b: string): number => {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next.push(
        Math.min(
          (row[j] ?? 0) + 1,
          (next[j - 1] ?? 0) + 1,
          (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1),
        ),
      );
    row = next;
  }
  return row[b.length] ?? 0;
};
