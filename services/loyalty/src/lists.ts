// The lists behind `GET /api/loyalty-programs`, `…/loyalty-accounts` and `…/retention-cases`.
import { listModel } from '@tenure/service-kit';
import type { AccountEvents } from './account-state.ts';
import type { ProgramParts } from './program.ts';
import type { RetentionCaseParts } from './retention-case.ts';

export const programs = listModel<ProgramParts['events']>({
  name: 'loyalty-programs',
  source: 'loyalty',
  aggregate: 'loyaltyprogram',
  status: {
    ProgramDrafted: 'Draft',
    EarningRulesPublished: 'Live',
    TierLadderPublished: null,
    RewardPublished: null,
    RewardRetired: null,
    ProgramEnded: 'Ended',
  },
  fields: {},
  changes: {},
});

export const accounts = listModel<AccountEvents>({
  name: 'loyalty-accounts',
  source: 'loyalty',
  aggregate: 'loyaltyaccount',
  status: {
    MemberEnrolled: 'Active',
    PointsAccrued: null,
    PointsUnlocked: null,
    PointsRedeemed: null,
    RedemptionReversed: null,
    PointsReversed: null,
    PointsExpired: null,
    PointsTransferredOut: null,
    PointsTransferredIn: null,
    PointsAdjusted: null,
    TierChanged: null,
    MembershipSuspended: 'Suspended',
    MembershipReinstated: 'Active',
    MembershipClosed: 'Closed',
  },
  fields: {
    programId: { column: 'program_id', type: 'text', en: 'Loyalty programme', zh: '会员计划' },
    tierId: { column: 'tier_id', type: 'text', en: 'Tier', zh: '会员等级' },
  },
  changes: {
    MemberEnrolled: ({ programId, tierId }) => ({ programId, tierId }),
    TierChanged: ({ toTierId }) => ({ tierId: toTierId }),
  },
});

export const retentionCases = listModel<RetentionCaseParts['events']>({
  name: 'retention-cases',
  source: 'loyalty',
  aggregate: 'retentioncase',
  status: {
    RetentionCaseOpened: 'Opened',
    RetentionOfferMade: 'Offered',
    CustomerSaved: 'Saved',
    CustomerLost: 'Lost',
    RetentionFalseAlarm: 'FalseAlarm',
  },
  fields: {
    owner: { column: 'owner', type: 'text', en: 'Owner', zh: '负责人' },
    riskLevel: { column: 'risk_level', type: 'text', en: 'Risk level that opened it', zh: '立案时风险等级' },
  },
  changes: { RetentionCaseOpened: ({ ownerId, riskLevel }) => ({ owner: ownerId, riskLevel }) },
});
