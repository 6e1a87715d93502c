import { describe, expect, it } from 'vitest';
import { day, folded, idOf, recorded, happened, type Told } from '../test/stories.ts';
import { churnSlice, isLost, noChurn, type ChurnSlice } from './churn-slice.ts';

const after = (...events: readonly Told[]): ChurnSlice => folded(churnSlice, recorded('churn', events));
const raised = (code: string, severity: number, on = day(0)): Told =>
  happened('ChurnSignalRaised', on, { code, severity, signalId: idOf(code) });
const churned = happened('CustomerChurned', day(200), { mode: 'NON_CONTRACTUAL', churnedOn: day(200) });

describe('the published risk', () => {
  it('begins low, and is what was published last', () => {
    expect(noChurn).toMatchObject({ level: 'LOW', score: 0, since: null });
    const changed = happened('ChurnRiskChanged', day(3), { fromLevel: 'LOW', toLevel: 'HIGH', score: 61 });
    expect(after(changed)).toMatchObject({
      level: 'HIGH',
      score: 61,
      since: `${day(3)}T00:00:00.000Z`,
      levelEvent: idOf('churn event 0'),
    });
  });

  it('lists one signal per rule, with its severity of now, by code', () => {
    const { signals } = after(
      raised('SLA_BREACHES', 2),
      raised('PURCHASE_GAP', 2),
      raised('SLA_BREACHES', 3, day(4)),
    );
    expect(signals.map(({ code, severity }) => [code, severity])).toEqual([
      ['PURCHASE_GAP', 2],
      ['SLA_BREACHES', 3],
    ]);
  });

  it('lists no signal that was cleared', () => {
    const cleared = happened('ChurnSignalCleared', day(5), {
      code: 'PURCHASE_GAP',
      signalId: idOf('PURCHASE_GAP'),
    });
    expect(after(raised('PURCHASE_GAP', 2), cleared).signals).toEqual([]);
  });
});

describe('a lost customer', () => {
  it('is lost until he orders, or comes back', () => {
    expect(isLost(noChurn, null)).toBe(false);
    const state = after(churned);
    expect(isLost(state, day(10))).toBe(true);
    expect(isLost(state, day(200))).toBe(true);
    expect(isLost(state, day(201))).toBe(false);
    expect(isLost(state, null)).toBe(true);
    expect(after(churned, happened('CustomerReactivated', day(201), { daysAway: 191 })).churned).toBeNull();
  });
});
