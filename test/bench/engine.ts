// The projection engine with the real customer-360, as the pipeline thread and a build thread compose it.
import { createSecretKey } from 'node:crypto';
import { createCodec } from '../../packages/events/src/index.ts';
import { openDeployment } from '../../packages/runtime/src/deployment.ts';
import { hashesOf } from '../../packages/runtime/src/pipeline.ts';
import { startProjections, type Projections } from '../../packages/projections/src/index.ts';
import type { EventLog } from '../../packages/event-log/src/index.ts';
import type { ReadModels } from '../../packages/read-models/src/index.ts';
import { platform } from '../../services/platform/src/services.ts';
import { until } from './server.ts';
import { benchKey } from './events.ts';

export const MODEL = 'customer-360';

const deployment = await openDeployment(platform, { faults: [] });
const found = deployment.projections.find(({ definition }) => definition.name === MODEL);
if (found === undefined) throw new Error(`the platform has no ${MODEL}`);

export const { definition, codeHash } = found;

export const engine = {
  codec: createCodec(),
  keys: { load: async (ids: readonly string[]) => new Map(ids.map((id) => [id, benchKey])) },
  searchHashes: hashesOf(createSecretKey(Buffer.alloc(32, 3)), deployment.region),
};

/** The live engine with the 360 alone. */
export const startEngine = (log: EventLog, readModels: ReadModels): Promise<Projections> =>
  startProjections({
    ...engine,
    log,
    readModels,
    definitions: [{ definition, codeHash }],
    clock: { now: () => Date.now() },
  });

/** A million events at the slowest rate that anybody would wait for. */
const PATIENCE_MS = 900_000;

export const caughtUp = (running: Projections): Promise<true> =>
  until('the 360 has caught up', async () => (await running.control.caughtUp(MODEL)) || false, PATIENCE_MS);
