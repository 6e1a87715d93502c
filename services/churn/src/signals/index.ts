// All signs of churn. A new one is a file beside these, its specification, its parameters in the policy, and a line here.
import { breadthNarrowing } from './breadth-narrowing.ts';
import { caseReopened } from './case-reopened.ts';
import { caseSurge } from './case-surge.ts';
import { caseUnresolved } from './case-unresolved.ts';
import { championLeft } from './champion-left.ts';
import { competitorSeen } from './competitor-seen.ts';
import { complaintUnsettled } from './complaint-unsettled.ts';
import { consentWithdrawn } from './consent-withdrawn.ts';
import { contactLost } from './contact-lost.ts';
import { earlyStall } from './early-stall.ts';
import { freqDecline } from './freq-decline.ts';
import { lateDelivery } from './late-delivery.ts';
import { pointsDormant } from './points-dormant.ts';
import { purchaseGap } from './purchase-gap.ts';
import { renewalLost } from './renewal-lost.ts';
import { returnSpike } from './return-spike.ts';
import type { AnySignal } from './signal.ts';
import { slaBreaches } from './sla-breaches.ts';
import { spendDecline } from './spend-decline.ts';
import { terminationRequested } from './termination-requested.ts';
import { tierDown } from './tier-down.ts';

export const signals: readonly AnySignal[] = [
  breadthNarrowing,
  caseReopened,
  caseSurge,
  caseUnresolved,
  championLeft,
  competitorSeen,
  complaintUnsettled,
  consentWithdrawn,
  contactLost,
  earlyStall,
  freqDecline,
  lateDelivery,
  pointsDormant,
  purchaseGap,
  renewalLost,
  returnSpike,
  slaBreaches,
  spendDecline,
  terminationRequested,
  tierDown,
];
