// Writes a folded partition: each document once, in the order of the ids.
import type { DocumentWrite } from '@tenure/read-models';
import { breathe } from '../exclusive.ts';
import { failureAt, foldKey } from '../fold-key.ts';
import type { LiveDocument } from '../live-document.ts';
import { renderContext } from '../model.ts';
import { parkedRow } from '../parking.ts';
import { renderDocument, renderFrozen } from '../render.ts';
import type { FoldedPartition } from './fold-partition.ts';
import type { Building } from './run-build.ts';

/** Documents per transaction and per breath. */
const WRITE_PAGE = 500;

/** Renders and commits page by page; a customer whose document cannot be rendered is parked like one that cannot be folded. */
export const writePartition = async (building: Building, folded: FoldedPartition): Promise<void> => {
  const { rules, generation } = building;
  const failed = new Map<string, unknown>();
  const ordered = folded.documents.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  for (let from = 0; from < ordered.length; from += WRITE_PAGE) {
    const page = ordered.slice(from, from + WRITE_PAGE);
    const context = { ...(await renderContext(building, rules, page)), day: folded.day };
    const documents: DocumentWrite[] = [];
    for (const live of page)
      try {
        documents.push(renderDocument(rules, live, context));
      } catch (error) {
        failed.set(live.key, error);
      }
    await generation.commit({ ...NOTHING, documents });
    await breathe();
  }
  const frozen: LiveDocument[] = [...folded.frozen];
  const park = [];
  for (const [key, error] of failed) {
    const customer = { key, partition: folded.partition };
    const again = await foldKey(building, rules, customer, [{ key, upTo: folded.positions }], 'freeze');
    frozen.push(...again.documents);
    const [source = '', position = 0] = Object.entries(again.documents[0]?.vector ?? {})[0] ?? [];
    park.push(
      parkedRow(customer, failureAt(source, position, error), {
        codeHash: rules.codeHash,
        now: building.job.now,
      }),
    );
  }
  if (frozen.length === 0) return;
  const context = { ...(await renderContext(building, rules, frozen)), day: folded.day };
  await generation.commit({
    ...NOTHING,
    documents: frozen.map((live) => renderFrozen(rules, live, context)),
    park,
  });
};

const NOTHING = {
  documents: [],
  remove: [],
  checkpoints: [],
  park: [],
  unpark: [],
  refold: [],
  refolded: [],
} as const;
