// Whatever is sent in whatever order: the deal never leaves the domain.
import { allowedCommands, isTenureError } from '@tenure/core';
import { idOf } from '@tenure/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  cny,
  draft,
  given,
  histories,
  line,
  orderId,
  sales,
  type DealCommand,
  type DealFact,
} from '../test/deals.ts';
import { unmet } from './criteria.ts';
import type { OpportunityState } from './opportunity-state.ts';
import { opportunity, orderOfWin } from './opportunity.ts';

const DAY = 86_400_000;
const START = Date.UTC(2026, 0, 15, 10);

const amount = fc
  .record({ minor: fc.integer({ min: 0, max: 3 }), currency: fc.constantFrom('CNY', 'CNY', 'CNY', 'USD') })
  .map(({ minor, currency }) => ({ minor: minor * 100, currency }));
const someLines = fc
  .uniqueArray(fc.constantFrom('a', 'b', 'c'), { maxLength: 3 })
  .map((names) => names.map((name) => line(name, 1, 100)))
  .chain((lines) =>
    fc.constantFrom(0, 0, 0, 1).map((off) => ({ lines, total: cny(100 * lines.length + off) })),
  );
const stage = fc.constantFrom(...sales.stages.map(({ stageId }) => stageId), 'nowhere');

const command: fc.Arbitrary<DealCommand> = fc.oneof(
  stage.map((stageId): DealCommand => ({ name: 'OpenOpportunity', data: { ...draft, stageId } })),
  stage.map((toStageId): DealCommand => ({ name: 'ChangeStage', data: { toStageId } })),
  stage.map((toStageId): DealCommand => ({ name: 'ChangeStage', data: { toStageId } })),
  fc
    .tuple(
      amount,
      fc.constantFrom('2026-01-14', '2026-03-01'),
      fc.constantFrom<'PIPELINE' | 'COMMIT'>('PIPELINE', 'COMMIT'),
    )
    .map(([money, expectedCloseOn, category]): DealCommand => ({
      name: 'ReviseForecast',
      data: { amount: money, expectedCloseOn, category },
    })),
  someLines.map((data): DealCommand => ({ name: 'ReviseLines', data })),
  fc.constantFrom(null, 'a discount').map((response): DealCommand => ({
    name: 'RecordObjection',
    data: { kind: 'PRICE', nature: 'TRUE', response },
  })),
  fc.constantFrom(1, 2, 3, 4, 5).map((revision): DealCommand => ({
    name: 'RevertWin',
    data: { orderId: orderId(revision), reasonCode: 'STOCK' },
  })),
  fc.constantFrom<DealCommand>(
    { name: 'AttachContact', data: { contactId: idOf('buyer'), role: 'BUYER' } },
    { name: 'RecordCompetitor', data: { competitorId: idOf('rival'), position: 'EVEN' } },
    { name: 'ReassignOpportunity', data: { ownerId: idOf('other') } },
    { name: 'FlagStalled', data: {} },
    { name: 'MarkWon', data: {} },
    { name: 'MarkWon', data: {} },
    { name: 'MarkLost', data: { reasonCode: 'COMPETITOR' } },
    { name: 'MarkLost', data: { reasonCode: 'PRICE' } },
    { name: 'AbandonOpportunity', data: { reasonCode: 'INTERNAL' } },
    { name: 'ReopenOpportunity', data: { reason: 'again' } },
  ),
);

const refusalOf = (act: () => void): string | null => {
  try {
    act();
  } catch (error) {
    if (isTenureError(error)) return error.code;
    throw error;
  }
  return null;
};

const checkInvariants = (state: OpportunityState): void => {
  expect(Object.keys(histories)).toContain(state.status);
  if (state.amount === null) return;
  // One currency for all of it, and lines that add up.
  const { currency } = state.amount;
  expect(currency).toBe('CNY');
  for (const one of state.lines)
    expect(one.total).toEqual({ minor: one.qty * one.unitPrice.minor, currency });
  expect(sales.stages.map(({ stageId }) => stageId)).toContain(state.stageId);
  expect(state.wonRevision !== null).toBe(state.status === 'Won');
  expect(state.stalled && state.status !== 'Open').toBe(false);
  if (state.status !== 'Won') return;
  expect(state.lines.length).toBeGreaterThan(0);
  expect(state.amount.minor).toBe(state.lines.reduce((sum, one) => sum + one.total.minor, 0));
};

/** A change of stage went along an edge whose criteria held just before. */
const checkStep = (before: OpportunityState, fact: DealFact, today: string): void => {
  if (fact.type !== 'OpportunityStageChanged') return;
  const edges = sales.stages.find(({ stageId }) => stageId === before.stageId)?.edges ?? [];
  const edge = edges.find(({ to }) => to === fact.data.toStageId);
  expect(edge).toBeDefined();
  expect(unmet(edge?.when ?? [], before, today)).toEqual([]);
};

describe('any commands in any order', () => {
  it('never lead out of the domain', () => {
    const wins: string[] = [];
    const play = (): void =>
      fc.assert(
        fc.property(
          fc.array(fc.tuple(command, fc.integer({ min: 0, max: 20 })), { maxLength: 40, size: 'max' }),
          (sent) => {
            const history: DealFact[] = [];
            const orders = new Set<string>();
            let flagged = 0;
            let now = START;
            for (const [one, days] of sent) {
              now += days * DAY;
              const today = new Date(now).toISOString().slice(0, 10);
              const scenario = given(...history);
              const before = scenario.state();
              const legal = allowedCommands(opportunity, before).includes(one.name);
              const code = refusalOf(() => {
                for (const fact of scenario.when(one, { now, today }).facts() as readonly DealFact[]) {
                  checkStep(before, fact, today);
                  history.push({ ...fact, occurredAt: now });
                }
              });
              expect(code === 'ILLEGAL_STATE').toBe(!legal);
              const after = given(...history).state();
              checkInvariants(after);
              // A stay is flagged once, and each win has an order of its own.
              flagged = after.stalled ? flagged + Number(!before.stalled) : 0;
              expect(flagged).toBeLessThanOrEqual(1);
              if (after.wonRevision === null || before.wonRevision !== null) continue;
              const order = orderOfWin(idOf('deal'), after.wonRevision);
              expect(orders).not.toContain(order);
              orders.add(order);
              wins.push(order);
            }
          },
        ),
        { numRuns: 300 },
      );
    play();
    // Three hundred histories without a win say nothing about wins.
    for (let more = 0; more < 20 && wins.length === 0; more++) play();
    expect(wins.length).toBeGreaterThan(0);
  });
});
