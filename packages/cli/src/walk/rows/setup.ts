// Rows 1–5: the clock is set, the loyalty programme is published.
import { PROGRAM, money, policyId } from '../ids.ts';
import type { WalkStep } from '../step.ts';

const program = `/loyalty-programs/${PROGRAM}`;

/** One point for each whole unit of money, tax aside. */
const EARNING_RULE = {
  ruleId: 'base',
  when: { gt: ['line.base', 0] },
  points: { floor: { div: ['line.base', 'minorPerPoint'] } },
  cap: 20_000,
};

const reward = (code: string, name: string, kind: string, cost: number, minor?: number) => ({
  path: `${program}/publish-reward`,
  body: { rewardId: policyId(code), name, kind, cost, ...(minor !== undefined && { value: money(minor) }) },
});

export const setup: readonly WalkStep[] = [
  {
    row: 1,
    on: '2026-01-05',
    role: 'admin',
    what: 'set the clock to a Monday: close 2026-01-04',
    close: '2026-01-04',
    events: () => [],
  },
  {
    row: 2,
    on: '2026-01-05',
    role: 'admin',
    what: 'draft the programme Tenure Club',
    commands: () => [
      {
        path: '/loyalty-programs',
        body: { programId: PROGRAM, name: 'Tenure Club', pointsName: 'points', autoEnrol: true },
      },
    ],
    events: () => ['ProgramDrafted'],
    after: () => [{ get: program, has: { status: 'Draft' } }],
  },
  {
    row: 3,
    on: '2026-01-05',
    role: 'admin',
    what: 'publish its tiers',
    commands: () => [
      {
        path: `${program}/publish-tier-ladder`,
        body: {
          metric: 'POINTS',
          period: 'CALENDAR_YEAR',
          tiers: [
            { tierId: 'BRONZE', name: 'Bronze', threshold: 0 },
            { tierId: 'SILVER', name: 'Silver', threshold: 1_000 },
            { tierId: 'GOLD', name: 'Gold', threshold: 5_000 },
            { tierId: 'PLATINUM', name: 'Platinum', threshold: 20_000 },
          ],
        },
      },
    ],
    events: () => [{ type: 'TierLadderPublished', data: { version: 1 } }],
    after: () => [{ get: program, has: { status: 'Draft' } }],
  },
  {
    row: 4,
    on: '2026-01-05',
    role: 'admin',
    what: 'publish its earning rules',
    commands: () => [
      {
        path: `${program}/publish-earning-rules`,
        body: {
          rules: [EARNING_RULE],
          lotPolicy: { availableAfterDays: 30, expiry: 'END_OF_YEAR', expiryAfter: 1 },
        },
      },
    ],
    events: () => [{ type: 'EarningRulesPublished', data: { version: 1 } }],
    after: () => [{ get: program, has: { status: 'Live' } }],
  },
  {
    row: 5,
    on: '2026-01-05',
    role: 'admin',
    what: 'publish three rewards',
    commands: () => [
      reward('SHIPPING', 'Free shipping', 'SERVICE', 300),
      reward('CASHBACK', 'Cash back 10.00', 'CASHBACK', 1_000, 1_000),
      reward('GIFT', 'Gift', 'PRODUCT', 2_500),
    ],
    events: () => ['RewardPublished', 'RewardPublished', 'RewardPublished'],
  },
];
