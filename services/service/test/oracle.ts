// What the promises of a case must come to, found out by walking minute by minute: it knows hours, targets and events,
// and nothing of clocks, due times or calendars of the service.
import type { DecodedEvent } from '@tenure/events';

const MINUTE = 60_000;
const DAY = 1_440 * MINUTE;
const HOLIDAYS = ['2026-01-01', '2026-05-01', '2026-10-01', '2026-12-25'].map(
  (date) => Date.parse(date) / DAY,
);

/** Is this minute worked at the desk? The epoch began on a Thursday. */
const worked = (instant: number): boolean => {
  const day = Math.floor(instant / DAY);
  const weekday = (day + 4) % 7;
  if (weekday === 0 || weekday === 6 || HOLIDAYS.includes(day)) return false;
  const hour = Math.floor((instant % DAY) / (60 * MINUTE));
  return (hour >= 9 && hour < 12) || (hour >= 13 && hour < 18);
};

type Kind = 'FIRST_RESPONSE' | 'NEXT_RESPONSE' | 'RESOLUTION';
type Policy = 'standard' | 'premium';

/** Minutes for a NORMAL case. */
const TARGETS: Readonly<Record<Policy, Readonly<Record<Kind, number>>>> = {
  standard: { FIRST_RESPONSE: 240, NEXT_RESPONSE: 480, RESOLUTION: 2400 },
  premium: { FIRST_RESPONSE: 120, NEXT_RESPONSE: 240, RESOLUTION: 1440 },
};

/** A wait of the customer: the instants at which its n-th minute was over, by kind of hours. */
type Wait = { readonly standard: number[]; readonly premium: number[]; broken: boolean };

export type Breach = { readonly kind: string; readonly at: number };

/** The breaches of one NORMAL case up to an instant. */
export const expectedBreaches = (events: readonly DecodedEvent[], until: number): readonly Breach[] => {
  const waits = new Map<Kind, Wait>();
  const breaches: Breach[] = [];
  let policy: Policy | null = null;
  let asked = false;
  let resolved = false;

  const wait = (kind: Kind): void => void waits.set(kind, { standard: [], premium: [], broken: false });
  const look = (): void => {
    if (policy === null) return;
    for (const [kind, one] of waits) {
      const ended = one[policy][TARGETS[policy][kind] - 1];
      if (ended === undefined || one.broken) continue;
      one.broken = true;
      breaches.push({ kind, at: ended });
    }
  };
  const apply = ({ type, data }: DecodedEvent): void => {
    switch (type) {
      case 'CaseOpened':
        wait('FIRST_RESPONSE');
        wait('RESOLUTION');
        break;
      case 'EntitlementVerified':
        policy = (data as { slaPolicyId: Policy }).slaPolicyId;
        break;
      case 'EntitlementDenied':
        policy = null;
        for (const [kind, one] of waits) if (one.broken) waits.delete(kind);
        break;
      case 'CaseResponded':
        if (!(data as { byHuman: boolean }).byHuman) break;
        waits.delete('FIRST_RESPONSE');
        waits.delete('NEXT_RESPONSE');
        break;
      case 'CasePendedOnCustomer':
        asked = true;
        waits.delete('NEXT_RESPONSE');
        break;
      case 'CustomerReplyReceived':
      case 'CaseReopened':
        asked = false;
        wait('NEXT_RESPONSE');
        if (resolved) wait('RESOLUTION');
        resolved = false;
        break;
      case 'CaseResolved':
        asked = false;
        resolved = true;
        waits.clear();
        break;
      case 'CaseMerged':
        waits.clear();
        break;
      default:
    }
  };

  const told = events.filter(
    ({ type }) => !['SlaClockStarted', 'SlaBreached', 'CaseEscalated'].includes(type),
  );
  let next = 0;
  for (let minute = told[0]?.occurredAt ?? until; minute <= until; minute += MINUTE) {
    look();
    for (let event = told[next]; event !== undefined && event.occurredAt <= minute; event = told[next]) {
      apply(event);
      next++;
      look();
    }
    if (asked || minute === until) continue;
    for (const one of waits.values()) {
      one.premium.push(minute + MINUTE);
      if (worked(minute)) one.standard.push(minute + MINUTE);
    }
  }
  return breaches;
};
