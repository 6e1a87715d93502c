import { describe, expect, it, vi } from 'vitest';
import { auditTrail, type AuditEntry, type Timer } from './audit.ts';

const entry = (n: number): AuditEntry => ({
  kind: 'opened',
  at: n,
  sub: 'x',
  roles: [],
  route: 'GET /x',
  requestId: String(n),
});

const setup = () => {
  const written: number[][] = [];
  const state = { broken: false };
  const failed = vi.fn<(error: unknown) => void>();
  const timers: (() => void)[] = [];
  const timer: Timer = (run, ms) => {
    expect(ms).toBe(1_000);
    timers.push(run);
    return () => undefined;
  };
  const write = async (entries: readonly AuditEntry[]): Promise<void> => {
    if (state.broken) throw new Error('away');
    written.push(entries.map(({ at }) => at));
  };
  return { audit: auditTrail(write, failed, timer), written, state, failed, timers };
};

describe('the audit', () => {
  it('writes a refusal before it is answered', async () => {
    const { audit, written } = setup();
    await audit.write(entry(1));
    expect(written).toEqual([[1]]);
  });

  it('gathers readings for a second at most', async () => {
    const { audit, written, timers } = setup();
    await audit.later(entry(1));
    await audit.later(entry(2));
    expect(written).toEqual([]);
    expect(timers).toHaveLength(1);
    timers[0]?.();
    await audit.flush();
    expect(written).toEqual([[1, 2]]);
  });

  it('keeps what could not be written, in order, and says so', async () => {
    const { audit, written, state, failed, timers } = setup();
    state.broken = true;
    await audit.later(entry(1));
    timers[0]?.();
    await vi.waitFor(() => expect(failed).toHaveBeenCalledOnce());
    state.broken = false;
    await audit.later(entry(2));
    await audit.flush();
    expect(written).toEqual([[1, 2]]);
  });

  it('stops the readings rather than forget them when too many wait', async () => {
    const { audit, written, state } = setup();
    state.broken = true;
    for (let n = 0; n < 500; n++) await audit.later(entry(n));
    await expect(audit.later(entry(500))).rejects.toThrow('away');
    state.broken = false;
    await audit.later(entry(501));
    expect(written).toHaveLength(1);
    expect(written[0]).toHaveLength(500);
    await audit.flush();
    expect(written[1]).toEqual([501]);
  });
});
