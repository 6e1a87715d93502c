// The policy `match`: when two parties are one.
import { dateAt } from '@tenure/core';
import { policyHead, type DeploymentPolicy, type Policies } from '@tenure/service-kit';
import { z } from 'zod';

const points = z.int().min(0).max(100);
const share = z.number().min(0).max(1);
const KeyPoints = z.strictObject({ verified: points, unverified: points });

export const MatchPolicy = z
  .strictObject({
    ...policyHead('match'),
    ruleId: z.string().regex(/^[a-z][a-z0-9-]{0,63}$/, 'must be a code in lower case'),
    externalId: points,
    email: KeyPoints,
    phone: KeyPoints,
    name: z.strictObject({ alike: share, points, unlike: share, penalty: points }),
    company: points,
    conflictCap: points,
    strongSystems: z.array(z.string().min(1).max(64)).max(20),
    propose: points,
    autoApprove: points,
    /** A key that more parties share says nothing: a switchboard, a household. */
    sharedByAtMost: z.int().min(1).max(100),
  })
  .refine(({ propose, autoApprove }) => propose <= autoApprove, {
    path: ['propose'],
    message: 'must not lie above autoApprove',
  })
  .refine(({ conflictCap, autoApprove }) => conflictCap < autoApprove, {
    path: ['conflictCap'],
    message: 'must lie below autoApprove: contradicting ids are never approved by a process',
  });

export type MatchPolicy = z.infer<typeof MatchPolicy>;

/** The match rules in force at an instant (ms). */
export const matchPolicyAt = (policies: Policies, at: number): MatchPolicy => {
  const { zone } = policies.at<DeploymentPolicy>('deployment', dateAt(at, 'UTC'));
  return policies.at<MatchPolicy>('match', dateAt(at, zone));
};
