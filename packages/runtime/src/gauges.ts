// How far everything is, for /metrics: observed when somebody looks, nothing is counted in between.
import type { ProjectionControl, ProjectionStatus } from '@tenure/projections';
import { gauge, type Sample } from '@tenure/telemetry';
import type { SourceHead } from '@tenure/http';
import { isReactionsName } from './parked-reactions.ts';

type Observed = {
  readonly heads: () => Promise<Readonly<Record<string, SourceHead>>>;
  readonly control: Pick<ProjectionControl, 'status' | 'parked'>;
};

/** Registers the gauges of a server, once per process. */
export const observeServer = ({ heads, control }: Observed): void => {
  const ofSources = (value: (head: SourceHead) => number) => async (): Promise<readonly Sample[]> =>
    Object.entries(await heads()).map(([source, head]) => ({ value: value(head), attributes: { source } }));
  const ofProjections =
    (value: (status: ProjectionStatus) => number) => async (): Promise<readonly Sample[]> =>
      (await control.status({ digest: false })).map((status) => ({
        value: value(status),
        attributes: { projection: status.name },
      }));
  gauge(
    'tenure_store_events',
    { help: 'Events in the store of a source' },
    ofSources(({ events }) => events),
  );
  gauge(
    'tenure_relay_backlog_events',
    { help: 'Events that the store has and the log has not' },
    ofSources(({ backlogEvents }) => backlogEvents),
  );
  gauge(
    'tenure_projection_lag_events',
    { help: 'Events that a projection has not folded, from the heads of the stores' },
    ofProjections(({ lagEvents }) => lagEvents),
  );
  gauge(
    'tenure_projection_lag_seconds',
    { help: 'Age of the oldest event that a projection has not folded', unit: 's' },
    ofProjections(({ lagSeconds }) => lagSeconds),
  );
  gauge(
    'tenure_projection_documents',
    { help: 'Documents of the active generation' },
    ofProjections((status) => status.documents),
  );
  gauge(
    'tenure_projection_parked',
    { help: 'Customers that stand still' },
    ofProjections(({ parked }) => parked),
  );
  gauge('tenure_reactions_parked', { help: 'Customers whose reactions stand still' }, async () => {
    const counts = new Map<string, number>();
    for (const { projection } of await control.parked())
      if (isReactionsName(projection)) counts.set(projection, (counts.get(projection) ?? 0) + 1);
    return [...counts].map(([reactions, value]) => ({ value, attributes: { reactions } }));
  });
};
