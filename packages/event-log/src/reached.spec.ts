import { describe, expect, it } from 'vitest';
import { memoryEventLog, memoryLogData } from './memory.ts';
import { logReaches } from './reached.ts';

const lane = { source: 'order', partition: 0 };
const record = (seq: number) => ({
  seq,
  position: seq * 10,
  stream: 's',
  revision: seq,
  key: 'k',
  body: new Uint8Array(16),
});
const never = new AbortController().signal;

/** Pauses that are over at once; `during` happens in each. */
const pausing = (during: (n: number) => Promise<void> | void = () => {}) => {
  const waited: number[] = [];
  return {
    waited,
    pause: async (ms: number) => {
      waited.push(ms);
      await during(waited.length);
    },
  };
};

describe('logReaches', () => {
  it('is true at once where every lane holds what was read', async () => {
    const log = memoryEventLog(memoryLogData(2));
    await log.publish(lane, [record(1), record(2)]);
    const { pause, waited } = pausing();
    const places = [
      { ...lane, seq: 2, position: 20 },
      { ...lane, partition: 1, seq: 0, position: 0 },
    ];
    expect(await logReaches(log, places, pause, never)).toBe(true);
    expect(waited).toEqual([]);
  });

  it('waits for the rest as long as something comes', async () => {
    const log = memoryEventLog(memoryLogData(2));
    const { pause, waited } = pausing((n) => log.publish(lane, [record(n)]));
    expect(await logReaches(log, [{ ...lane, seq: 30, position: 300 }], pause, never)).toBe(true);
    expect(waited).toHaveLength(30);
  });

  it('gives up when nothing comes for half a minute', async () => {
    const log = memoryEventLog(memoryLogData(2));
    await log.publish(lane, [record(1)]);
    const { pause, waited } = pausing();
    expect(await logReaches(log, [{ ...lane, seq: 2, position: 20 }], pause, never)).toBe(false);
    const seconds = waited.reduce((sum, ms) => sum + ms, 0) / 1000;
    expect(seconds).toBeGreaterThan(25);
    expect(seconds).toBeLessThan(60);
  });

  it('is false where another record is in that place, and when it is to stop', async () => {
    const log = memoryEventLog(memoryLogData(2));
    await log.publish(lane, [record(1)]);
    const { pause } = pausing();
    expect(await logReaches(log, [{ ...lane, seq: 1, position: 11 }], pause, never)).toBe(false);
    expect(await logReaches(log, [{ ...lane, seq: 2, position: 20 }], pause, AbortSignal.abort())).toBe(
      false,
    );
  });
});
