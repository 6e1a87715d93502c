// Replays, swaps and imports as facts of source `ops`: what was done to the platform stays on record.
import { uuid5, tenureNamespace, type Actor } from '@tenure/core';
import type { ReplayStatus } from '@tenure/projections';
import type { OpsFacts } from '@tenure/events/generated/ops';
import type { NamedFact } from './ledger.ts';
import type { OperationsPorts } from './ports.ts';

/** The events that are jobs. */
export const JOBS: readonly string[] = [
  'ReplayStarted',
  'ReplayCompleted',
  'ProjectionSwapped',
  'ImportRunCompleted',
];

const OPS_NAMESPACE = tenureNamespace('ops');
const FINISHED: readonly ReplayStatus['state'][] = ['active', 'standby', 'retired', 'failed'];
const WAIT_MS = 20_000; // of one question; the answer comes with the next change

/** A replay's id as a UUID, whatever the engine calls it. */
const replayUuid = ({ id, projection, generation }: ReplayStatus): string =>
  uuid5(OPS_NAMESPACE, 'replay', id, projection, String(generation));

const fact = <T extends keyof OpsFacts>(
  type: T,
  name: string,
  occurredAt: number,
  data: OpsFacts[T],
): NamedFact => ({ type, name, occurredAt, data });

/** Writes ReplayStarted. Resolves, when durable, with what writes the end of the replay once it has come. */
export const recordReplay = async (
  ports: OperationsPorts,
  started: ReplayStatus,
  actor: Actor,
): Promise<{ readonly ended: Promise<void> }> => {
  const { projection, generation } = started;
  const replayId = replayUuid(started);
  const startedAt = ports.wallClock.now();
  const from = await activeGeneration(ports, projection);
  const about = { replayId, projection, generation };
  const begin = fact('ReplayStarted', 'started', startedAt, { ...about, from: 0, requestedBy: actor });
  await ports.ledger.append('replay', replayId, 'any', [begin], actor);
  const end = async (): Promise<void> => {
    const status = await untilEnded(ports, started);
    if (status.state === 'failed') return;
    const now = ports.wallClock.now();
    const completed = fact('ReplayCompleted', 'completed', now, {
      ...about,
      events: status.events,
      seconds: ((now - startedAt) / 1000).toFixed(3).replace(/\.?0+$/, ''),
      stateSha256: status.digest ?? '',
    });
    await ports.ledger.append('replay', replayId, 'any', [completed], actor);
    if (status.state === 'active') await recordSwap(ports, { projection, from, to: generation }, actor);
  };
  return { ended: end() };
};

/** The generation that readers see; 0: none. */
export const activeGeneration = async ({ control }: OperationsPorts, projection: string): Promise<number> =>
  (await control.generations(projection)).find(({ state }) => state === 'active')?.generation ?? 0;

/** A build that is not to be activated is over when it is verified; one that is goes on from there. */
const isOver = ({ activate, state, verified }: ReplayStatus): boolean =>
  FINISHED.includes(state) || (!activate && state === 'verifying' && verified !== null);

const untilEnded = async ({ control }: OperationsPorts, replay: ReplayStatus): Promise<ReplayStatus> => {
  let status = replay;
  while (!isOver(status)) status = await control.replay(replay.id, WAIT_MS);
  return status;
};

/** The alias of a projection has moved. */
export const recordSwap = async (
  ports: OperationsPorts,
  { projection, from, to }: { readonly projection: string; readonly from: number; readonly to: number },
  actor: Actor,
): Promise<void> => {
  const now = ports.wallClock.now();
  const swapped = fact('ProjectionSwapped', `${from} to ${to} at ${now}`, now, {
    projection,
    fromGeneration: from,
    toGeneration: to,
    approvedBy: actor,
  });
  await ports.ledger.append('projection', projection, 'any', [swapped], actor);
};

export type ImportRun = OpsFacts['ImportRunCompleted'];

/** A finished import. Repeated under the same id it writes nothing. */
export const recordImport = async (ports: OperationsPorts, run: ImportRun, actor: Actor): Promise<void> => {
  const completed = fact('ImportRunCompleted', 'completed', ports.wallClock.now(), run);
  await ports.ledger.append('import', run.importId, 'any', [completed], actor);
};
