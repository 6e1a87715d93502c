// When this instance must not get traffic. Lag is measured against the head of the stores, and a loop must cycle.
import type { LoopStatus } from '@tenure/projections';
import type { Readiness } from '@tenure/http';

/** Work that waits this long untouched is a stall, whatever the part says of itself (ARCHITECTURE, "Promises"). */
const STALL_MS = 30_000;

/** A relay as readiness sees it: what waits, when it last got on (ms), what it fails with. */
export type RelayHealth = {
  readonly source: string;
  readonly backlogEvents: number;
  readonly lastProgress: number;
  readonly failing: string | null;
};

/** Judges relays and loops at an instant. */
export const judge = (
  relays: readonly RelayHealth[],
  loops: readonly LoopStatus[],
  now: number,
): Readiness => {
  const reasons = [
    ...relays.flatMap((relay) => relayReasons(relay, now)),
    ...loops.flatMap((loop) => loopReasons(loop, now)),
  ];
  const degraded = loops
    .filter(({ parked }) => parked > 0)
    .map(({ projection, parked }) => ({ projection, parked }));
  return { ready: reasons.length === 0, reasons, degraded };
};

const stalled = (since: number, now: number): boolean => now - since > STALL_MS;

const relayReasons = (
  { source, backlogEvents, lastProgress, failing }: RelayHealth,
  now: number,
): readonly string[] =>
  backlogEvents > 0 && stalled(lastProgress, now)
    ? [
        `the relay of ${source} stands still with ${backlogEvents} events to go${failing === null ? '' : ` (${failing})`}`,
      ]
    : [];

const loopReasons = (
  { projection, state, lagEvents, lastCycle, failing }: LoopStatus,
  now: number,
): readonly string[] => {
  if (state === 'paused') return [`${projection} is paused`];
  if (lastCycle === null || lagEvents === 0 || !stalled(lastCycle, now)) return [];
  return [
    `${projection} stands still with ${lagEvents} events to go${failing === null ? '' : ` (${failing})`}`,
  ];
};
