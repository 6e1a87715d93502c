// Commands that were announced: their streams are read ahead, and nothing is answered differently for it.
import { TenureError } from '@tenure/core';
import { memoryEventStore, type EventStore } from '@tenure/event-store';
import { describe, expect, it } from 'vitest';
import { id, on, open, refusal, toyBus } from '../../test/toy.ts';

/** A store that counts the readings of streams, and may lose the answer of its next append. */
const counted = () => {
  const store = memoryEventStore();
  const state = { reads: 0, lose: false };
  const counting: EventStore = {
    ...store,
    readStream(...args) {
      state.reads++;
      return store.readStream(...args);
    },
    async append(...args) {
      const appended = await store.append(...args);
      if (!state.lose) return appended;
      state.lose = false;
      throw new TenureError('UNAVAILABLE', 'The answer was lost.', {}, { retriable: true });
    },
  };
  return { state, toy: toyBus({ store: counting }) };
};

const account = (key: string, more: object = {}) => open(key, { accountId: id('x'), ...more });

describe('expect', () => {
  it('reads the stream, so that the command does not', async () => {
    const { state, toy } = counted();
    const request = account('a');
    toy.bus.expect(request);
    expect(state.reads).toBe(1);
    expect(await toy.bus.submit(request)).toMatchObject({ created: true, replay: false, revision: 0 });
    expect(state.reads).toBe(1);
  });

  it('reads nothing that is known', async () => {
    const { state, toy } = counted();
    await toy.bus.submit(account('a'));
    const before = state.reads;
    toy.bus.expect(on(id('x'), 'Touch', 'b'));
    expect(state.reads).toBe(before);
  });

  it('finds what was written between the announcement and the command', async () => {
    const { toy } = counted();
    const again = account('a');
    toy.bus.expect(again);
    await toy.bus.submit(account('a'));
    expect(await toy.bus.submit(again)).toMatchObject({ created: true, replay: true });
    const other = account('b');
    toy.bus.expect(other);
    expect((await refusal(toy.bus.submit(other))).code).toBe('ILLEGAL_STATE');
  });

  it('trusts no reading from before an append whose answer was lost', async () => {
    const { state, toy } = counted();
    const again = account('a');
    toy.bus.expect(again);
    state.lose = true;
    await expect(toy.bus.submit(account('a'))).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect(await toy.bus.submit(again)).toMatchObject({ created: true, replay: true });
  });

  it('looks again before it says no', async () => {
    const { toy } = counted();
    const pay = on(id('x'), 'PayIn', 'b', { amount: 1 });
    toy.bus.expect(pay); // there is no such account yet
    await toy.bus.submit(account('a'));
    expect(await toy.bus.submit(pay)).toMatchObject({ revision: 1 });
  });

  it('leaves it to submit to say what is wrong', async () => {
    const { toy } = counted();
    const wrong = account('a', { holder: 7 });
    toy.bus.expect(wrong);
    expect((await refusal(toy.bus.submit(wrong))).code).toBe('INVALID');
  });
});
