import { describe, expect, it } from 'vitest';
import type { LoopStatus } from '@tenure/projections';
import { judge, type RelayHealth } from './readiness.ts';

const NOW = 1_000_000;
const loop = (change: Partial<LoopStatus> = {}): LoopStatus => ({
  projection: 'customer-360',
  state: 'active',
  lagEvents: 0,
  lastCycle: NOW,
  failing: null,
  parked: 0,
  ...change,
});
const relay = (change: Partial<RelayHealth> = {}): RelayHealth => ({
  source: 'order',
  backlogEvents: 0,
  lastProgress: NOW,
  failing: null,
  ...change,
});

describe('readiness', () => {
  it('is green while everything moves or has nothing to do', () => {
    const idle = judge([relay({ lastProgress: 0 })], [loop({ lastCycle: 0 })], NOW);
    expect(idle).toEqual({ ready: true, reasons: [], degraded: [] });
    expect(judge([relay({ backlogEvents: 9 })], [loop({ lagEvents: 9 })], NOW).ready).toBe(true);
  });

  it('turns red when work waits untouched for 30 s, and says what waits', () => {
    const late = NOW - 30_001;
    const state = judge(
      [relay({ backlogEvents: 7, lastProgress: late, failing: 'DISK_FULL' })],
      [loop({ lagEvents: 5, lastCycle: late })],
      NOW,
    );
    expect(state.ready).toBe(false);
    expect(state.reasons).toEqual([
      'the relay of order stands still with 7 events to go (DISK_FULL)',
      'customer-360 stands still with 5 events to go',
    ]);
  });

  it('turns red for a paused projection whatever its lag', () => {
    expect(judge([], [loop({ state: 'paused' })], NOW).reasons).toEqual(['customer-360 is paused']);
  });

  it('stays green but degraded while customers are parked', () => {
    expect(judge([], [loop({ parked: 2 })], NOW)).toEqual({
      ready: true,
      reasons: [],
      degraded: [{ projection: 'customer-360', parked: 2 }],
    });
  });
});
