import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CHURN } from '../src/churn.ts';
import {
  caseOf,
  complaint,
  day,
  fulfilled,
  happened,
  idOf,
  placed,
  shipped,
  type Happened,
} from './story.ts';
import { durable, live, published, type Durable, type Told } from './world.ts';

/** Looks again until it holds, for ten seconds. */
const until = async (holds: () => Promise<boolean>): Promise<void> => {
  for (let turn = 0; !(await holds()); turn++) {
    if (turn > 1_000) throw new Error('it does not come');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
};

const of = (customer: string, ...all: readonly Happened[]): readonly Told[] =>
  all.map((one) => ({ ...one, customer }));
const closing = (from: number, to: number): readonly Told[] =>
  Array.from({ length: to - from + 1 }, (_, i) => ({ closes: day(from + i) }));

/** What was published, in words. */
const types = async (outside: Durable, customer: string): Promise<readonly string[]> =>
  (await published(outside, customer)).map(({ type, data: { code, toLevel, severity } }) =>
    [type, code ?? toLevel, severity]
      .filter((word) => typeof word === 'string' || typeof word === 'number')
      .join(' '),
  );

const declined = [complaint('ComplaintRegistered', day(1)), complaint('RemedyDeclined', day(2))];
const accepted = complaint('RemedyAccepted', day(3));

describe('what is published', { timeout: 60_000 }, () => {
  it('is told once per event, also when one undoes what the one before it did in the same batch', async () => {
    const outside = durable();
    const life = await live(outside);
    await life.tell(...closing(0, 0));
    await life.tell(...of('ann', ...declined, accepted));
    expect(await types(outside, 'ann')).toEqual([
      'ChurnSignalRaised COMPLAINT_UNSETTLED 3',
      'ChurnRiskChanged MEDIUM',
      'ChurnSignalCleared COMPLAINT_UNSETTLED',
      'ChurnRiskChanged LOW',
    ]);
    await life.end();
  });

  it('is told by the closing of a day alone, as of its end', async () => {
    const outside = durable();
    const life = await live(outside);
    await life.tell(...closing(0, 0), ...of('ann', caseOf('CaseOpened', day(0))));
    await life.tell(...closing(1, 14));
    expect(await types(outside, 'ann')).toEqual([]);
    await life.tell(...closing(15, 31));
    const events = await published(outside, 'ann');
    expect(events.map(({ type, data, occurredAt }) => [type, data['severity'], occurredAt])).toEqual([
      ['ChurnSignalRaised', 2, Date.UTC(2026, 0, 17)],
      ['ChurnSignalRaised', 3, Date.UTC(2026, 1, 2)],
      ['ChurnRiskChanged', undefined, Date.UTC(2026, 1, 2)],
    ]);
    expect(new Set(events.slice(0, 2).map(({ data }) => data['signalId'])).size).toBe(1);
    await life.end();
  });

  it('says that a customer is lost, and that he is back', async () => {
    const outside = durable();
    const life = await live(outside);
    await life.tell(...closing(0, 0), ...of('ann', placed(day(0))));
    await life.tell(...closing(1, 181));
    await life.tell(...of('ann', placed(day(182), 'back')));
    const standing = (await published(outside, 'ann')).filter(({ type }) => type.startsWith('Customer'));
    expect(standing.map(({ type, data }) => [type, data])).toEqual([
      [
        'CustomerChurned',
        {
          mode: 'NON_CONTRACTUAL',
          churnedOn: day(181),
          definitionVersion: 1,
          evidence: [idOf(`ann placed order ${day(0)}`)],
        },
      ],
      ['CustomerReactivated', { byEventId: idOf('ann placed back'), daysAway: 182 }],
    ]);
    await life.end();
  });

  it('carries the mark of imported history, and later days do not', async () => {
    const outside = durable();
    const life = await live(outside);
    await life.tell(...closing(100, 100));
    await life.tell(
      ...of('ann', ...declined).map((told) => ({ ...told, backfill: true })),
      ...of('ann', caseOf('CaseOpened', day(100))),
    );
    await life.tell(...closing(101, 115));
    const events = await published(outside, 'ann');
    expect(events.map(({ data, backfill }) => [data['code'] ?? data['toLevel'], backfill])).toEqual([
      ['COMPLAINT_UNSETTLED', true],
      ['MEDIUM', true],
      ['COMPLAINT_UNSETTLED', true],
      ['CASE_UNRESOLVED', false],
      ['HIGH', false],
    ]);
    await life.end();
  });

  it('judges merged customers as one, and each for himself again after it was undone', async () => {
    const outside = durable();
    const life = await live(outside);
    await life.tell(
      ...closing(10, 10),
      ...of('ann', fulfilled(day(9), 1)),
      ...of('bob', caseOf('SlaBreached', day(5), 'b')),
    );
    await life.tell(...of('ann', caseOf('SlaBreached', day(6), 'a')));
    expect(await types(outside, 'ann')).toEqual([]);
    const merge = (type: string, data: object): Told => ({
      ...happened('customer', type, day(11), data),
      customer: 'ann',
    });
    await life.tell(
      merge('CustomersMerged', { mergeId: idOf('m'), survivorId: idOf('ann'), absorbedIds: [idOf('bob')] }),
    );
    expect(await types(outside, 'ann')).toEqual(['ChurnSignalRaised SLA_BREACHES 2']);
    await life.tell(...of('bob', caseOf('SlaBreached', day(11), 'b2'), caseOf('SlaBreached', day(11), 'b3')));
    expect(await types(outside, 'ann')).toEqual([
      'ChurnSignalRaised SLA_BREACHES 2',
      'ChurnSignalRaised SLA_BREACHES 3',
      'ChurnRiskChanged MEDIUM',
    ]);
    await life.tell(
      merge('CustomersUnmerged', { mergeId: idOf('m'), survivorId: idOf('ann'), restoredIds: [idOf('bob')] }),
    );
    expect((await types(outside, 'ann')).slice(3)).toEqual([
      'ChurnSignalCleared SLA_BREACHES',
      'ChurnRiskChanged LOW',
    ]);
    await life.tell(...of('bob', happened('customer', 'CustomerRestored', day(11), { mergeId: idOf('m') })));
    expect(await types(outside, 'bob')).toEqual(['ChurnSignalRaised SLA_BREACHES 2']);
    await life.end();
  });
});

describe('a replay', { timeout: 60_000 }, () => {
  it('publishes nothing; new rules publish what differs, once, when they are active', async () => {
    const outside = durable();
    const first = await live(outside);
    await first.tell(...closing(2, 2), ...of('ann', ...declined), ...of('bob', caseOf('CaseOpened', day(0))));
    const before = await types(outside, 'ann');
    expect(before).toEqual(['ChurnSignalRaised COMPLAINT_UNSETTLED 3', 'ChurnRiskChanged MEDIUM']);
    const { id } = await first.control.startReplay({ projection: CHURN, activate: true });
    await until(async () => (await first.control.replay(id)).state === 'active');
    await new Promise((resolve) => setTimeout(resolve, 1_200)); // twice the time in which an activation is seen
    expect(await types(outside, 'ann')).toEqual(before);
    await first.end();

    const stricter = {
      ...shipped,
      version: 2,
      levels: { ...shipped.levels, HIGH: { ...shipped.levels.HIGH, from: 40 } },
    };
    const second = await live(outside, stricter);
    await until(async () => (await types(outside, 'ann')).length > before.length);
    expect((await types(outside, 'ann')).slice(before.length)).toEqual(['ChurnRiskChanged HIGH']);
    expect((await published(outside, 'ann')).at(-1)?.data).toMatchObject({ modelVersion: 'churn@2' });
    expect(await types(outside, 'bob')).toEqual([]);
    await second.end();
    const third = await live(outside, stricter);
    await third.tell(...closing(3, 3));
    expect(await types(outside, 'ann')).toHaveLength(before.length + 1);
    await third.end();
  });
});

const thing = fc.record({
  customer: fc.constantFrom('ann', 'bob', 'cal'),
  what: fc.nat(6),
  n: fc.nat(2),
  days: fc.integer({ min: 0, max: 12 }),
});

/** A course of events and days, as it was recorded. */
const course = fc.array(thing, { minLength: 3, maxLength: 14 }).map((things) => {
  let today = 0;
  const told: Told[] = [...closing(0, 0)];
  for (const [i, { customer, what, n, days }] of things.entries()) {
    told.push(...closing(today + 1, today + days));
    today += days;
    const on = day(today + 1);
    const name = `thing ${n}`;
    const all: readonly Happened[] = [
      placed(on, `order ${i}`),
      caseOf('CaseOpened', on, name),
      caseOf('CaseResolved', on, name),
      complaint('ComplaintRegistered', on, {}, name),
      complaint('RemedyDeclined', on, {}, name),
      complaint('RemedyAccepted', on, {}, name),
      caseOf('SlaBreached', on, name),
    ];
    told.push(...of(customer, { ...(all[what] ?? placed(on)), name: `${i}` }));
  }
  return [...told, ...closing(today + 1, today + 20)];
});

const ending = async (outside: Durable): Promise<string> =>
  JSON.stringify(await Promise.all(['ann', 'bob', 'cal'].map((customer) => published(outside, customer))));

describe('any course of events and days', { timeout: 120_000 }, () => {
  it('publishes the same one by one, all at once, and when the process ends on the way', async () => {
    await fc.assert(
      fc.asyncProperty(course, fc.nat(100), async (told, at) => {
        const one = durable();
        const single = await live(one);
        for (const each of told) await single.tell(each);
        await single.end();
        const expected = await ending(one);

        const together = durable();
        const all = await live(together);
        await all.tell(...told);
        expect(all.failures).toEqual([]);
        await all.end();
        expect(await ending(together)).toBe(expected);

        const broken = durable();
        const cut = at % told.length;
        const before = await live(broken);
        await before.tell(...told.slice(0, cut));
        await before.end();
        const after = await live(broken);
        await after.tell(...told.slice(cut));
        await after.end();
        expect(await ending(broken)).toBe(expected);
      }),
      { numRuns: 15 },
    );
  });

  it('publishes nothing twice when the last batches come again', async () => {
    await fc.assert(
      fc.asyncProperty(course, async (told) => {
        const outside = durable();
        const first = await live(outside);
        await first.tell(...told);
        await first.end();
        const expected = await ending(outside);
        const again = await live({ ...outside, followed: durable().followed }); // nothing was acknowledged
        await again.settled();
        await again.end();
        expect(await ending(outside)).toBe(expected);
      }),
      { numRuns: 5 },
    );
  });
});
