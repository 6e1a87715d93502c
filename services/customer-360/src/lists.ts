// Bounded lists inside a document: what they hold depends on the events alone, never on when they were folded.

/** Something that is listed by time: `at` as ISO 8601 or a date, `id` for things of one instant. */
export type Placed = { readonly at: string; readonly id: string };

const isNewer = (a: Placed, b: Placed): boolean => (a.at === b.at ? a.id > b.id : a.at > b.at);

/** With one item more, newest first by time, then by id; beyond `limit` the oldest goes. */
export const withNewest = <T>(
  items: readonly T[],
  item: T,
  place: (item: T) => Placed,
  limit: number,
): readonly T[] => {
  const own = place(item);
  const older = items.findIndex((other) => isNewer(own, place(other)));
  const at = older < 0 ? items.length : older;
  return at >= limit ? items : items.toSpliced(at, 0, item).slice(0, limit);
};

/** The first item that matches, changed; the same list when there is none. */
export const changeFirst = <T extends object>(
  items: readonly T[],
  matches: (item: T) => boolean,
  change: Partial<T>,
): readonly T[] => {
  const at = items.findIndex(matches);
  const item = items[at];
  return item === undefined ? items : items.with(at, { ...item, ...change });
};
