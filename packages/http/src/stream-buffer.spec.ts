import { describe, expect, it } from 'vitest';
import type { Timer } from './audit.ts';
import { changeBuffer, GATHER_MS, KEPT_MS, MAX_KEPT } from './stream-buffer.ts';

const change = (id: string, source: string, position: number) => ({
  id,
  sources: [source],
  position: { [source]: position },
});

const opened = () => {
  const state = { now: 1_000, moved: 0 };
  const due: (() => void)[] = [];
  const timer: Timer = (run, ms) => {
    expect(ms).toBe(GATHER_MS);
    due.push(run);
    return () => undefined;
  };
  const buffer = changeBuffer({ now: () => state.now, timer, moved: () => state.moved++ });
  const pass = (): void => {
    for (const run of due.splice(0)) run();
  };
  return { state, due, buffer, pass };
};

describe('changes of customers', () => {
  it('within a moment are told as one, with all sources and the furthest positions', () => {
    const { state, due, buffer, pass } = opened();
    buffer.add([change('a', 'order', 7), change('b', 'order', 8)]);
    buffer.add([change('a', 'customer', 3)]);
    buffer.add([{ id: 'a', sources: ['order'], position: { order: 6, customer: 2 } }]);
    expect([due.length, state.moved, buffer.head()]).toEqual([1, 0, 0]);
    pass();
    expect([state.moved, buffer.head()]).toEqual([1, 2]);
    expect(buffer.after(0, 10)).toEqual([
      { id: 'a', sources: ['order', 'customer'], position: { order: 7, customer: 3 }, seq: 1, at: 1_000 },
      { id: 'b', sources: ['order'], position: { order: 8 }, seq: 2, at: 1_000 },
    ]);
    buffer.add([change('a', 'order', 9)]);
    pass();
    expect(buffer.after(2, 10)).toMatchObject([{ id: 'a', seq: 3 }]);
    buffer.add([]);
    expect(due).toEqual([]);
  });

  it('are kept up to a number and an age', () => {
    const { state, buffer, pass } = opened();
    buffer.add(Array.from({ length: MAX_KEPT + 5 }, (_, i) => change(`c${i}`, 'order', i)));
    pass();
    expect([buffer.gone(), buffer.head()]).toEqual([5, MAX_KEPT + 5]);
    expect(buffer.after(5, 2).map(({ seq }) => seq)).toEqual([6, 7]);
    state.now += KEPT_MS - 1;
    buffer.add([change('late', 'order', 1)]);
    pass();
    expect(buffer.gone()).toBe(6);
    state.now += 1;
    expect([buffer.gone(), buffer.head()]).toEqual([MAX_KEPT + 5, MAX_KEPT + 6]);
    state.now += KEPT_MS;
    expect(buffer.gone()).toBe(buffer.head());
  });

  it('are all gone when anything may have changed, also those still gathered', () => {
    const { state, buffer, pass } = opened();
    buffer.add([change('a', 'order', 7)]);
    pass();
    buffer.add([change('b', 'order', 8)]);
    buffer.everything();
    expect([buffer.gone(), buffer.head(), state.moved]).toEqual([2, 2, 2]);
    pass();
    expect(buffer.head()).toBe(2);
  });
});
