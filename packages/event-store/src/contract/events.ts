// Events that can be recognised by their bodies.
import { hash } from 'node:crypto';
import type { NewEvent, StoredEvent } from '../event-store.ts';

/** An event whose id, key and body follow from its name: the same name is the same event. */
export const event = (name: string, size = 64): NewEvent => {
  const id = hash('sha256', name, 'buffer').subarray(0, 16);
  const hex = id.toString('hex');
  const body = Buffer.alloc(Math.max(size, 16 + Buffer.byteLength(name)), 0x2e);
  id.copy(body);
  body.write(name, 16);
  return {
    id: `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`,
    type: 'SomethingHappened',
    key: `customer-${name}`,
    body,
  };
};

/** The name that `event` put into a body. */
export const nameOf = ({ body }: StoredEvent): string =>
  Buffer.from(body).subarray(16).toString().replace(/\.+$/, '');

export const namesOf = (events: readonly StoredEvent[]): readonly string[] => events.map(nameOf);
