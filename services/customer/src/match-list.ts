// The list behind `GET /api/match-candidates`, and what `GET /api/match-candidates/{id}` shows.
import type { Actor } from '@tenure/events/generated/customer';
import { fields, listModel } from '@tenure/service-kit';
import { z } from 'zod';
import type { MatchParts, MatchState } from './match.ts';

export const matchCandidates = listModel<MatchParts['events']>({
  name: 'match-candidates',
  source: 'customer',
  aggregate: 'match',
  status: { MatchProposed: 'Proposed', MatchApproved: 'Approved', MatchRejected: 'Rejected' },
  fields: {
    score: { column: 'score', type: 'integer', en: 'Match score, 0 to 100', zh: '匹配得分' },
    leftId: { column: 'left_id', type: 'text', en: 'Party with the lower id', zh: '主体一' },
    rightId: { column: 'right_id', type: 'text', en: 'Party with the higher id', zh: '主体二' },
    survivorId: { column: 'survivor_id', type: 'text', en: 'Party that stays', zh: '保留主体' },
  },
  customers: ['leftId', 'rightId'],
  changes: {
    MatchProposed: ({ score, leftId, rightId }) => ({ score, leftId, rightId, survivorId: null }),
    MatchApproved: ({ survivorId }) => ({ survivorId }),
  },
});

const Who = z.object({ kind: z.string(), id: z.string() });

export const MatchView = z.object({
  pairId: fields.id.nullable(),
  leftId: fields.id.nullable(),
  rightId: fields.id.nullable(),
  ruleId: z.string().nullable(),
  ruleVersion: z.int(),
  score: z.int(),
  evidence: z.array(
    z.object({ kind: z.string(), score: z.int(), leftKey: z.string(), rightKey: z.string() }),
  ),
  survivorId: fields.id.nullable(),
  decidedBy: Who.nullable(),
  reason: z.string().nullable(),
});

/** The state as people and programs read it. */
export const matchView = ({
  status: _status,
  ...shown
}: MatchState): object & { readonly decidedBy: Actor | null } => shown;
