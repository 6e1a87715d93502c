// ReturnReservation: the pieces of a return are set aside on the order, or the return is rejected; a rejected return lets
// go of them.
import { reaction, type IssuedCommand, type Reaction } from '@tenure/service-kit';
import { idOfStream } from '@tenure/core';
import type { DecodedEvent } from '@tenure/events';
import type { OrderEvents } from '@tenure/events/generated/order';
import { NOT_RETURNABLE, type ReturnState } from './return.ts';

type Returning = { readonly orderId: string | null };

export const returnReservation: Reaction = reaction<Returning>({
  name: 'ReturnReservation',
  on: { order: ['ReturnRequested', 'ReturnRejected'] },
  async gather({ read }, { stream }) {
    const { orderId } = (await read('return', idOfStream(stream))).state as ReturnState;
    return { orderId };
  },
  react(event, { gathered: { orderId } }) {
    if (orderId === null) return [];
    const to = { customerId: event.key };
    const order = { ...to, aggregate: 'order', id: orderId };
    if (event.type === 'ReturnRejected') {
      const { returnId } = event.data as OrderEvents['ReturnRejected'];
      return [{ ...order, command: 'ReleaseReturn', body: { returnId } }];
    }
    return reserve(event as DecodedEvent<'ReturnRequested', OrderEvents['ReturnRequested']>, order);
  },
});

/** The rejection changes nothing where the reservation before it was accepted. */
const reserve = (
  { key, data: { returnId, lines } }: DecodedEvent<'ReturnRequested', OrderEvents['ReturnRequested']>,
  order: Pick<IssuedCommand, 'aggregate' | 'id' | 'customerId'>,
): readonly IssuedCommand[] => [
  { ...order, command: 'ReserveReturn', body: { returnId, lines } },
  {
    aggregate: 'return',
    id: returnId,
    customerId: key,
    command: 'RejectReturn',
    body: { reasonCode: NOT_RETURNABLE },
  },
];
