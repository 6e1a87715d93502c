// From references to personal values: what a reader at the edge does with an opened block.
import type { OpenedFields } from './codec-types.ts';
import { REDACTED, type Redacted, type Sealable } from './sealed.ts';
import { isRedacted } from './sealing.ts';

/** The reference to one value of a sealed map, such as one changed field of a profile. */
export const sealedEntry = (
  ref: Sealable<Readonly<Record<string, string>>>,
  entry: string,
): Sealable<string> => ({
  $sealed: ref.$sealed,
  field: ref.field,
  entry,
});

/** The value a reference stands for, out of the opened block of its event; null when it is not set. */
export const openedValue = <T>(ref: Sealable<T>, opened: OpenedFields | Redacted): T | Redacted | null => {
  if (isRedacted(opened)) return REDACTED;
  const value = opened.get(ref.field);
  if (ref.entry === undefined) return (value ?? null) as T | null;
  const entries = (value ?? {}) as Readonly<Record<string, T>>;
  return Object.hasOwn(entries, ref.entry) ? (entries[ref.entry] ?? null) : null;
};
