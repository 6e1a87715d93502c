// How far reactions and followers are behind the log.
import type { EventLog } from '@tenure/event-log';
import type { ProcessLag } from '@tenure/http';
import type { RunningReactions } from '@tenure/service-kit';

type Named = Pick<RunningReactions, 'topics' | 'seq'> & { readonly name: string };

/** Records that are in the log and not done with, by name; imported history counts until it is passed over. */
export const lagsOf = async (
  processes: readonly Named[],
  log: Pick<EventLog, 'head' | 'partitions'>,
): Promise<Readonly<Record<string, ProcessLag>>> => {
  const lags: Record<string, ProcessLag> = {};
  for (const { name, topics, seq } of processes) {
    let lagEvents = 0;
    for (const source of topics)
      for (let partition = 0; partition < log.partitions; partition++) {
        const lane = { source, partition };
        lagEvents += Math.max(0, (await log.head(lane)) - (seq(lane) ?? 0));
      }
    lags[name] = { lagEvents };
  }
  return lags;
};
