// What a projection service writes down: slices (pure folds per source), a summary, columns. The engine does the rest.
import type { EventMap } from '@tenure/core';
import type { DecodedEvent, Sealable, SearchKind } from '@tenure/events';
import type { ColumnType, Scalar } from '@tenure/read-models';

/** One part of a document, folded from one source alone, in position order. Pure: no clock, no I/O, no randomness. */
export type Slice<S = unknown> = {
  readonly init: () => S;
  readonly on: Readonly<Record<string, SliceHandler<S>>>;
};

// Declared as a method, so that a handler of one event type is a handler: the engine only calls it with that type, and
// always says whose document it is.
type SliceHandler<S> = { fold(state: S, event: DecodedEvent, documentId?: string): S }['fold'];

/**
 * Declares a slice; `on` is typed by the event map of its source. Where customers are merged, `documentId` is the survivor
 * and `event.key` whom the event is about.
 */
export const slice = <S, M extends EventMap>(definition: {
  readonly init: () => S;
  readonly on: {
    readonly [T in keyof M & string]?: (state: S, event: DecodedEvent<T, M[T]>, documentId: string) => S;
  };
}): Slice<S> => definition as Slice<S>;

/** What an event about a survivor says of others: from now on they belong to him, or no longer. */
export type Merge = { readonly absorbs: readonly string[] } | { readonly restores: readonly string[] };

/** Which events of a source merge customers. Pure. */
export type Merges = {
  readonly source: string;
  /** About the survivor: a merge takes effect with them. */
  readonly on: Readonly<Record<string, MergeHandler>>;
  /**
   * About those others: who has absorbed the customer, or (null) that he is restored. It decides where several claim him
   * at once, and ends older claims.
   */
  readonly own?: Readonly<Record<string, OwnHandler>>;
};
type MergeHandler = { says(event: DecodedEvent): Merge }['says'];
type OwnHandler = { says(event: DecodedEvent): string | null }['says'];

/** Declares how customers are merged; typed by the event map of the source. */
export const merges = <M extends EventMap>(definition: {
  readonly source: string;
  readonly on: { readonly [T in keyof M & string]?: (event: DecodedEvent<T, M[T]>) => Merge };
  readonly own?: { readonly [T in keyof M & string]?: (event: DecodedEvent<T, M[T]>) => string | null };
}): Merges => definition as Merges;

/** The slices of a document by source; a source that has brought nothing yet stands with its `init()`. */
export type Slices = Readonly<Record<string, unknown>>;

/** A document in memory. `summary` is null before the first closed business day and for list models. */
export type Document<S extends Slices = Slices> = {
  readonly id: string;
  readonly slices: S;
  readonly summary: unknown;
};

/** The last closed business day (YYYY-MM-DD) and the zone: all that a summary may know of time. */
export type Today = { readonly date: string; readonly zone: string };

/** A value of the document that BI reads and lists filter by. Money stays in minor units with its currency beside it. */
export type Column = {
  readonly name: string;
  readonly type: ColumnType;
  readonly indexed: boolean;
  readonly value: (document: Document) => Scalar;
  /** What it means, in both languages of the product. */
  readonly en: string;
  readonly zh: string;
  readonly unit?: string;
  readonly measure?: 'sum' | 'average' | 'none';
};

/**
 * A personal value to be found by: opened, normalised and hashed by the engine when the document is written. Most kinds
 * are found by exact match; NAME_BIGRAM gives a hash for each pair of letters, to be compared for similarity.
 */
export type SearchValue = { readonly kind: SearchKind; readonly value: Sealable<string> };

/**
 * A clear value to be found by exact match (a pseudonym such as an external id), as it is; `keyed`: normalised and
 * hashed like a personal value of its kind.
 */
export type ClearSearchValue = { readonly kind: string; readonly clear: string; readonly keyed?: true };

export type ProjectionDefinition = {
  readonly name: string;
  /** Raised by hand when the meaning changes without the code (a policy, a column's unit). */
  readonly version: number;
  readonly slices: Readonly<Record<string, Slice>>;
  /** Pure; remembers nothing of earlier summaries. For every t before wakeAt its result is the same. */
  readonly summarise?: (slices: Slices, today: Today) => unknown;
  /**
   * The next instant (ms) at which `summarise` would change by time alone; null: never. `today` moves when a day closes,
   * so that is the end of the business day (the start of the next one in the zone) whose closing changes something.
   * Earlier is safe and costs a write, later is wrong.
   */
  readonly wakeAt?: (document: Document, today: Today) => number | null;
  /** Default: the event's key, and then only events "about" a customer make documents. A list model takes the aggregate's id. */
  readonly documentId?: (event: DecodedEvent) => string | null;
  /**
   * Merged customers share the document of the survivor, folded from the events of them all; the others redirect to him.
   * Left out: everybody keeps his own. Not together with `documentId`; its source is one of the slices'.
   */
  readonly merges?: Merges;
  readonly search?: (document: Document) => readonly (SearchValue | ClearSearchValue)[];
  readonly columns: readonly Column[];
};

/** Declares a projection. */
export const projection = (definition: ProjectionDefinition): ProjectionDefinition => definition;

/** Declares a column: `column('net', 'integer', d => …, {en, zh})`; indexed unless said otherwise. */
export const column = (
  name: string,
  type: ColumnType,
  value: (document: Document) => Scalar,
  about: {
    readonly en: string;
    readonly zh: string;
    readonly unit?: string;
    readonly measure?: Column['measure'];
    readonly indexed?: boolean;
  },
): Column => {
  const { indexed = true, ...rest } = about;
  return { name, type, value, indexed, ...(rest as Pick<Column, 'en' | 'zh'>) };
};
