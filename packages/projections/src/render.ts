// From a document in memory to what is stored of it. The body is a function of the slices and the business day alone.
import { canonicalJson } from '@tenure/core';
import { mergeBlocks, sealedRefsOfJson } from '@tenure/events';
import type { DocumentWrite } from '@tenure/read-models';
import type { Day } from './day.ts';
import type { Document, ProjectionDefinition } from './definition.ts';
import type { LiveDocument } from './live-document.ts';
import type { Rules } from './rules.ts';
import { searchEntries, type BlindIndex, type Keys } from './search-index.ts';

/** What rendering knows beyond the document: the business day of its partition, and how to open personal values. */
export type RenderContext = BlindIndex & { readonly day: Day | undefined; readonly keys: Keys };

/** Due at the first closed day, whenever that is. */
const AT_FIRST_DAY = 0;

/** Computes summary, columns and search entries and lays the body out. Throws what the definition throws. */
export const renderDocument = (rules: Rules, live: LiveDocument, context: RenderContext): DocumentWrite => {
  const { definition } = rules;
  const { day } = context;
  const { id, slices } = live;
  const summary =
    definition.summarise === undefined || day === undefined ? null : definition.summarise(slices, day);
  const document: Document = { id, slices, summary };
  const body = canonicalJson({ slices, summary });
  const hasBlocks = live.sealed !== null || live.added.length > 0;
  return {
    id,
    key: live.key,
    partition: live.partition,
    body,
    vector: { ...live.vector },
    sealed: hasBlocks ? sealedOf(live, sealedRefsOfJson(body)) : null,
    stale: false,
    redirect: null,
    wakeAt: nextWake(rules, document, day),
    columns: definition.columns.map((column) => column.value(document)),
    search: entriesOf(definition, live, document, context),
  };
};

// Mostly nothing has changed: no new block, and as many references as there are blocks.
const sealedOf = (live: LiveDocument, refs: ReadonlySet<string>): Uint8Array | null =>
  live.added.length === 0 && live.blocks?.size === refs.size
    ? live.sealed
    : mergeBlocks(live.sealed, live.added, refs);

const entriesOf = (
  { search }: ProjectionDefinition,
  live: LiveDocument,
  { slices, summary }: Pick<Document, 'slices' | 'summary'>,
  context: RenderContext,
): DocumentWrite['search'] =>
  search === undefined
    ? []
    : searchEntries(live, search({ id: live.id, slices, summary }), context.keys, context);

// Never at or before the day just closed: a definition that names the past would be woken for ever within one day.
const nextWake = ({ definition }: Rules, document: Document, day: Day | undefined): number | null => {
  if (definition.summarise === undefined) return null;
  if (day === undefined) return AT_FIRST_DAY;
  const wakeAt = definition.wakeAt?.(document, day) ?? null;
  return wakeAt === null ? null : Math.max(wakeAt, day.end + 1);
};

/** Takes over what the store now holds, so that the document can be folded on. */
export const settleDocument = (live: LiveDocument, written: DocumentWrite): void => {
  if (written.sealed !== live.sealed) live.blocks = null;
  live.sealed = written.sealed;
  live.stored = written.vector;
  live.added = [];
  live.weight = written.body.length;
};

/** A parked customer's document that was never stored healthy: what of it can be computed, marked as standing still. */
export const renderFrozen = (rules: Rules, live: LiveDocument, context: RenderContext): DocumentWrite => {
  const { search: _, ...definition } = forgiving(rules.definition);
  const write = renderDocument({ ...rules, definition }, live, context);
  const search = orNull(() => entriesOf(rules.definition, live, JSON.parse(write.body), context));
  return { ...write, stale: true, wakeAt: null, search: search ?? [] };
};

const forgiving = (definition: ProjectionDefinition): ProjectionDefinition => {
  const { summarise, columns } = definition;
  return {
    ...definition,
    ...(summarise && { summarise: (slices, day) => orNull(() => summarise(slices, day)) }),
    columns: columns.map((column) => ({
      ...column,
      value: (document) => orNull(() => column.value(document)),
    })),
  };
};

const orNull = <T>(compute: () => T): T | null => {
  try {
    return compute();
  } catch {
    return null; // why it fails stands in the customer's row
  }
};
