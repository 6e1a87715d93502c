// The read models after everything: what a fresh engine makes of the same log, and the risk that was told of it.
import { memoryEventLog } from '@tenure/event-log/memory';
import { shapeOf, startProjections, type ProjectionDefinition } from '@tenure/projections';
import type { ReadModels, StoredDocument } from '@tenure/read-models';
import { openMemoryReadModels } from '@tenure/read-models/memory';
import { holds, MANY, Violation } from '../../invariants/facts.ts';
import type { World } from '../world.ts';
import { codec, definitions, hashes } from '../platform.ts';
import { stateOf } from './commands.ts';
import type { Facts } from './facts.ts';

const LOOK_MS = 20;
const FOLD_MS = 60_000;

type Documents = ReadonlyMap<string, StoredDocument>;

const documentsIn = async (models: ReadModels, definition: ProjectionDefinition): Promise<Documents> => {
  const shape = shapeOf(definition);
  const active = await models.active(definition.name);
  holds(active !== null, 'a projection is served', definition.name);
  const reader = await models.openReader(shape, active ?? 0);
  for (const { key } of await reader.parked())
    holds(false, 'nobody is parked', `${key} in ${definition.name}`);
  return new Map((await reader.scan('', MANY)).map((document) => [document.id, document]));
};

/** All that a document says; how often it was written is none of it. */
const saying = ({ body, columns, redirect, stale, wakeAt }: StoredDocument): string =>
  JSON.stringify({ body, columns, redirect, stale, wakeAt });

/** Folds the log anew, with other batches and without a fault. */
const foldedAnew = async (
  { scheduler, deployment, clock }: World,
  keys: World['keys'],
): Promise<ReadModels> => {
  const readModels = openMemoryReadModels();
  const pause = (ms: number, signal: AbortSignal): Promise<void> => scheduler.sleep(ms, signal, '');
  const { lanes, sources, store } = deployment.durable;
  const log = memoryEventLog(lanes, pause);
  for (const source of sources) {
    const { position } = await store(source).head();
    if (position > 0) await log.announce(source, position); // there is no relay to say that all of it is there
  }
  const engine = await startProjections({
    ...{ log, readModels, codec, keys, definitions, clock, pause, searchHashes: hashes },
    onAlarm: ({ code, detail }) => scheduler.note(`a fresh fold: ${code} ${detail}`),
  });
  const deadline = scheduler.clock.now() + FOLD_MS;
  for (const { definition } of definitions)
    while (!(await engine.control.caughtUp(definition.name))) {
      if (scheduler.clock.now() > deadline)
        throw new Violation(`a fresh fold ends: ${definition.name} does not`);
      await scheduler.sleep(LOOK_MS, undefined, '');
    }
  await engine.stop();
  await log.close();
  return readModels;
};

export const checkReadModels = async (world: World, facts: Facts): Promise<void> => {
  const fresh = await foldedAnew(world, world.keys);
  const models = world.deployment.durable.readModels.open();
  for (const { definition } of definitions) {
    const [found, expected] = [await documentsIn(models, definition), await documentsIn(fresh, definition)];
    for (const id of new Set([...found.keys(), ...expected.keys()])) {
      const [has, should] = [found.get(id), expected.get(id)];
      holds(
        has !== undefined && should !== undefined && saying(has) === saying(should),
        'read model = fold(log)',
        `${definition.name} ${id}:\n${has && saying(has)}\nthe log says\n${should && saying(should)}`,
      );
    }
    if (definition.name === 'churn') checkRisk(found, facts);
  }
};

type Assessed = {
  readonly summary: {
    readonly score: number;
    readonly signals: readonly { readonly code: string; readonly severity: number }[];
    readonly churned: object | null;
  } | null;
};
type Told = {
  readonly level: string;
  readonly signals: readonly { readonly code: string; readonly severity: number }[];
  readonly churned: object | null;
};

const LEVELS = ['LOW', 'MEDIUM', 'HIGH', 'CRITICAL'];
const EDGES = [Number.NEGATIVE_INFINITY, 25, 55, 85] as const;
const HYSTERESIS = 5;

/** Up at once, down only where the score is 5 points below the edge. */
const toBeTold = (told: number, score: number): number => {
  const now = EDGES.findLastIndex((edge) => score >= edge);
  return now >= told
    ? now
    : Math.min(
        told,
        EDGES.findLastIndex((edge) => edge - HYSTERESIS < score),
      );
};

const checkRisk = (documents: Documents, facts: Facts): void => {
  for (const { id, body, redirect } of documents.values()) {
    if (redirect !== null) continue;
    const { summary } = JSON.parse(body) as Assessed;
    if (summary === null) continue;
    const told = stateOf(facts, `risk-${id}`) as unknown as Told;
    const shown = (signals: Told['signals']): string =>
      signals
        .map(({ code, severity }) => `${code} ${severity}`)
        .toSorted()
        .join(', ');
    const level = LEVELS.indexOf(told.level);
    holds(
      toBeTold(level, summary.score) === level,
      'the published risk is what the assessment demands',
      `${id}: ${told.level} at ${summary.score}`,
    );
    holds(
      shown(told.signals) === shown(summary.signals),
      'the published signals are those of the assessment',
      `${id}: told ${shown(told.signals)}; assessed ${shown(summary.signals)}`,
    );
    holds((told.churned === null) === (summary.churned === null), 'who is lost is told', id);
  }
};
