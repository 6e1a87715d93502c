// The small read model behind `GET /api/orders` and its like: a row per aggregate, folded from the service's own source.
import { idOfStream, type EventMap } from '@tenure/core';
import type { DecodedEvent } from '@tenure/events';
import {
  column,
  projection,
  type Column,
  type Document,
  type ProjectionDefinition,
} from '@tenure/projections';
import type { ColumnType, Scalar } from '@tenure/read-models';

/** A row of a list. Times are the occurredAt (ms) of the first and of the newest event. */
export type ListRow = {
  readonly customerId: string;
  readonly status: string;
  readonly revision: number;
  readonly createdAt: number;
  readonly updatedAt: number;
  /** What the list can be filtered by beyond the common columns. */
  readonly fields: Readonly<Record<string, Scalar>>;
};

/** The columns every list has, in front of its own: what http filters and sorts by. */
export const LIST_COLUMNS = {
  customerId: 'customer_id',
  status: 'status',
  revision: 'revision',
  createdAt: 'created_at',
  updatedAt: 'updated_at',
} as const;

export type ListField = {
  readonly column: string;
  readonly type: ColumnType;
  readonly en: string;
  readonly zh: string;
  /** `ms`: an instant. */
  readonly unit?: string;
  /** Computed from what the events have set, also under names that are no columns; default: the field of its name. */
  readonly of?: (fields: ListRow['fields']) => Scalar;
};

export type ListModel<M extends EventMap> = {
  /** The path: `orders`. */
  readonly name: string;
  readonly source: string;
  /** The aggregate's name: events of other streams of the source do not count. */
  readonly aggregate: string;
  /** The status each event leads to; null: it stays. Every event of the aggregate is named. */
  readonly status: { readonly [T in keyof M & string]: string | null };
  /** Further columns by the name they have in the API, and which events change them. */
  readonly fields: Readonly<Record<string, ListField>>;
  readonly changes: { readonly [T in keyof M & string]?: (data: M[T]) => Readonly<Record<string, Scalar>> };
  /** Of an aggregate about nobody alone: fields that name a customer, each of whom `customerId=` finds. */
  readonly customers?: readonly string[];
};

/** The search entries that `customers` makes. */
export const LIST_CUSTOMER = 'CUSTOMER';

/** A list model as a definition for the projection kit: `_id` is the aggregate's id. */
export const listModel = <M extends EventMap>(model: ListModel<M>): ProjectionDefinition =>
  projection({
    name: model.name,
    version: 1,
    documentId: (event) => (event.stream.startsWith(`${model.aggregate}-`) ? idOfStream(event.stream) : null),
    slices: {
      [model.source]: {
        init: () => null,
        on: Object.fromEntries(Object.keys(model.status).map((type) => [type, handler(model, type)])),
      },
    },
    columns: [...commonColumns(model.source), ...ownColumns(model)],
    ...(model.customers !== undefined && { search: customersOf(model.source, model.customers) }),
  });

const customersOf = (source: string, names: readonly string[]) => (document: Document) => {
  const row = listRowOf(source, document);
  return names.flatMap((name) => {
    const id = row?.fields[name];
    return typeof id === 'string' ? [{ kind: LIST_CUSTOMER, clear: id }] : [];
  });
};

const handler =
  <M extends EventMap>(model: ListModel<M>, type: keyof M & string) =>
  (row: unknown, event: DecodedEvent): ListRow => {
    const before = row as ListRow | null;
    const status = model.status[type] ?? before?.status ?? '';
    return {
      customerId: event.key,
      status,
      revision: event.revision,
      createdAt: before?.createdAt ?? event.occurredAt,
      updatedAt: event.occurredAt,
      fields: { ...before?.fields, ...model.changes[type]?.(event.data as M[typeof type]) },
    };
  };

/** The row of a list document; null for one that has none yet. */
export const listRowOf = (source: string, document: Document): ListRow | null =>
  (document.slices[source] as ListRow | null | undefined) ?? null;

const commonColumns = (source: string): readonly Column[] => {
  const value = (pick: (row: ListRow) => Scalar) => (document: Document) => {
    const row = listRowOf(source, document);
    return row === null ? null : pick(row);
  };
  return [
    column(
      LIST_COLUMNS.customerId,
      'text',
      value((row) => row.customerId),
      { en: 'Customer', zh: '客户' },
    ),
    column(
      LIST_COLUMNS.status,
      'text',
      value((row) => row.status),
      { en: 'Status', zh: '状态' },
    ),
    column(
      LIST_COLUMNS.revision,
      'integer',
      value((row) => row.revision),
      { en: 'Revision', zh: '版本', indexed: false },
    ),
    column(
      LIST_COLUMNS.createdAt,
      'integer',
      value((row) => row.createdAt),
      { en: 'First event', zh: '首个事件时间', unit: 'ms' },
    ),
    column(
      LIST_COLUMNS.updatedAt,
      'integer',
      value((row) => row.updatedAt),
      { en: 'Newest event', zh: '最新事件时间', unit: 'ms' },
    ),
  ];
};

const ownColumns = <M extends EventMap>(model: ListModel<M>): readonly Column[] =>
  Object.entries(model.fields).map(([name, { column: own, type, en, zh, unit, of }]) => {
    const valueOf = of ?? ((fields: ListRow['fields']) => fields[name] ?? null);
    const value = (document: Document): Scalar => {
      const row = listRowOf(model.source, document);
      return row === null ? null : valueOf(row.fields);
    };
    return column(own, type, value, { en, zh, ...(unit !== undefined && { unit }) });
  });
