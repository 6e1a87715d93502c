// What deciders may read beyond their stream: their own state opened, others of the service, personal fields of events.
import { createSecretKey, randomBytes } from 'node:crypto';
import { blindIndex, REDACTED, type Codec, type Sealable } from '@tenure/events';
import { memoryEventStore, type EventStore } from '@tenure/event-store';
import { memoryKeyStore } from '@tenure/keys';
import { describe, expect, it } from 'vitest';
import {
  accountSpec,
  bank,
  id,
  jsonCodec,
  NOW,
  on,
  open,
  partyTable,
  toyBus,
  toyPolicies,
} from '../../test/toy.ts';
import { createContextSources, type AggregateSpec, type ContextSources } from '../index.ts';

/** Opens what the toy calls sealed, with any key of its customer. */
const openingCodec: Codec = {
  ...jsonCodec,
  openFields(block, key) {
    if (key === undefined) return REDACTED;
    const { data } = JSON.parse(Buffer.from(block.ct).subarray(16).toString()) as {
      data: { holder: string };
    };
    return new Map([['holder', data.holder]]);
  },
};

type State = { readonly balance: number; readonly holder: Sealable<string> | null };
type Seen = {
  readonly command: string;
  readonly revision: number;
  readonly balance: number;
  readonly holder: string | null;
};

const setUp = () => {
  const seen: Seen[] = [];
  const keys = memoryKeyStore((size) => randomBytes(size), NOW);
  const store = memoryEventStore();
  let reads = 0;
  const counted: EventStore = {
    ...store,
    readStream(...args) {
      reads++;
      return store.readStream(...args);
    },
  };
  const looking: AggregateSpec = {
    ...accountSpec,
    async context({ read, policies }, { name, base }) {
      const { state, revision, open: opened } = await read('account', base.id);
      const { balance, holder } = state as State;
      seen.push({ command: name, revision, balance, holder: opened(holder) });
      return { policies };
    },
  };
  const toy = toyBus({
    services: [{ ...bank, aggregates: [looking] }],
    stores: () => counted,
    codec: openingCodec,
    keys,
  });
  const sources: ContextSources = createContextSources({
    ...{ services: [bank], stores: () => store, codec: openingCodec, keys, policies: toyPolicies },
    lookups: () => partyTable(new Map()),
    pepper: createSecretKey(Buffer.alloc(32, 1)),
  })('bank');
  return { ...toy, seen, keys, store, sources, reads: () => reads };
};

describe('the context of a decider', () => {
  it('opens the state of its own aggregate, without reading it again', async () => {
    const { bus, seen, reads } = setUp();
    await bus.submit(open('a', { accountId: id('x') }));
    const before = reads();
    await bus.submit(on(id('x'), 'PayIn', 'b', { amount: 5 }));
    expect(seen).toEqual([
      { command: 'OpenAccount', revision: -1, balance: 0, holder: null },
      { command: 'PayIn', revision: 0, balance: 0, holder: 'Kim' },
    ]);
    expect(reads()).toBe(before);
  });

  it('sees what the steps before have decided, though nothing is written yet', async () => {
    const { bus, seen } = setUp();
    const { steps, ...request } = open('a', { accountId: id('x') });
    const more = { command: 'PayIn', body: { amount: 5 } };
    await bus.submit({ ...request, steps: [steps[0], more, more] });
    expect(seen.slice(1)).toEqual([
      { command: 'PayIn', revision: 0, balance: 0, holder: 'Kim' },
      { command: 'PayIn', revision: 1, balance: 5, holder: 'Kim' },
    ]);
  });

  it('gets null for a person whose keys are destroyed', async () => {
    const { bus, seen, keys } = setUp();
    await bus.submit(open('a', { accountId: id('x') }));
    await keys.destroy(id('kim'));
    await bus.submit(on(id('x'), 'PayIn', 'b', { amount: 5 }));
    expect(seen.at(-1)).toEqual({ command: 'PayIn', revision: 0, balance: 0, holder: null });
  });
});

describe('sources outside of a command', () => {
  it('read an aggregate as of now, and know one that is not there', async () => {
    const { bus, sources } = setUp();
    await bus.submit(open('a', { accountId: id('x') }));
    const first = await sources.read('account', id('x'));
    expect(first.open((first.state as State).holder)).toBe('Kim');
    expect(first.open(null)).toBeNull();
    expect(first.open({ $sealed: id('another event'), field: 'holder' })).toBeNull();
    await bus.submit(on(id('x'), 'PayIn', 'b', { amount: 5 }));
    expect(await sources.read('account', id('x'))).toMatchObject({ revision: 1, state: { balance: 5 } });
    expect(await sources.read('account', id('y'))).toMatchObject({ revision: -1, state: { balance: 0 } });
  });

  it('open the personal fields of an event, none when there are none or the keys are gone', async () => {
    const { bus, sources, store, keys } = setUp();
    await bus.submit(open('a', { accountId: id('x') }));
    await bus.submit(on(id('x'), 'PayIn', 'b', { amount: 5 }));
    const events = (await store.readAll(0, 10)).map((stored) => jsonCodec.decode('bank', stored));
    const opened = () => Promise.all(events.map((event) => sources.open(event)));
    expect(await opened()).toEqual([new Map([['holder', 'Kim']]), new Map()]);
    await keys.destroy(id('kim'));
    expect(await opened()).toEqual([new Map(), new Map()]);
  });

  it('hash as the search does', () => {
    const { sources } = setUp();
    const pepper = createSecretKey(Buffer.alloc(32, 1));
    expect(sources.blindIndex('EMAIL', 'kim@example.com')).toBe(
      blindIndex(pepper, 'EMAIL', 'kim@example.com'),
    );
  });
});
