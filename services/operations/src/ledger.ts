// Writing facts about the platform itself (source `clock` and `ops`): no aggregate decides them, they are what happened.
import { streamOf, uuid5, type Actor, type Clock, type Fact } from '@tenure/core';
import type { Codec } from '@tenure/events';
import type { Appended, EventStore, Expected } from '@tenure/event-store';

/** A fact with its name: the same name never writes twice (its event id derives from it). */
export type NamedFact = Fact & { readonly name: string; readonly occurredAt: number };

export interface Ledger {
  /** Appends to `<kind>-<id>`; resolves when durable. Repeated with the same names and expectation it writes nothing. */
  append(
    kind: string,
    id: string,
    expected: Expected,
    facts: readonly NamedFact[],
    actor: Actor,
  ): Promise<Appended>;
}

/** The ledger of one source. `wallClock` stamps recordedAt. */
export const createLedger = (source: string, store: EventStore, codec: Codec, wallClock: Clock): Ledger => ({
  append(kind, id, expected, facts, actor) {
    const stream = streamOf(kind, id);
    return store.append(
      stream,
      expected,
      facts.map(({ type, data, name, occurredAt }) => {
        const commandId = uuid5(LEDGER_NAMESPACE, stream, name);
        const eventId = uuid5(commandId, '0');
        const body = codec.encode(
          {
            id: eventId,
            type,
            source,
            occurredAt,
            recordedAt: wallClock.now(),
            meta: { commandId, correlationId: commandId, actor },
            customerId: null,
            data: data as object,
          },
          undefined,
        );
        return { id: eventId, type, key: id, body };
      }),
    );
  },
});

/** uuid5(URL, "tenure:ledger"). */
const LEDGER_NAMESPACE = '4d85744c-6e36-563f-8e8e-7c70c8301377';
