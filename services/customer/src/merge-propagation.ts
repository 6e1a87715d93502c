// MergePropagation: what was decided on one stream reaches the others. A merge is whole or it is undone.
import { reaction, type ContextSources, type IssuedCommand, type Reaction } from '@tenure/service-kit';
import type { DecodedEvent } from '@tenure/events';
import type { CustomerEvents } from '@tenure/events/generated/customer';
import { idOfStream } from '@tenure/core';
import type { CustomerState } from './customer.ts';
import { partiesOf } from './match.ts';

const to = (id: string, command: string, body: object): IssuedCommand => ({
  aggregate: 'customer',
  id,
  customerId: id,
  command,
  body,
});

type Event<T extends keyof CustomerEvents> = DecodedEvent<T, CustomerEvents[T]>;

/** The approved match becomes a merge. Refused when one of them is gone meanwhile: nothing has happened then. */
const mergeMatched = ({ stream, data: { survivorId } }: Event<'MatchApproved'>): readonly IssuedCommand[] => {
  const absorbedIds = partiesOf(idOfStream(stream)).filter((id) => id !== survivorId);
  return [to(survivorId, 'MergeCustomers', { absorbedIds })];
};

/** Everybody is absorbed; where somebody could not be, the survivor undoes the merge as a whole. */
const absorb = ({
  data: { mergeId, survivorId, absorbedIds },
}: Event<'CustomersMerged'>): readonly IssuedCommand[] => [
  ...absorbedIds.map((id) => to(id, 'AbsorbCustomer', { mergeId, survivorId })),
  to(survivorId, 'UnmergeCustomer', {
    mergeId,
    reason: 'not every party could be absorbed',
    ifIncomplete: true,
  }),
];

const restore = ({ data: { mergeId, restoredIds } }: Event<'CustomersUnmerged'>): readonly IssuedCommand[] =>
  restoredIds.map((id) => to(id, 'RestoreCustomer', { mergeId }));

/** The merge of somebody who is absorbed although it was undone; null: nobody is. */
type Stranded = { readonly mergeId: string | null };

export const mergePropagation: Reaction = reaction<Stranded>({
  name: 'MergePropagation',
  on: { customer: ['MatchApproved', 'CustomersMerged', 'CustomersUnmerged', 'ErasureCancelled'] },
  gather: async (sources, { type, key }) => ({
    mergeId: type === 'ErasureCancelled' ? await strandedBy(sources, key) : null,
  }),
  react(event, { gathered: { mergeId } }) {
    switch (event.type) {
      case 'MatchApproved':
        return mergeMatched(event as Event<'MatchApproved'>);
      case 'CustomersMerged':
        return absorb(event as Event<'CustomersMerged'>);
      case 'CustomersUnmerged':
        return restore(event as Event<'CustomersUnmerged'>);
      default:
        return mergeId === null ? [] : [to(event.key, 'RestoreCustomer', { mergeId })];
    }
  },
});

/**
 * An unmerge cannot restore who is about to be erased. When that is cancelled he is absorbed again by a merge that is no
 * more: then he is restored.
 */
const strandedBy = async ({ read }: ContextSources, id: string): Promise<string | null> => {
  const { absorbed, survivorId } = (await read('customer', id)).state as CustomerState;
  if (absorbed === null || survivorId === null) return null;
  const { merges } = (await read('customer', survivorId)).state as CustomerState;
  return merges.some(({ mergeId }) => mergeId === absorbed.mergeId) ? null : absorbed.mergeId;
};
