// What the churn service tells the world: each new assessment is brought before the risk aggregate.
import type { Deployment, Follower } from '@tenure/service-kit';
import { assessmentOf, wakeAt, type Assessment } from './assessment.ts';
import { churn } from './churn.ts';
import { COLUMNS } from './columns.ts';
import { publishedLevel } from './score.ts';
import { LEVELS, type ChurnRules, type RuleBook } from './rules.ts';
import { assessedSlices } from './slices.ts';

/** Revises the risk after each event of a customer and each closed day. */
export const riskFollower = ({ zone }: Pick<Deployment, 'zone'>, book: RuleBook): Follower => ({
  name: 'RiskRevision',
  projection: churn(zone, book),
  owing: [{ column: COLUMNS.unpublished, op: 'eq', value: 1 }],
  say({ id, slices }, { today, event }) {
    const known = assessedSlices(slices);
    const assessment = assessmentOf(known, today, book);
    const { score, signals, churned, lastOrder, rules } = assessment;
    return {
      until: wakeAt(known, today, book),
      face: faceOf(assessment, book.rules(today.date)),
      command: {
        aggregate: 'risk',
        id,
        customerId: id,
        command: 'ReviseRisk',
        body: {
          ...{ score, signals, churned, lastOrder },
          rulesVersion: rules.version,
          occasion: event === null ? [] : [event.id],
        },
      },
    };
  },
});

/** All that the risk aggregate compares: two assessments with one face leave it at the same word. */
const faceOf = ({ score, signals, churned, lastOrder }: Assessment, rules: ChurnRules): string =>
  JSON.stringify([
    signals.map(({ code, severity }) => [code, severity]),
    LEVELS.map((level) => publishedLevel(level, score, rules)),
    churned !== null,
    lastOrder?.eventId ?? null,
  ]);
