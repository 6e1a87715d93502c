import { describe, expect, it } from 'vitest';
import { TenureError } from '@tenure/core';
import { createCodec } from './codec.ts';
import type { Codec } from './codec-types.ts';
import { sampleEvent } from './sample.ts';
import { createPlans } from './plans.ts';
import { createRegistry } from './registry.ts';
import { seeded } from './sample.ts';
import { sharedDecoding } from './shared-decoding.ts';

const ID = '0192f0c1-1111-7abc-8def-0123456789ab';
const plan = createPlans(createRegistry()).byType.get('BusinessDayClosed');
const body = createCodec()
  .encode(sampleEvent(plan!, seeded(1)), undefined)
  .slice();
const record = { position: 1, stream: `clock-${ID}`, revision: 0, key: ID, body };

/** A codec that counts. */
const counting = () => {
  const calls = { decode: 0, peek: 0 };
  const real = createCodec();
  const codec: Codec = {
    ...real,
    decode: (source, stored) => (calls.decode++, real.decode(source, stored)),
    peek: (bytes) => (calls.peek++, real.peek(bytes)),
  };
  return { calls, shared: sharedDecoding(codec), real };
};

describe('shared decoding', () => {
  it('decodes a record once, however many read it', () => {
    const { calls, shared, real } = counting();
    expect(shared.decode('clock', record)).toEqual(real.decode('clock', record));
    expect(shared.decode('clock', record)).toBe(shared.decode('clock', record));
    expect(shared.peek(body)).toEqual(real.peek(body));
    shared.peek(body);
    expect(calls).toEqual({ decode: 1, peek: 1 });
  });

  it('decodes the same bytes anew for another record', () => {
    const { calls, shared } = counting();
    shared.decode('clock', record);
    expect(shared.decode('clock', { ...record, position: 2 }).position).toBe(2);
    expect(calls.decode).toBe(2);
  });

  it('keeps no failure: the next reader is told as well', () => {
    const { shared } = counting();
    const broken = { ...record, body: body.slice(0, 50) };
    expect(() => shared.decode('clock', broken)).toThrow(TenureError);
    expect(() => shared.decode('clock', broken)).toThrow(TenureError);
  });
});
