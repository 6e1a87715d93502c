// Who has been merged into whom, by what the events of each customer say. A survivor claims whom he absorbed; where
// several claim one customer, or two claim each other, the customer's own word counts, else the earlier claim. So it does
// not matter in which order the events of different customers arrive.
import type { AbsorptionRow } from '@tenure/read-models';
import type { MergeWord } from './rules.ts';

/** What one customer's events say. */
export type Word = Omit<AbsorptionRow, 'key'>;

export type Absorptions = {
  /** True while nobody was ever merged: nothing else need be asked. */
  isEmpty(): boolean;
  /** The last survivor of a chain of merges; the customer himself when he is not absorbed. */
  rootOf(key: string): string;
  /** Everybody whose events make the document of a last survivor, himself first. */
  groupOf(root: string): readonly string[];
  /** What his own events say. */
  of(key: string): Word;
  /** The last survivors that have absorbed somebody. */
  roots(): readonly string[];
  absorbed(): readonly string[];
  /** Takes over what a customer's events say now; answers whose survivor, or whose group, has become another. */
  set(key: string, word: Word): readonly string[];
  replace(rows: readonly AbsorptionRow[]): void;
};

/** Of a customer of whom nothing is said. */
export const SILENT: Word = { absorbed: {}, own: null };

type Claim = {
  readonly survivor: string;
  readonly absorbed: string;
  readonly position: number;
  /** The absorbed says the same. */
  readonly confirmed: boolean;
};

/** As the rows of a generation say; without them nobody is merged. */
export const absorptionsOf = (rows: readonly AbsorptionRow[] = []): Absorptions => {
  const words = noWords();
  const roots = new Map<string, string>();
  const groups = new Map<string, readonly string[]>();
  const rootOf = (key: string): string => roots.get(key) ?? key;
  const groupOf = (root: string): readonly string[] => groups.get(root) ?? [root];
  const settle = (keys: ReadonlySet<string>): void => {
    for (const key of keys) {
      roots.delete(key);
      groups.delete(key);
    }
    for (const [root, group] of groupsOf(claimsOf(keys, words.of))) {
      groups.set(root, group);
      for (const key of group) if (key !== root) roots.set(key, root);
    }
  };
  const standing = (key: string): string => `${rootOf(key)}\n${groupOf(key).join('\n')}`;
  const absorptions: Absorptions = {
    isEmpty: words.isEmpty,
    rootOf,
    groupOf,
    of: words.of,
    roots: () => [...groups.keys()],
    absorbed: () => [...roots.keys()],
    set(key, word) {
      const keys = words.reach([key]);
      words.set(key, word);
      for (const other of words.reach([key])) keys.add(other);
      const before = new Map([...keys].map((one) => [one, standing(one)]));
      settle(keys);
      return [...keys].filter((one) => before.get(one) !== standing(one));
    },
    replace(all) {
      words.clear();
      roots.clear();
      groups.clear();
      for (const { key, absorbed, own } of all) words.set(key, { absorbed, own });
      settle(words.reach(all.map(({ key }) => key)));
    },
  };
  absorptions.replace(rows);
  return absorptions;
};

type Words = {
  isEmpty(): boolean;
  of(key: string): Word;
  set(key: string, word: Word): void;
  clear(): void;
  /** Everybody whom claims connect with these, in either direction. */
  reach(keys: readonly string[]): Set<string>;
};

const noWords = (): Words => {
  const words = new Map<string, Word>();
  const claimants = new Map<string, Set<string>>(); // absorbed → whoever claims him
  const of = (key: string): Word => words.get(key) ?? SILENT;
  return {
    isEmpty: () => words.size === 0,
    of,
    set(key, word) {
      for (const id of Object.keys(of(key).absorbed)) {
        const others = claimants.get(id);
        others?.delete(key);
        if (others?.size === 0) claimants.delete(id);
      }
      words.set(key, word);
      for (const id of Object.keys(word.absorbed))
        claimants.set(id, (claimants.get(id) ?? new Set<string>()).add(key));
    },
    clear() {
      words.clear();
      claimants.clear();
    },
    reach(keys) {
      const reached = new Set(keys);
      for (const key of reached) {
        for (const id of Object.keys(of(key).absorbed)) reached.add(id);
        for (const id of claimants.get(key) ?? []) reached.add(id);
      }
      return reached;
    },
  };
};

/** The claims that may count, those first that count before others. */
const claimsOf = (keys: ReadonlySet<string>, of: Absorptions['of']): readonly Claim[] =>
  [...keys]
    .flatMap((survivor) =>
      Object.entries(of(survivor).absorbed).flatMap(([absorbed, position]): readonly Claim[] => {
        const { own } = of(absorbed);
        const confirmed = own?.survivor === survivor;
        const ended = own !== null && !confirmed && position < own.position;
        return ended ? [] : [{ survivor, absorbed, position, confirmed }];
      }),
    )
    .toSorted(
      (a, b) =>
        Number(b.confirmed) - Number(a.confirmed) ||
        a.position - b.position ||
        (a.absorbed < b.absorbed ? -1 : 1),
    );

/** Group by last survivor. A claim counts unless one before it has taken the customer, or has made him the survivor. */
const groupsOf = (claims: readonly Claim[]): ReadonlyMap<string, readonly string[]> => {
  const into = new Map<string, string>();
  const rootOf = (key: string): string => {
    let root = key;
    for (let next = into.get(root); next !== undefined; next = into.get(root)) root = next;
    return root;
  };
  for (const { survivor, absorbed } of claims)
    if (!into.has(absorbed) && rootOf(survivor) !== absorbed) into.set(absorbed, survivor);
  const groups = new Map<string, string[]>();
  for (const key of [...into.keys()].toSorted()) {
    const root = rootOf(key);
    const group = groups.get(root);
    if (group === undefined) groups.set(root, [root, key]);
    else group.push(key);
  }
  return groups;
};

/** What a customer's events say after one more of them. */
export const withMerge = (
  { absorbed, own }: Word,
  merge: MergeWord,
  { position }: { readonly position: number },
): Word => {
  if ('absorbedBy' in merge) return { absorbed, own: { survivor: merge.absorbedBy, position } };
  if ('restores' in merge) {
    const kept = Object.entries(absorbed).filter(([id]) => !merge.restores.includes(id));
    return { absorbed: Object.fromEntries(kept), own };
  }
  const added = merge.absorbs.map((id) => [id, position] as const);
  return { absorbed: { ...Object.fromEntries(added), ...absorbed }, own };
};

/** True when both say the same by the same events. */
export const sameWord = (a: Word, b: Word): boolean => {
  const ids = Object.keys(a.absorbed);
  return (
    a.own?.survivor === b.own?.survivor &&
    a.own?.position === b.own?.position &&
    ids.length === Object.keys(b.absorbed).length &&
    ids.every((id) => a.absorbed[id] === b.absorbed[id])
  );
};
