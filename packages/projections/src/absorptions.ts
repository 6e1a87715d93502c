// Who has been merged into whom. Each survivor's own events say whom he absorbed; where two of them claim the same
// customer, or claim each other, the earlier merge counts. So it does not matter in which order their events arrived.
import type { AbsorptionRow } from '@tenure/read-models';

/** Whom one customer has absorbed: id → position of the event that merged it. */
export type Absorbed = AbsorptionRow['absorbed'];

export type Absorptions = {
  /** True while nobody is merged: nothing else need be asked. */
  isEmpty(): boolean;
  /** The last survivor of a chain of merges; the customer himself when he is not absorbed. */
  rootOf(key: string): string;
  /** Everybody whose events make the document of a last survivor, himself first. */
  groupOf(root: string): readonly string[];
  /** What his own events say. */
  of(survivor: string): Absorbed;
  /** The last survivors that have absorbed somebody. */
  roots(): readonly string[];
  absorbed(): readonly string[];
  /** Takes over what a survivor's events say now; answers whose survivor, or whose group, has become another. */
  set(survivor: string, absorbed: Absorbed): readonly string[];
  replace(rows: readonly AbsorptionRow[]): void;
};

export const NOBODY: Absorbed = {};

type Merge = { readonly survivor: string; readonly absorbed: string; readonly position: number };

/** As the rows of a generation say; without them nobody is merged. */
export const absorptionsOf = (rows: readonly AbsorptionRow[] = []): Absorptions => {
  const claims = noClaims();
  const roots = new Map<string, string>();
  const groups = new Map<string, readonly string[]>();
  const rootOf = (key: string): string => roots.get(key) ?? key;
  const groupOf = (root: string): readonly string[] => groups.get(root) ?? [root];
  const settle = (keys: ReadonlySet<string>): void => {
    for (const key of keys) {
      roots.delete(key);
      groups.delete(key);
    }
    for (const [root, group] of groupsOf(mergesOf(keys, claims.of))) {
      groups.set(root, group);
      for (const key of group) if (key !== root) roots.set(key, root);
    }
  };
  const standing = (key: string): string => `${rootOf(key)}\n${groupOf(key).join('\n')}`;
  const absorptions: Absorptions = {
    isEmpty: claims.isEmpty,
    rootOf,
    groupOf,
    of: claims.of,
    roots: () => [...groups.keys()],
    absorbed: () => [...roots.keys()],
    set(survivor, absorbed) {
      const keys = claims.reach([survivor]);
      claims.set(survivor, absorbed);
      for (const key of claims.reach([survivor])) keys.add(key);
      const before = new Map([...keys].map((key) => [key, standing(key)]));
      settle(keys);
      return [...keys].filter((key) => before.get(key) !== standing(key));
    },
    replace(all) {
      claims.clear();
      roots.clear();
      groups.clear();
      for (const { survivor, absorbed } of all) claims.set(survivor, absorbed);
      settle(claims.reach(all.map(({ survivor }) => survivor)));
    },
  };
  absorptions.replace(rows);
  return absorptions;
};

type Claims = {
  isEmpty(): boolean;
  of(survivor: string): Absorbed;
  set(survivor: string, absorbed: Absorbed): void;
  clear(): void;
  /** Everybody whom claims connect with these, in either direction. */
  reach(keys: readonly string[]): Set<string>;
};

const noClaims = (): Claims => {
  const bySurvivor = new Map<string, Absorbed>();
  const claimants = new Map<string, Set<string>>(); // absorbed → whoever claims him
  const of = (survivor: string): Absorbed => bySurvivor.get(survivor) ?? NOBODY;
  return {
    isEmpty: () => bySurvivor.size === 0,
    of,
    set(survivor, absorbed) {
      for (const id of Object.keys(of(survivor))) {
        const others = claimants.get(id);
        others?.delete(survivor);
        if (others?.size === 0) claimants.delete(id);
      }
      bySurvivor.delete(survivor);
      if (Object.keys(absorbed).length === 0) return;
      bySurvivor.set(survivor, absorbed);
      for (const id of Object.keys(absorbed))
        claimants.set(id, (claimants.get(id) ?? new Set<string>()).add(survivor));
    },
    clear() {
      bySurvivor.clear();
      claimants.clear();
    },
    reach(keys) {
      const reached = new Set(keys);
      for (const key of reached) {
        for (const id of Object.keys(of(key))) reached.add(id);
        for (const id of claimants.get(key) ?? []) reached.add(id);
      }
      return reached;
    },
  };
};

const mergesOf = (keys: ReadonlySet<string>, of: Absorptions['of']): readonly Merge[] =>
  [...keys]
    .flatMap((survivor) =>
      Object.entries(of(survivor)).map(([absorbed, position]) => ({
        survivor,
        absorbed,
        position,
      })),
    )
    .toSorted((a, b) => a.position - b.position || (a.absorbed < b.absorbed ? -1 : 1));

/** Group by last survivor. A merge counts unless an earlier one has taken the customer, or has made him the survivor. */
const groupsOf = (merges: readonly Merge[]): ReadonlyMap<string, readonly string[]> => {
  const into = new Map<string, string>();
  const rootOf = (key: string): string => {
    let root = key;
    for (let next = into.get(root); next !== undefined; next = into.get(root)) root = next;
    return root;
  };
  for (const { survivor, absorbed } of merges)
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

/** What a survivor's events say after one more of them. */
export const withMerge = (
  absorbed: Absorbed,
  merge: { readonly absorbs: readonly string[] } | { readonly restores: readonly string[] },
  event: { readonly key: string; readonly position: number },
): Absorbed => {
  if ('absorbs' in merge) {
    const added = merge.absorbs.filter((id) => id !== event.key);
    return { ...Object.fromEntries(added.map((id) => [id, event.position])), ...absorbed };
  }
  return Object.fromEntries(Object.entries(absorbed).filter(([id]) => !merge.restores.includes(id)));
};

/** True when both name the same customers by the same events. */
export const sameAbsorbed = (a: Absorbed, b: Absorbed): boolean => {
  const ids = Object.keys(a);
  return ids.length === Object.keys(b).length && ids.every((id) => a[id] === b[id]);
};
