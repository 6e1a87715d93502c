// What is due, read from the deadlines projection in the order of its time.
import type { ProjectionReader } from '@tenure/projections';
import type { Scalar, StoredDocument } from '@tenure/read-models';
import type { IssuedCommand } from '../definition.ts';
import { deadlinesIn, DUE_AT, DUE_DAY, type Deadline } from './projection.ts';

/** A deadline whose time has come. `when`: its instant (ms) or business date. */
export type Due<W extends number | string> = {
  readonly key: string;
  readonly when: W;
  readonly command: IssuedCommand;
};

/** One page of due documents: what one round of firing takes. */
const PAGE = 500;

type Query = Pick<ProjectionReader, 'query'>;

const DUE_COLUMNS = [DUE_AT, DUE_DAY] as const;

/** Documents with something due up to `until`, earliest first. */
async function* dueDocuments(
  reader: Query,
  name: string,
  column: string,
  until: Scalar,
): AsyncGenerator<StoredDocument> {
  const place = DUE_COLUMNS.findIndex((known) => known === column);
  let after: { readonly value: Scalar; readonly id: string } | null = null;
  for (;;) {
    const page: readonly StoredDocument[] = await reader.query(name, {
      filters: [{ column, op: 'lte', value: until }],
      sort: { column, descending: false },
      after,
      limit: PAGE,
    });
    yield* page;
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return;
    after = { value: last.columns[place] ?? null, id: last.id };
  }
}

const dueIn = (document: StoredDocument): readonly (readonly [string, Deadline])[] => {
  const { slices } = JSON.parse(document.body) as { slices: Readonly<Record<string, unknown>> };
  return deadlinesIn(slices);
};

const inOrder = <W extends number | string>(due: readonly Due<W>[]): readonly Due<W>[] =>
  due.toSorted((a, b) => (a.when === b.when ? (a.key < b.key ? -1 : 1) : a.when < b.when ? -1 : 1));

/** Up to a page of instants that are due and `open`, in order of time: nothing that is missing is earlier. */
export const dueInstants = async (
  reader: Query,
  name: string,
  until: number,
  open: (due: Due<number>) => boolean,
): Promise<readonly Due<number>[]> => {
  const due: Due<number>[] = [];
  let complete = until; // of everything due up to here, all is in `due`
  for await (const document of dueDocuments(reader, name, DUE_AT, until)) {
    const first = document.columns[0];
    if (due.length >= PAGE && typeof first === 'number') {
      complete = first - 1;
      break;
    }
    for (const [key, deadline] of dueIn(document))
      if ('at' in deadline && deadline.at <= until) {
        const one = { key, when: deadline.at, command: deadline.command };
        if (open(one)) due.push(one);
      }
  }
  const known = inOrder(due).filter(({ when }) => when <= complete);
  // A page full of one instant: its rest comes with the next round.
  return known.length > 0 || due.length === 0 ? known : inOrder(due);
};

/** Everything that is due when this business date has closed, in order. */
export const dueDays = async (reader: Query, name: string, day: string): Promise<readonly Due<string>[]> => {
  const due: Due<string>[] = [];
  for await (const document of dueDocuments(reader, name, DUE_DAY, day))
    for (const [key, deadline] of dueIn(document))
      if ('day' in deadline && deadline.day <= day)
        due.push({ key, when: deadline.day, command: deadline.command });
  return inOrder(due);
};
