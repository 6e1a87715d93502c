import * as fc from 'fast-check';
import type { LaneBatch, LogRecord } from '@tenure/event-log';
import { describe, expect, it } from 'vitest';
import { withinLimits } from './batch-limits.ts';

const record = (seq: number, size: number): LogRecord => ({
  seq,
  position: seq,
  stream: 's',
  revision: 0,
  key: 'k',
  body: new Uint8Array(size),
});

describe('withinLimits', () => {
  it('hands on every record once, in order per lane, in parts within the limits', () => {
    const lanes = fc.array(fc.array(fc.nat(20), { maxLength: 12 }), { maxLength: 4 });
    fc.assert(
      fc.property(
        lanes,
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 1, max: 30 }),
        (sizes, events, bytes) => {
          const batches: LaneBatch[] = sizes.map((lane, partition) => ({
            lane: { source: 'order', partition },
            records: lane.map((size, i) => record(i + 1, size)),
          }));
          const parts = [...withinLimits(batches, events, bytes)];
          for (const part of parts) {
            const records = part.flatMap((batch) => batch.records);
            expect(records.length).toBeGreaterThan(0);
            expect(records.length).toBeLessThanOrEqual(events);
            const size = records.reduce((sum, { body }) => sum + body.length, 0);
            expect(records.length === 1 || size <= bytes).toBe(true);
          }
          for (const { lane, records } of batches)
            expect(
              parts.flat().flatMap((batch) => (batch.lane.partition === lane.partition ? batch.records : [])),
            ).toEqual(records);
        },
      ),
    );
  });
});
