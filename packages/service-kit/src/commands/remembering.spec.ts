import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRecent } from './recent.ts';
import { createMemory } from './remembered.ts';

const written = (command: string, from: number, revision = from) => ({
  commandId: command,
  from,
  revision,
  position: 10 * (revision + 1),
  bodyHash: 'h',
});

describe('what a stream remembers', () => {
  it('is the answer of each command, put together from its events', () => {
    const memory = createMemory();
    memory.add(written('a', 0));
    memory.add(written('b', 1));
    memory.add(written('b', 2));
    expect(memory.get('b')).toEqual({ ...written('b', 1, 2), position: 30 });
    expect(memory.first).toEqual(written('a', 0));
    expect(memory.get('c')).toBeUndefined();
  });

  it('covers the newest events and for ever the command that created it', () => {
    const memory = createMemory(5);
    for (let revision = 0; revision < 20; revision++) memory.add(written(`c${revision}`, revision));
    expect(['c14', 'c15', 'c19'].map((command) => memory.get(command) !== undefined)).toEqual([
      false,
      true,
      true,
    ]);
    expect(memory.first?.commandId).toBe('c0');
    expect(memory.size).toBe(5);
  });

  it('never drops below its promise because one command wrote much', () => {
    const memory = createMemory(5);
    memory.add(written('big', 0, 3));
    memory.add(written('small', 4));
    memory.add(written('next', 5));
    expect(memory.get('big')).toBeDefined();
    for (let revision = 6; revision < 9; revision++) memory.add(written(`c${revision}`, revision));
    expect(memory.get('big')).toBeUndefined();
  });
});

describe('createRecent', () => {
  it('keeps at least the newest entries and never more than twice as many', () =>
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 30 })),
        fc.integer({ min: 1, max: 8 }),
        (names, limit) => {
          const recent = createRecent<number>(limit);
          names.forEach((name, i) => recent.set(String(name), i));
          const newest = [...new Set(names.toReversed())].slice(0, 1);
          for (const name of newest) expect(recent.get(String(name))).toBe(names.lastIndexOf(name));
          const kept = [...new Set(names)].filter((name) => recent.get(String(name)) !== undefined);
          expect(kept.length).toBeLessThanOrEqual(2 * limit);
        },
      ),
    ));

  it('keeps what is asked for, drops what is not, and forgets on demand', () => {
    const recent = createRecent<string>(3);
    recent.set('used', 'u');
    for (let i = 0; i < 20; i++) {
      recent.set(`n${i}`, '');
      expect(recent.get('used')).toBe('u');
    }
    expect(recent.get('n0')).toBeUndefined();
    recent.delete('used');
    expect(recent.get('used')).toBeUndefined();
  });

  it('weighs its values', () => {
    const recent = createRecent<number>(10, (weight) => weight);
    recent.set('heavy', 10);
    recent.set('light', 1);
    expect([recent.get('heavy'), recent.get('light')]).toEqual([10, 1]);
    recent.set('heavier', 10);
    recent.set('heaviest', 10);
    expect(recent.get('light')).toBeUndefined();
  });
});
