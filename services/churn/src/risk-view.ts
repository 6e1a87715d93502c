// What is shown of the published risk.
import { z } from 'zod';
import type { RiskState } from './risk.ts';
import { LEVELS } from './rules.ts';

export const RiskView = z.object({
  level: z.enum(LEVELS),
  since: z.string().nullable(),
  signals: z.array(z.object({ code: z.string(), severity: z.int(), signalId: z.string() })),
  churned: z.object({ on: z.string(), eventId: z.string(), lastOrder: z.string().nullable() }).nullable(),
});

export const riskView = ({ level, since, signals, churned }: RiskState): z.infer<typeof RiskView> => ({
  level,
  since,
  signals: [...signals],
  churned,
});
