// Stories in which customers are merged and parted, and what must come of them, told in the plainest way.
import * as fc from 'fast-check';
import {
  absorbed,
  cancelled,
  merged,
  placed,
  registered,
  renamed,
  restored,
  unmerged,
  type Told,
} from './world.ts';

export const KEYS = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'] as const;

const key = fc.constantFrom(...KEYS);
const name = fc.constantFrom('Ann', 'Bo', 'Cem', 'Dora');
const others = fc.uniqueArray(key, { minLength: 1, maxLength: 3 });
const day = fc.integer({ min: 1, max: 9 }).map((n) => `2026-01-0${n}`);

const ordinary: fc.Arbitrary<Told> = fc.oneof(
  fc.tuple(key, fc.nat(99), day).map(([k, x, on]) => placed(k, x, on)),
  fc.tuple(key, fc.nat(99)).map(([k, x]) => cancelled(k, x)),
  fc.tuple(key, name).map(([k, n]) => registered(k, n)),
  fc.tuple(key, name).map(([k, n]) => renamed(k, n)),
);
/** Also what no company would do: customers merged twice, into each other, into themselves, parted when they are not merged. */
const merging: fc.Arbitrary<Told> = fc.oneof(
  fc.tuple(key, others).map(([k, ids]) => merged(k, ...ids)),
  fc.tuple(key, others).map(([k, ids]) => unmerged(k, ...ids)),
  fc.tuple(key, key).map(([k, survivor]) => absorbed(k, survivor)),
  key.map((k) => restored(k)),
);

export const mergeStory = fc.array(
  fc.oneof({ weight: 3, arbitrary: ordinary }, { weight: 2, arbitrary: merging }),
  { minLength: 1, maxLength: 40 },
);

type Claim = { readonly survivor: string; readonly absorbed: string; readonly at: number };

/** Who claims whom at the end, in the order in which it was said first. */
const claimsOf = (events: readonly Told[]): readonly Claim[] => {
  let claims: Claim[] = [];
  for (const [at, { type, key: survivor, data }] of events.entries()) {
    const { absorbedIds = [], restoredIds = [] } = data as {
      absorbedIds?: readonly string[];
      restoredIds?: readonly string[];
    };
    if (type === 'CustomersMerged')
      for (const id of absorbedIds.toSorted())
        if (id !== survivor && !claims.some((one) => one.survivor === survivor && one.absorbed === id))
          claims.push({ survivor, absorbed: id, at });
    if (type === 'CustomersUnmerged')
      claims = claims.filter((one) => one.survivor !== survivor || !restoredIds.includes(one.absorbed));
  }
  return claims;
};

/** The last survivor of everybody at the end of a story. */
export const survivorsOf = (events: readonly Told[]): ReadonlyMap<string, string> => {
  const own = new Map<string, { readonly at: number; readonly survivor: unknown }>();
  for (const [at, { type, key: id, data }] of events.entries())
    if (type === 'CustomerAbsorbed' || type === 'CustomerRestored')
      own.set(id, { at, survivor: (data as { survivorId?: string }).survivorId });
  const claims = claimsOf(events);
  const agreed = claims.filter((one) => own.get(one.absorbed)?.survivor === one.survivor);
  const newer = claims.filter((one) => one.at > (own.get(one.absorbed)?.at ?? -1));
  const last = new Map<string, string>(KEYS.map((one) => [one, one]));
  const taken = new Set<string>();
  for (const { survivor, absorbed: id } of [...agreed, ...newer]) {
    if (taken.has(id) || last.get(survivor) === id) continue;
    taken.add(id);
    for (const [one, root] of last) if (root === id) last.set(one, last.get(survivor) ?? survivor);
  }
  return last;
};

/** What parts everybody again. */
export const partings = (events: readonly Told[]): readonly Told[] =>
  claimsOf(events).map(({ survivor, absorbed: id }) => unmerged(survivor, id));
