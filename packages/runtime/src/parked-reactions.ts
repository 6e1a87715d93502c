// Customers whose reactions stand still, beside those that a projection has parked: seen and retried in the same way.
import { TenureError } from '@tenure/core';
import { partitionOf } from '@tenure/event-log';
import type { ProjectionControl } from '@tenure/projections';
import type { ParkedReaction, RunningReactions } from '@tenure/service-kit';

type Reactions = Pick<RunningReactions, 'parked' | 'retry'> & { readonly service: string };
type Row = Awaited<ReturnType<ProjectionControl['parked']>>[number];

const PREFIX = 'reactions-';

/** The name under which parked reactions of a service are shown. */
const reactionsName = (service: string): string => `${PREFIX}${service}`;

export const isReactionsName = (projection: string): boolean => projection.startsWith(PREFIX);

/** The control of the projections, with the reactions that are parked. */
export const controlWith = (
  control: ProjectionControl,
  reactions: readonly Reactions[],
  partitions: number,
): ProjectionControl => {
  const find = (projection: string): Reactions | undefined =>
    reactions.find(({ service }) => reactionsName(service) === projection);
  const rowsOf = (one: Reactions): readonly Row[] => one.parked().map((row) => asRow(row, partitions));
  return {
    ...control,
    async parked(projection) {
      if (projection === undefined) return [...(await control.parked()), ...reactions.flatMap(rowsOf)];
      const found = find(projection);
      return found === undefined ? control.parked(projection) : rowsOf(found);
    },
    async retry(projection, which) {
      const found = find(projection);
      return found === undefined ? control.retry(projection, which) : retryAll(found, which);
    },
    async skip(projection, key, reason) {
      if (find(projection) === undefined) return control.skip(projection, key, reason);
      throw new TenureError(
        'ILLEGAL_STATE',
        'No reaction is skipped: what should have followed would be missing for good. Mend the cause and retry.',
        { projection },
      );
    },
  };
};

/** One after the other: a class may be thousands, and each issues commands. */
const retryAll = async (
  { parked, retry }: Reactions,
  which: Parameters<ProjectionControl['retry']>[1],
): Promise<readonly string[]> => {
  const released: string[] = [];
  for (const { key, class: kind } of parked())
    if ((which.key ?? key) === key && (which.class ?? kind) === kind && (await retry(key)))
      released.push(key);
  return released;
};

const asRow = (row: ParkedReaction, partitions: number): Row => {
  const [[source, firstPosition] = ['', 0]] = Object.entries(row.from);
  return {
    projection: reactionsName(row.service),
    generation: 0,
    key: row.key,
    partition: partitionOf(row.key, partitions),
    class: row.class,
    message: row.message,
    source,
    codeHash: '',
    firstPosition,
    lastPosition: row.to?.[source] ?? firstPosition,
    events: row.events,
    attempts: row.attempts,
    since: row.since,
    skipped: null,
  };
};
