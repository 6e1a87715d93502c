// Replays, swaps and imports as facts of source `ops`: what was done to the platform stays on record.
import { uuid5, tenureNamespace, type Actor } from '@tenure/core';
import type { ReplayStatus } from '@tenure/projections';
import type { OperationsPorts } from './ports.ts';

const OPS_NAMESPACE = tenureNamespace('ops');
const FINISHED: readonly ReplayStatus['state'][] = ['active', 'standby', 'retired', 'failed'];
const WAIT_MS = 20_000;

/** A replay's id as a UUID, whatever the engine calls it. */
const replayUuid = ({ id, projection, generation }: ReplayStatus): string =>
  uuid5(OPS_NAMESPACE, 'replay', id, projection, String(generation));

/** Writes ReplayStarted now and ReplayCompleted (and the swap) when the replay has come to its end. */
export const recordReplay = async (
  ports: OperationsPorts,
  started: ReplayStatus,
  actor: Actor,
): Promise<void> => {
  const { projection, generation } = started;
  const replayId = replayUuid(started);
  const startedAt = ports.wallClock.now();
  const active = (await ports.control.generations(projection)).find(({ state }) => state === 'active');
  const about = { replayId, projection, generation };
  await ports.ledger.append(
    'replay',
    replayId,
    'any',
    [
      {
        type: 'ReplayStarted',
        name: 'started',
        occurredAt: startedAt,
        data: { ...about, from: 0, requestedBy: actor },
      },
    ],
    actor,
  );
  const ended = await untilEnded(ports, started);
  if (ended.state === 'failed') return;
  const now = ports.wallClock.now();
  const data = {
    ...about,
    events: ended.events,
    seconds: ((now - startedAt) / 1000).toFixed(3).replace(/\.?0+$/, ''),
    stateSha256: ended.digest ?? '',
  };
  await ports.ledger.append(
    'replay',
    replayId,
    'any',
    [{ type: 'ReplayCompleted', name: 'completed', occurredAt: now, data }],
    actor,
  );
  if (ended.state === 'active')
    await recordSwap(ports, { projection, from: active?.generation ?? 0, to: generation }, actor);
};

const untilEnded = async (ports: OperationsPorts, replay: ReplayStatus): Promise<ReplayStatus> => {
  let status = replay;
  while (!isOver(status)) status = await ports.control.replay(replay.id, WAIT_MS);
  return status;
};

/** A build that was not to be activated is over when it is verified. */
const isOver = (status: ReplayStatus): boolean =>
  FINISHED.includes(status.state) || (status.state === 'verifying' && status.verified !== null);

/** The alias of a projection has moved. */
export const recordSwap = async (
  ports: OperationsPorts,
  swap: { readonly projection: string; readonly from: number; readonly to: number },
  actor: Actor,
): Promise<void> => {
  const now = ports.wallClock.now();
  await ports.ledger.append(
    'projection',
    swap.projection,
    'any',
    [
      {
        type: 'ProjectionSwapped',
        name: `${swap.from} to ${swap.to} at ${now}`,
        occurredAt: now,
        data: {
          projection: swap.projection,
          fromGeneration: swap.from,
          toGeneration: swap.to,
          approvedBy: actor,
        },
      },
    ],
    actor,
  );
};

export type ImportRun = {
  readonly importId: string;
  readonly source: string;
  readonly accepted: number;
  readonly updated: number;
  readonly duplicates: number;
  readonly rejected: number;
  readonly reportSha256: string;
};

/** A finished import. Repeated under the same id it writes nothing. */
export const recordImport = async (ports: OperationsPorts, run: ImportRun, actor: Actor): Promise<void> => {
  await ports.ledger.append(
    'import',
    run.importId,
    'any',
    [{ type: 'ImportRunCompleted', name: 'completed', occurredAt: ports.wallClock.now(), data: run }],
    actor,
  );
};
