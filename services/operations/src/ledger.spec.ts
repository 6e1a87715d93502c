import { createCodec } from '@tenure/events';
import { memoryEventStore } from '@tenure/event-store';
import { describe, expect, it } from 'vitest';
import { createLedger } from './ledger.ts';

const ACTOR = { kind: 'clock', id: 'business-day' } as const;
const day = (date: string, closedAt = 1_000) => ({
  type: 'BusinessDayClosed',
  name: date,
  occurredAt: closedAt,
  data: { businessDate: date, timeZone: 'UTC', closedAt },
});

const open = () => {
  const store = memoryEventStore();
  const codec = createCodec();
  const ledger = createLedger('clock', store, codec, { now: () => 5_000 });
  const stored = async () =>
    (await store.readAll(0, 100)).map((event) => ({ ...codec.decode('clock', event), sealed: null }));
  return { ledger, stored };
};

describe('the ledger', () => {
  it('writes facts with both times and who caused them', async () => {
    const { ledger, stored } = open();
    expect(await ledger.append('businessday', 'deployment', 'none', [day('2026-11-20')], ACTOR)).toEqual({
      revision: 0,
      position: 1,
    });
    expect(await stored()).toMatchObject([
      {
        type: 'BusinessDayClosed',
        stream: 'businessday-deployment',
        key: 'deployment',
        occurredAt: 1_000,
        recordedAt: 5_000,
        meta: { actor: ACTOR },
        data: { businessDate: '2026-11-20' },
      },
    ]);
  });

  it('writes a name once, however often it is brought', async () => {
    const { ledger, stored } = open();
    const first = await ledger.append('businessday', 'deployment', 'any', [day('2026-11-20')], ACTOR);
    const again = await ledger.append('businessday', 'deployment', 'any', [day('2026-11-20')], ACTOR);
    expect(again).toEqual({ ...first, repeated: true });
    expect(await stored()).toHaveLength(1);
  });

  it('gives equal names of other streams events of their own', async () => {
    const { ledger, stored } = open();
    await ledger.append('businessday', 'a', 'any', [day('2026-11-20')], ACTOR);
    await ledger.append('businessday', 'b', 'any', [day('2026-11-20')], ACTOR);
    expect(new Set((await stored()).map(({ id }) => id)).size).toBe(2);
  });

  it('lets one of two writers of a revision win', async () => {
    const { ledger } = open();
    const append = (date: string) => ledger.append('businessday', 'deployment', 'none', [day(date)], ACTOR);
    const results = await Promise.allSettled([append('2026-11-20'), append('2026-11-21')]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
  });
});
