import { NOTHING, uuid5 } from '@tenure/core';
import { idOf, scenarios, SCENARIO_NOW } from '@tenure/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shipped } from '../test/story.ts';
import type { AssessedSignal } from './assessment.ts';
import { risk, type RiskCommands, type RiskParts } from './risk.ts';
import { levelOf } from './score.ts';

const CUSTOMER = idOf('customer');
const given = scenarios<RiskParts>(risk, { rules: shipped, customerId: CUSTOMER });

const found = (code: string, severity: 1 | 2 | 3 | 4, evidence = 'evidence'): AssessedSignal => ({
  code,
  severity,
  weight: '0.45',
  contribution: severity,
  ageDays: 0,
  observed: { days: 49, since: '2026-01-01' },
  threshold: { days: 48.974 },
  evidence: [idOf(evidence)],
});
const revise = (
  score: number,
  signals: readonly AssessedSignal[] = [],
  more: Partial<RiskCommands['ReviseRisk']> = {},
) => ({
  name: 'ReviseRisk' as const,
  data: {
    rulesVersion: shipped.version,
    score,
    signals,
    churned: null,
    lastOrder: null,
    occasion: [],
    ...more,
  },
});

const id = (code: string, evidence = 'evidence'): string => uuid5(CUSTOMER, code, idOf(evidence));
const raised = (code: string, severity: number, evidence = 'evidence') => ({
  type: 'ChurnSignalRaised' as const,
  data: {
    signalId: id(code, evidence),
    code,
    ruleVersion: shipped.version,
    severity,
    weight: '0.45',
    evidence: [idOf(evidence)],
    observed: { days: '49', since: '"2026-01-01"' },
    threshold: { days: '48.974' },
    evaluatedAt: SCENARIO_NOW,
  },
});
const changed = (
  fromLevel: 'LOW' | 'MEDIUM' | 'HIGH' | 'CRITICAL',
  toLevel: 'LOW' | 'MEDIUM' | 'HIGH' | 'CRITICAL',
  score: number,
  topSignalIds: readonly string[] = [],
) => ({
  type: 'ChurnRiskChanged' as const,
  data: {
    fromLevel,
    toLevel,
    score,
    topSignalIds,
    modelVersion: `churn@${shipped.version}`,
    evaluatedAt: SCENARIO_NOW,
  },
});
const cleared = (code: string, occasion: readonly string[] = []) => ({
  type: 'ChurnSignalCleared' as const,
  data: { signalId: id(code), code, evidence: occasion, evaluatedAt: SCENARIO_NOW },
});
const lost = {
  type: 'CustomerChurned' as const,
  data: {
    mode: 'NON_CONTRACTUAL' as const,
    churnedOn: '2026-01-14',
    definitionVersion: 1,
    evidence: [idOf('last order')],
  },
};
const churned = { on: '2026-01-14', evidence: [idOf('last order')] };
const lastOrder = (name: string) => ({ eventId: idOf(name), on: '2026-01-15', daysSincePrevious: 200 });

describe('ReviseRisk', () => {
  it('tells signals as they rise, then the level', () => {
    given()
      .when(revise(45, [found('PURCHASE_GAP', 3)]))
      .then([raised('PURCHASE_GAP', 3), changed('LOW', 'MEDIUM', 45, [id('PURCHASE_GAP')])]);
  });

  it('says nothing of a customer about whom there is nothing to say', () => {
    given().when(revise(0)).then([]);
    expect(given().state().status).toBe(NOTHING);
  });

  it('says the same only once', () => {
    given(raised('PURCHASE_GAP', 3), changed('LOW', 'MEDIUM', 45))
      .when(revise(46, [found('PURCHASE_GAP', 3, 'newer evidence')]))
      .then([]);
  });

  it('tells another severity again, under the id that was fixed when the signal rose', () => {
    given(raised('PURCHASE_GAP', 2))
      .when(revise(24, [found('PURCHASE_GAP', 3, 'newer evidence')]))
      .then([
        {
          ...raised('PURCHASE_GAP', 3, 'newer evidence'),
          data: { ...raised('PURCHASE_GAP', 3, 'newer evidence').data, signalId: id('PURCHASE_GAP') },
        },
      ]);
  });

  it('clears a signal that is gone, citing what ended it', () => {
    given(raised('PURCHASE_GAP', 2), raised('SLA_BREACHES', 2))
      .when(revise(10, [found('SLA_BREACHES', 2)], { occasion: [idOf('order')] }))
      .then(cleared('PURCHASE_GAP', [idOf('order')]));
  });

  it('gives a signal that rises again by other evidence an id of its own', () => {
    given(raised('PURCHASE_GAP', 2), cleared('PURCHASE_GAP'))
      .when(revise(20, [found('PURCHASE_GAP', 2, 'later')]))
      .then(raised('PURCHASE_GAP', 2, 'later'));
  });

  it('names the three signals that contribute most, ties by code', () => {
    const signals = [found('B', 2), found('A', 2), found('C', 3), found('D', 1)];
    const facts = given().when(revise(60, signals)).facts();
    expect(facts.at(-1)).toEqual(changed('LOW', 'HIGH', 60, [id('C'), id('A'), id('B')]));
  });

  it('leaves a level downwards only at five points below its edge', () => {
    const atHigh = given(changed('LOW', 'HIGH', 61));
    atHigh.when(revise(51)).then([]);
    atHigh.when(revise(50)).then(changed('HIGH', 'MEDIUM', 50));
    atHigh.when(revise(0)).then(changed('HIGH', 'LOW', 0));
    atHigh.when(revise(85)).then(changed('HIGH', 'CRITICAL', 85));
  });

  it('tells since when he is lost after a later order, when history comes in late', () => {
    const later = { on: '2026-02-20', evidence: [idOf('later order')] };
    given(lost)
      .when(revise(0, [], { churned: later, lastOrder: lastOrder('later order') }))
      .then({
        ...lost,
        data: { ...lost.data, churnedOn: '2026-02-20', evidence: [idOf('later order')] },
      });
    // A cancellation brings the day back: that is no order since.
    const earlier = { on: '2025-12-01', evidence: [idOf('earlier order')] };
    given(lost)
      .when(revise(0, [], { churned: earlier, lastOrder: lastOrder('earlier order') }))
      .then([]);
  });

  it('tells that a customer is lost, before the level that follows', () => {
    given()
      .when(revise(60, [], { churned, lastOrder: lastOrder('last order') }))
      .then([lost, changed('LOW', 'HIGH', 60)]);
    given(lost)
      .when(revise(0, [], { churned, lastOrder: lastOrder('last order') }))
      .then([]);
    expect(given(lost).state()).toMatchObject({ status: 'Churned', churned: { on: '2026-01-14' } });
  });

  it('tells that he is back with the order that brings him, and how long he was away', () => {
    given(lost)
      .when(revise(0, [], { lastOrder: lastOrder('next order') }))
      .then({ type: 'CustomerReactivated', data: { byEventId: idOf('next order'), daysAway: 200 } });
    expect(
      given(lost, {
        type: 'CustomerReactivated',
        data: { byEventId: idOf('next order'), daysAway: 200 },
      }).state(),
    ).toMatchObject({ status: 'Tracked', churned: null });
  });

  it('brings nobody back without an order: a definition that changed is no return', () => {
    given(lost)
      .when(revise(0, [], { lastOrder: lastOrder('last order') }))
      .then([]);
  });

  it('is legal in every state', () => {
    expect(risk.transitions).toEqual({ ReviseRisk: [NOTHING, 'Tracked', 'Churned'] });
  });
});

describe('any course of assessments', () => {
  it('leaves what was told as the last one says, and repeating it tells nothing', () => {
    const signal = fc.record({
      code: fc.constantFrom('A', 'B', 'C', 'D'),
      severity: fc.constantFrom(1, 2, 3, 4),
    }) as fc.Arbitrary<{ code: string; severity: 1 | 2 | 3 | 4 }>;
    const assessment = fc.record({
      score: fc.integer({ min: 0, max: 100 }),
      signals: fc.uniqueArray(signal, { selector: ({ code }) => code }),
    });
    fc.assert(
      fc.property(fc.array(assessment, { minLength: 1, maxLength: 15 }), (course) => {
        const told: Parameters<typeof given>[number][] = [];
        for (const { score, signals } of course) {
          const command = revise(
            score,
            signals.map(({ code, severity }) => found(code, severity)),
          );
          told.push(
            ...(given(...told)
              .when(command)
              .facts() as typeof told),
          );
          given(...told)
            .when(command)
            .then([]);
          const state = given(...told).state();
          expect(new Map(state.signals.map((one) => [one.code, one.severity]))).toEqual(
            new Map(signals.map(({ code, severity }) => [code, severity])),
          );
          const edge = shipped.levels[state.level].from;
          expect(score).toBeGreaterThan(edge === 0 ? -1 : edge - shipped.hysteresis);
          expect(shipped.levels[levelOf(score, shipped)].from).toBeLessThanOrEqual(edge);
        }
      }),
      { numRuns: 60 },
    );
  });
});
