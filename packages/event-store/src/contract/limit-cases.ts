import { describe, expect, it } from 'vitest';
import { MAX_BODY_BYTES, MAX_EVENTS_PER_APPEND, MAX_NAME_LENGTH } from '../append.ts';
import type { Expected, NewEvent } from '../event-store.ts';
import { event, type Subject } from './subject.ts';

const TOO_MANY = Array.from({ length: MAX_EVENTS_PER_APPEND + 1 }, (_, i) => event(`e${i}`));

type Bad = readonly [what: string, stream: string, expected: Expected, events: readonly NewEvent[]];

const BAD: readonly Bad[] = [
  ['no event', 'order-1', 'none', []],
  ['too many events', 'order-1', 'none', TOO_MANY],
  ['a stream without a name', '', 'none', [event('a')]],
  ['a name that is too long', 'x'.repeat(MAX_NAME_LENGTH + 1), 'none', [event('a')]],
  ['a negative revision', 'order-1', -1, [event('a')]],
  ['a revision that is no whole number', 'order-1', 0.5, [event('a')]],
  ['an event without a key', 'order-1', 'none', [{ ...event('a'), key: '' }]],
  ['a body that is too large', 'order-1', 'none', [event('a', MAX_BODY_BYTES + 1)]],
  ['a body that is too short', 'order-1', 'none', [{ ...event('a'), body: event('a').body.subarray(0, 15) }]],
  ['a body that begins with another id', 'order-1', 'none', [{ ...event('a'), id: event('b').id }]],
];

export const limitCases = (subject: Subject): void => {
  describe('what an append may be', () => {
    it.each(BAD)('refuses %s', async (_, stream, expected, events) => {
      const { store } = subject();
      await expect(store.append(stream, expected, events)).rejects.toMatchObject({
        code: 'INVALID_APPEND',
        retriable: false,
      });
      expect(await store.head()).toEqual({ position: 0, events: 0 });
    });

    it('takes what just fits', async () => {
      const { store } = subject();
      await store.append('x'.repeat(MAX_NAME_LENGTH), 'none', TOO_MANY.slice(1));
      await store.append('order-1', 'none', [event('large', MAX_BODY_BYTES)]);
      expect((await store.head()).events).toBe(MAX_EVENTS_PER_APPEND + 1);
    });

    it('never shows an input in its errors', async () => {
      const { store } = subject();
      const secret = { ...event('a'), key: 'Erika Mustermann'.repeat(40) };
      const error: unknown = await store
        .append('order-1', 'none', [secret])
        .catch((thrown: unknown) => thrown);
      expect(JSON.stringify(error) + String(error)).not.toContain('Erika');
    });
  });
};
