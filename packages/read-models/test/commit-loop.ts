// Commits batches until it is killed: each batch raises every document and the checkpoint to the same number.
import { openSqliteReadModels } from '../src/sqlite/index.ts';
import { commit, document, SHAPE } from '../src/contract/material.ts';

const DOCUMENTS = 200;
const [dir = '', generation = '1'] = process.argv.slice(2);
const writer = await openSqliteReadModels({ dir }).openWriter(SHAPE, Number(generation));
for (let round = 1; ; round++) {
  await writer.commit(
    commit({
      documents: Array.from({ length: DOCUMENTS }, (_, i) =>
        document(`id-${i}`, { vector: { order: round }, columns: [`round ${round}`, round, null] }),
      ),
      checkpoints: [{ source: 'order', partition: 0, seq: round, position: round }],
    }),
  );
  if (round === 3) process.send?.('under way');
}
