// A definition compiled for the loops: which events it folds and into which document each belongs.
import type { Codec, DecodedEvent } from '@tenure/events';
import type { ModelShape } from '@tenure/read-models';
import { CLOCK_SOURCE } from './day.ts';
import type { Merge, Merges, ProjectionDefinition, Slice } from './definition.ts';

/** What an event says of merges: about a survivor, or about one who was absorbed. */
export type MergeWord = Merge | { readonly absorbedBy: string | null };

export type Rules = {
  readonly definition: ProjectionDefinition;
  readonly codeHash: string;
  readonly shape: ModelShape;
  /** Sources whose events are folded, in the order of the definition. */
  readonly sources: readonly string[];
  /** The topics to read: the sources, and the clock when there is a summary. */
  readonly topics: readonly string[];
  readonly slices: ReadonlyMap<string, Slice>;
  /** True for events that a slice folds and that may belong to a document, and for merges: the rest is never decoded. */
  handles(source: string, type: string): boolean;
  /** True where a slice folds them: other events make no document. */
  folds(event: DecodedEvent): boolean;
  /** True for the events that say something of merges. */
  isMerge(source: string, type: string): boolean;
  /** Null: the event says nothing of merges. */
  mergeOf(event: DecodedEvent): MergeWord | null;
  /** Null: the event belongs to no document. */
  documentIdOf(event: DecodedEvent): string | null;
};

/** What an adapter must know of a projection to store it. */
export const shapeOf = (definition: ProjectionDefinition): ModelShape => ({
  model: definition.name,
  columns: definition.columns.map(({ name, type, indexed }) => ({ name, type, indexed })),
});

/** The topics a projection reads: its slices' sources, and the clock when it has a summary. */
export const topicsOf = (definition: ProjectionDefinition): readonly string[] => {
  const sources = Object.keys(definition.slices);
  return definition.summarise === undefined || sources.includes(CLOCK_SOURCE)
    ? sources
    : [...sources, CLOCK_SOURCE];
};

/**
 * Compiles a definition. Without `documentId` only events about a customer make documents.
 * @throws TypeError where merges cannot be folded
 */
export const compileRules = (
  definition: ProjectionDefinition,
  codeHash: string,
  codec: Pick<Codec, 'aboutCustomer'>,
): Rules => {
  const { documentId, merges } = definition;
  if (merges !== undefined && (documentId !== undefined || !(merges.source in definition.slices)))
    throw new TypeError(
      `${definition.name}: only documents of customers can be merged, by events of a source that a slice folds.`,
    );
  const mergers = mergersOf(merges);
  const mergerOf = (source: string, type: string) =>
    merges?.source === source ? mergers.get(type) : undefined;
  const slices = new Map(Object.entries(definition.slices));
  const types = new Map(
    [...slices].map(([source, { on }]) => [
      source,
      new Set(Object.keys(on).filter((type) => documentId !== undefined || codec.aboutCustomer(type))),
    ]),
  );
  return {
    definition,
    codeHash,
    shape: shapeOf(definition),
    sources: [...slices.keys()],
    topics: topicsOf(definition),
    slices,
    handles: (source, type) =>
      (types.get(source)?.has(type) ?? false) || mergerOf(source, type) !== undefined,
    folds: ({ source, type }) => types.get(source)?.has(type) ?? false,
    isMerge: (source, type) => mergerOf(source, type) !== undefined,
    mergeOf: (event) => mergerOf(event.source, event.type)?.(event) ?? null,
    documentIdOf: documentId ?? ((event) => event.key),
  };
};

const mergersOf = (merges: Merges | undefined): ReadonlyMap<string, (event: DecodedEvent) => MergeWord> =>
  new Map<string, (event: DecodedEvent) => MergeWord>([
    ...Object.entries(merges?.on ?? {}),
    ...Object.entries(merges?.own ?? {}).map(
      ([type, says]) => [type, (event: DecodedEvent) => ({ absorbedBy: says(event) })] as const,
    ),
  ]);
