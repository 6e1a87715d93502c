import type { EventLog, LaneBatch } from '@tenure/event-log';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawRates, NO_FAULTS, startLife, type Crash, type FaultRates } from './faults.ts';
import { faulty, faultyEventLog } from './faulty-ports.ts';
import { seeded } from './random.ts';
import { scheduler } from './scheduler.ts';

const lifeWith = (rates: Partial<FaultRates>, seed = 1) => {
  const crashes: Crash[] = [];
  const plan = scheduler(seeded(seed));
  const life = startLife(
    'p',
    plan,
    () => ({ ...NO_FAULTS, ...rates }),
    (crash) => crashes.push(crash),
  );
  let effects = 0;
  const port = faulty({ act: async (by: number) => (effects += by) }, 'port', life);
  const outcome = async (work: Promise<unknown>): Promise<unknown> => {
    let settled: unknown = 'never';
    work.then(
      (value) => (settled = { value }),
      (error: { code: string }) => (settled = error.code),
    );
    let over = false;
    void plan.sleep(100).then(() => (over = true));
    await plan.run(() => over);
    return settled;
  };
  return { life, port, crashes, outcome, effects: () => effects };
};

describe('a call under faults', () => {
  it('has its effect and its answer when nothing goes wrong', async () => {
    const { port, outcome, effects } = lifeWith({});
    expect(await outcome(port.act(2))).toEqual({ value: 2 });
    expect(effects()).toBe(2);
  });

  it('has no effect when it failed, and one when only its answer is lost', async () => {
    const failed = lifeWith({ failed: 1 });
    expect(await failed.outcome(failed.port.act(1))).toBe('UNAVAILABLE');
    expect(failed.effects()).toBe(0);
    const lost = lifeWith({ lostAck: 1 });
    expect(await lost.outcome(lost.port.act(1))).toBe('UNAVAILABLE');
    expect(lost.effects()).toBe(1);
  });

  it('never comes back to a life that crashed, and a dead life does nothing more', async () => {
    const { port, crashes, outcome, effects, life } = lifeWith({ crash: 2, powerCut: 1 });
    expect(await outcome(port.act(1))).toBe('never');
    expect(crashes).toEqual([{ life, powerCut: true }]);
    expect(life.alive()).toBe(false);
    expect(await outcome(port.act(1))).toBe('never');
    expect([effects(), crashes.length]).toEqual([0, 1]);
  });

  it('crashes before the effect of some calls and after that of others', async () => {
    const effects = new Set<number>();
    for (let seed = 0; seed < 60; seed++) {
      const one = lifeWith({ crash: 1 }, seed);
      if ((await one.outcome(one.port.act(1))) === 'never') effects.add(one.effects());
    }
    expect(effects).toEqual(new Set([0, 1]));
  });
});

describe('rates', () => {
  it('differ from seed to seed, within what the faults may be', () => {
    const drawn = Array.from({ length: 200 }, (_, seed) => drawRates(seeded(seed)));
    expect(Math.max(...drawn.map(({ crash }) => crash))).toBeLessThanOrEqual(0.03);
    expect(drawn.filter(({ crash }) => crash === 0).length).toBeGreaterThan(20);
    expect(drawn.filter(({ lostAck }) => lostAck > 0).length).toBeGreaterThan(50);
  });
});

describe('delivery', () => {
  const delivered = async (seed: number, sizes: readonly number[]): Promise<readonly LaneBatch[]> => {
    const plan = scheduler(seeded(seed));
    const life = startLife(
      'p',
      plan,
      () => ({ ...NO_FAULTS, reorder: 0.7, duplicate: 0.5 }),
      () => {},
    );
    const batches = sizes.map((size, partition): LaneBatch => ({
      lane: { source: 's', partition },
      records: Array.from({ length: size }, (_, i) => ({
        seq: i + 1,
        position: i + 1,
        stream: 'x',
        revision: i,
        key: 'k',
        body: new Uint8Array(),
      })),
    }));
    let over = false;
    const log = {
      subscribe: (
        _: string,
        __: unknown,
        ___: unknown,
        handler: (b: readonly LaneBatch[]) => Promise<void>,
      ) => handler(batches),
    };
    const seen: LaneBatch[] = [];
    void faultyEventLog(log as never as EventLog, life)
      .subscribe(
        'g',
        ['s'],
        async () => 1,
        async (part) => void seen.push(...part),
      )
      .then(() => (over = true));
    await plan.run(() => over);
    return seen;
  };

  it('brings every record, in order per lane once what comes twice is dropped', async () => {
    const property = fc.asyncProperty(
      fc.nat(),
      fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 4 }),
      async (seed, sizes) => {
        const head = new Map<number, number>();
        for (const { lane, records } of await delivered(seed, sizes))
          for (const { seq } of records) {
            const last = head.get(lane.partition) ?? 0;
            expect(seq).toBeLessThanOrEqual(last + 1); // never a hole
            head.set(lane.partition, Math.max(last, seq));
          }
        expect([...head].toSorted(([a], [b]) => a - b).map(([, seq]) => seq)).toEqual(sizes);
      },
    );
    await fc.assert(property, { numRuns: 200 });
  });
});
