// CaseSla: what a case is entitled to is verified, its clocks are started, a broken promise goes up the ladder.
import { dateAt } from '@tenure/core';
import type { DecodedEvent } from '@tenure/events';
import type { ServiceEvents, SlaClockKind } from '@tenure/events/generated/service';
import type { IssuedCommand, Reaction } from '@tenure/service-kit';
import { issue } from './issue.ts';
import type { DeskPolicy } from './policy.ts';

const NAME = 'CaseSla';

/** A clock is started where it is waited for and does not run: starting one too many changes nothing. */
const start = (event: DecodedEvent, ...kinds: readonly SlaClockKind[]): readonly IssuedCommand[] =>
  kinds.map((kind) => issue(event, 'StartSlaClock', { kind }));

const isOwn = ({ meta: { actor } }: DecodedEvent): boolean => actor.kind === 'process' && actor.id === NAME;

export const caseSla: Reaction = {
  name: NAME,
  on: {
    service: ['CaseOpened', 'EntitlementVerified', 'CustomerReplyReceived', 'CaseReopened', 'SlaBreached'],
  },
  react(event, { policies, zone }) {
    switch (event.type) {
      case 'CaseOpened':
        // The clocks do not wait for EntitlementVerified: a case that is answered at once cannot be verified any more.
        return [issue(event, 'VerifyEntitlement'), ...start(event, 'FIRST_RESPONSE', 'RESOLUTION')];
      case 'EntitlementVerified':
        return isOwn(event) ? [] : start(event, 'FIRST_RESPONSE', 'NEXT_RESPONSE', 'RESOLUTION');
      case 'CustomerReplyReceived':
        return start(event, 'FIRST_RESPONSE', 'RESOLUTION', 'NEXT_RESPONSE');
      case 'CaseReopened':
        return start(event, 'RESOLUTION', 'NEXT_RESPONSE');
      case 'SlaBreached': {
        const { kind } = event.data as ServiceEvents['SlaBreached'];
        if (kind === 'UNKNOWN') return [];
        const { ladder } = policies.at<DeskPolicy>('desk', dateAt(event.occurredAt, zone));
        return [issue(event, 'EscalateCase', ladder.breached[kind])];
      }
      default:
        return [];
    }
  },
};
