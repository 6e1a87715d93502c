// The read model: what a fold of the log by other code says, as of the last closed day.
import { canonicalJson } from '@tenure/core';
import { shapeOf } from '@tenure/projections';
import type { ParkedRow, ReadModels, StoredDocument } from '@tenure/read-models';
import { SOURCE } from '../counter.ts';
import { counters, foldOne, NOT_FED, POISON, PROJECTION, summaryOf } from '../counters.ts';
import { groupBy, holds, isFed, MANY, type FedEvent, type Stored } from './facts.ts';

export const checkReadModel = async (
  events: readonly Stored[],
  today: string,
  models: ReadModels,
): Promise<void> => {
  const active = await models.active(PROJECTION);
  holds(active !== null, 'a projection is served', 'there is no active generation');
  const reader = await models.openReader(shapeOf(counters), active ?? 0);
  const documents = new Map((await reader.scan('', MANY)).map((document) => [document.id, document]));
  const parked = new Map((await reader.parked()).map((row) => [row.key, row]));
  const customers = groupBy(events.filter(isFed), ({ key }) => key);
  for (const id of documents.keys())
    holds(customers.has(id), 'read model = fold(log)', `an extra document ${id}`);
  for (const [customer, own] of customers) {
    const row = parked.get(customer);
    const document = documents.get(customer);
    if (!own.some(isPoison)) {
      holds(row === undefined, 'only the poisoned customer is parked', customer);
      checkDocument(customer, own, today, document);
    } else if (row !== undefined && row.skipped !== null)
      checkDocument(
        customer,
        own.filter((event) => !isPoison(event)),
        today,
        document,
      );
    else checkParked(customer, own, row, document);
  }
};

const isPoison = ({ data }: FedEvent): boolean => data.x === POISON;

const checkParked = (
  customer: string,
  own: readonly FedEvent[],
  row: ParkedRow | undefined,
  document: StoredDocument | undefined,
): void => {
  const first = own.findIndex(isPoison);
  const expected = {
    firstPosition: own[first]?.position,
    lastPosition: own.at(-1)?.position,
    events: own.length - first,
  };
  for (const field of ['firstPosition', 'lastPosition', 'events'] as const)
    holds(
      row?.[field] === expected[field],
      'parked ⇒ visible',
      `${customer}: ${field} ${row?.[field]}, not ${expected[field]}`,
    );
  holds(document === undefined || document.stale, 'a parked document is marked stale', customer);
};

const checkDocument = (
  customer: string,
  own: readonly FedEvent[],
  today: string,
  document: StoredDocument | undefined,
): void => {
  if (own.length === 0) return;
  const folded = own.reduce((state, { data, occurredAt }) => foldOne(state, data.x, occurredAt), NOT_FED);
  const expected = canonicalJson({
    slices: { [SOURCE]: folded },
    summary: summaryOf(folded, { date: today }),
  });
  holds(
    document?.body === expected,
    'read model = fold(log)',
    `${customer} on ${today}: ${document?.body}, the log says ${expected}`,
  );
  holds(document?.columns[0] === folded.trace, 'columns are those of the document', customer);
  holds(document?.stale === false, 'only a parked document is stale', customer);
};
