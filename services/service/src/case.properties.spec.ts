// Whatever happens to a case in whatever order, at whatever time: its promises break when a walk through the minutes
// says so, once, and it never leaves the domain.
import { idOf } from '@tenure/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { at, commands, given, histories, type CaseCommand } from '../test/cases.ts';
import { allowedIn, engine, type Engine } from '../test/engine.ts';
import { expectedBreaches } from '../test/oracle.ts';

const MINUTE = 60_000;
const START = at('2026-04-27T00:00:00Z'); // a week with a holiday

/** Most steps are hours apart, some days: a promise is kept as often as it is broken. */
const pause = fc.oneof(
  fc.integer({ min: 0, max: 90 }),
  fc.integer({ min: 0, max: 900 }),
  fc.integer({ min: 0, max: 6_000 }),
);

const command = fc.oneof(
  { weight: 3, arbitrary: fc.constant(commands.AssignCase) },
  {
    weight: 4,
    arbitrary: fc.boolean().map((byHuman): CaseCommand => ({ name: 'RespondToCase', data: { byHuman } })),
  },
  { weight: 5, arbitrary: fc.constant(commands.PendOnCustomer) },
  { weight: 6, arbitrary: fc.constant(commands.RecordCustomerReply) },
  { weight: 2, arbitrary: fc.constant(commands.ResolveCase) },
  { weight: 2, arbitrary: fc.constant(commands.ReopenCase) },
  { weight: 1, arbitrary: fc.constant(commands.DenyEntitlement) },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom('standard', 'premium')
      .map((slaPolicyId): CaseCommand => ({ name: 'VerifyEntitlement', data: { slaPolicyId } })),
  },
  { weight: 1, arbitrary: fc.constant(commands.EscalateCase) },
);
const steps = fc.array(fc.tuple(pause, command), { minLength: 1, maxLength: 25 });

/** Runs the steps from an opening at this minute of the week, and lets two more weeks pass. */
const run = (
  opening: number,
  sent: readonly (readonly [number, CaseCommand])[],
  look: (running: Engine) => void = () => {},
): [Engine, number] => {
  let now = START + opening * MINUTE;
  const running = engine(now);
  running.send(commands.OpenCase);
  for (const [minutes, one] of sent) {
    now += minutes * MINUTE;
    running.advanceTo(now);
    const legal = allowedIn(running).includes(one.name);
    const code = running.send(one);
    expect(code === 'ILLEGAL_STATE').toBe(!legal);
    expect(Object.keys(histories)).toContain(running.state().status);
    look(running);
  }
  now += 14 * 1_440 * MINUTE;
  running.advanceTo(now);
  return [running, now];
};

const dataOf = (running: Engine, type: string) =>
  running.events
    .filter((event) => event.type === type)
    .map(({ data, occurredAt }) => ({ ...(data as object), occurredAt }));

describe('the promises of a case', () => {
  it('break when the minutes are used up, once each', () => {
    fc.assert(
      fc.property(fc.nat(7 * 1_440), steps, (opening, sent) => {
        const [running, until] = run(opening, sent);
        const breaches = dataOf(running, 'SlaBreached') as unknown as readonly {
          readonly kind: string;
          readonly clockId: string;
          readonly dueAt: number;
          readonly occurredAt: number;
        }[];
        const order = (all: readonly { kind: string; at: number }[]) =>
          all.toSorted((a, b) => a.at - b.at || (a.kind < b.kind ? -1 : 1));
        expect(order(breaches.map(({ kind, occurredAt }) => ({ kind, at: occurredAt })))).toEqual(
          order(expectedBreaches(running.events, until)),
        );
        expect(new Set(breaches.map(({ clockId }) => clockId)).size).toBe(breaches.length);
        for (const { dueAt, occurredAt } of breaches) expect(occurredAt).toBe(dueAt);
      }),
      { numRuns: 400 },
    );
  }, 60_000);

  it('lead up the ladder, never to a step twice', () => {
    fc.assert(
      fc.property(fc.nat(7 * 1_440), steps, (opening, sent) => {
        const [running] = run(opening, sent);
        const levels = (dataOf(running, 'CaseEscalated') as unknown as readonly { level: number }[]).map(
          ({ level }) => level,
        );
        expect(levels).toEqual([...new Set(levels)].toSorted((a, b) => a - b));
        const broken = dataOf(running, 'SlaBreached').length;
        expect(levels.length).toBeGreaterThanOrEqual(Math.min(broken, 1));
      }),
      { numRuns: 200 },
    );
  }, 60_000);

  it('leave no deadline behind for what nobody waits for', () => {
    const clocksDue = (running: Engine): readonly string[] =>
      [...running.due().keys()].flatMap((key) => /\/([A-Z_]+)$/.exec(key)?.[1] ?? []).toSorted();
    const ticking = (running: Engine): readonly string[] => {
      const { status, clocks } = running.state();
      if (status === 'PendingCustomer') return [];
      return Object.entries(clocks.waiting)
        .flatMap(([kind, one]) => (one?.clock && !one.clock.breached ? [kind] : []))
        .toSorted();
    };
    fc.assert(
      fc.property(fc.nat(7 * 1_440), steps, (opening, sent) => {
        const [running] = run(opening, sent, (now) => expect(clocksDue(now)).toEqual(ticking(now)));
        const over = running.state().status === 'Closed';
        expect(over ? running.due().size : 0).toBe(0);
      }),
      { numRuns: 200 },
    );
  }, 60_000);

  it('follow from the events alone: a replay has the same clocks', () => {
    fc.assert(
      fc.property(fc.nat(7 * 1_440), steps, (opening, sent) => {
        const [running] = run(opening, sent);
        expect(given(...(running.events as never[])).state()).toEqual(running.state());
      }),
      { numRuns: 100 },
    );
  }, 60_000);
});

describe('a merge at any time', () => {
  it('ends every promise', () => {
    const other = { status: 'New', sameCustomer: true } as const;
    const running = engine(START);
    running.send(commands.OpenCase);
    running.advanceTo(START + 10 * 60 * MINUTE);
    expect(running.send({ name: 'MergeCase', data: { intoCaseId: idOf('other') } }, { other })).toBeNull();
    running.advanceTo(START + 60 * 1_440 * MINUTE);
    expect(running.events.map(({ type }) => type)).not.toContain('SlaBreached');
    expect([...running.due()]).toEqual([]);
  });
});
