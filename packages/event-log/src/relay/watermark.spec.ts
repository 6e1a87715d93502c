import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lowWatermark, type Place } from './watermark.ts';

const START: Place = { position: 0, events: 0 };
const at = (events: number): Place => ({ position: events * 2, events });

describe('the low watermark', () => {
  it('is the last acknowledged place when lanes finish in order', () => {
    const moves: Place[] = [];
    const low = lowWatermark(START, (place) => moves.push(place));
    low.open(at(1), 1)();
    low.open(at(2), 1)();
    expect(moves).toEqual([at(1), at(2)]);
  });
  it('does not pass what is unacknowledged, and then jumps', () => {
    const low = lowWatermark(START, () => {});
    const first = low.open(at(1), 2);
    low.open(at(2), 1)();
    first();
    expect(low.place()).toEqual(START);
    first();
    expect(low.place()).toEqual(at(2));
  });
  it('passes rounds that brought nothing new', () => {
    const low = lowWatermark(START, () => {});
    low.open(at(1), 0);
    expect(low.place()).toEqual(at(1));
    const second = low.open(at(2), 1);
    low.open(at(3), 0);
    expect(low.place()).toEqual(at(1));
    second();
    expect(low.place()).toEqual(at(3));
  });
  it('is always the longest finished beginning, whatever the order of acknowledgements', () => {
    const anyRounds = fc.array(fc.nat(4), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(anyRounds, fc.infiniteStream(fc.nat(1000)), (parts, draws) => {
        const low = lowWatermark(START, () => {});
        const open = parts.flatMap((count, i) => {
          const done = low.open(at(i + 1), count);
          return Array.from({ length: count }, () => ({ round: i, done }));
        });
        while (open.length > 0) {
          const [acknowledged] = open.splice(draws.next().value % open.length, 1);
          acknowledged?.done();
          const oldest = Math.min(parts.length, ...open.map(({ round }) => round));
          expect(low.place().events).toBe(oldest);
        }
      }),
      { seed: 7 },
    );
  });
});
