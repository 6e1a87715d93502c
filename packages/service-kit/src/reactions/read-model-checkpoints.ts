// Reaction checkpoints in a read model of their own: lanes as checkpoints, parked customers as documents, in one commit.
import type { Commit, DocumentWrite, Generation, ModelShape, ReadModels } from '@tenure/read-models';
import type { ParkedReaction, ReactionCheckpoints } from './checkpoints.ts';

/** Parked customers are few; reading them all once per start is cheap. */
const PAGE = 500;

/** Opens (or creates) the model `<service>-reactions`. `close` it after the reactions have stopped. */
export const readModelCheckpoints = async (
  models: ReadModels,
  service: string,
  about: { readonly partitions: number; readonly now: number },
): Promise<ReactionCheckpoints & { close(): Promise<void> }> => {
  const generation = await openGeneration(models, { model: `${service}-reactions`, columns: [] }, about);
  return {
    async seq({ source, partition }) {
      const lanes = await generation.checkpoints();
      return lanes.find((lane) => lane.source === source && lane.partition === partition)?.seq ?? 0;
    },
    async parked() {
      const rows: ParkedReaction[] = [];
      for (let after = ''; ;) {
        const page = await generation.scan(after, PAGE);
        rows.push(...page.map(({ body }) => JSON.parse(body) as ParkedReaction));
        const last = page.at(-1);
        if (last === undefined || page.length < PAGE) return rows;
        after = last.id;
      }
    },
    save: ({ lanes, parked, released }) =>
      generation.commit({
        ...nothing,
        checkpoints: lanes,
        documents: parked.map(asDocument),
        remove: released,
      }),
    close: () => generation.close(),
  };
};

const nothing: Commit = {
  documents: [],
  remove: [],
  checkpoints: [],
  park: [],
  unpark: [],
  refold: [],
  refolded: [],
};

const openGeneration = async (
  models: ReadModels,
  shape: ModelShape,
  { partitions, now }: { readonly partitions: number; readonly now: number },
): Promise<Generation> => {
  const active = await models.active(shape.model);
  if (active !== null) return models.openWriter(shape, active);
  const created = await models.create(shape, { codeHash: shape.model, version: 1, partitions, now });
  await created.finishBuild();
  const { generation } = created.info;
  await models.activate(shape.model, null, generation, now);
  return created;
};

const asDocument = (row: ParkedReaction): DocumentWrite => ({
  id: row.key,
  key: row.key,
  body: JSON.stringify(row),
  vector: row.from,
  sealed: null,
  partition: 0,
  stale: true,
  redirect: null,
  wakeAt: null,
  columns: [],
  search: [],
});
