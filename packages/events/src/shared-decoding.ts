// One decoding for all readers of a record: in one thread two dozen projections read the same events.
import type { Codec, DecodedEvent, EventHead } from './codec-types.ts';

/**
 * The codec, which decodes a record only once as long as somebody holds it. Whoever gets an event must leave it as it is:
 * others read the same object.
 */
export const sharedDecoding = (codec: Codec): Codec => {
  const events = new WeakMap<object, DecodedEvent>();
  const heads = new WeakMap<Uint8Array, EventHead>();
  return {
    ...codec,
    decode(source, record) {
      const known = events.get(record);
      if (known !== undefined) return known;
      const event = codec.decode(source, record);
      events.set(record, event);
      return event;
    },
    peek(body) {
      const known = heads.get(body);
      if (known !== undefined) return known;
      const head = codec.peek(body);
      heads.set(body, head);
      return head;
    },
  };
};
