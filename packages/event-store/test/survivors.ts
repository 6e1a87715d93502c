// What must hold for a store after any accident, given what its writer had acknowledged.
import { expect } from 'vitest';
import type { StoredEvent } from '@tenure/event-store';
import { openSqliteEventStore } from '@tenure/event-store/sqlite';
import { event, everything, expectInOrder, nameOf } from '../src/contract/subject.ts';
import { unexpected } from './folder.ts';

/** The lines of the writer that acknowledge an append. */
export const acknowledged = (lines: readonly string[]): readonly string[] =>
  lines.filter((line) => /^\d+ \S+ \d+$/.test(line));

const missing = (events: readonly StoredEvent[], lines: readonly string[]): readonly string[] => {
  const there = new Set(events.map(({ position, stream, revision }) => `${position} ${stream} ${revision}`));
  return lines.filter((line) => !there.has(line));
};

/** Opens the store and answers the acknowledged appends that are lost. Everything else is expected here. */
export const lostAfter = async (file: string, lines: readonly string[]): Promise<readonly string[]> => {
  const store = openSqliteEventStore({ file, onFatal: unexpected });
  try {
    const events = await everything(store);
    expectInOrder(events);
    for (const stored of events) expect(nameOf(stored)).toBe(`${stored.stream}/${stored.revision}`);
    expect(await store.head()).toEqual({ position: events.at(-1)?.position ?? 0, events: events.length });
    const after = await store.append('afterwards', 'any', [event('it goes on')]);
    expect(after.position).toBeGreaterThan(events.at(-1)?.position ?? 0);
    return missing(events, acknowledged(lines));
  } finally {
    await store.close();
  }
};
