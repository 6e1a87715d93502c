// Which of the commands that may be sent is sent: what gets people somewhere comes more often.
import type { Random } from '../../random.ts';

/** Commands that get people somewhere are sent more often; those that end something, less. */
const WEIGHTS: Readonly<Record<string, number>> = {
  ...{
    QualifyLead: 8,
    RequestConversion: 12,
    MarkWon: 5,
    ReviseLines: 4,
    ConfirmOrder: 8,
    CompleteFulfilment: 12,
  },
  ...{
    ApproveReturn: 6,
    IssueRefund: 6,
    AcknowledgeComplaint: 6,
    OfferRemedy: 6,
    AcceptRemedy: 8,
    ApproveMatch: 4,
  },
  ...{ AddContactPoint: 4, VerifyContactPoint: 4, RedeemPoints: 4, AmendOrder: 0.3, RequestErasure: 0.1 },
  ...{
    CloseMembership: 0.1,
    SuspendMembership: 0.3,
    MergeCustomers: 2,
    UnmergeCustomer: 3,
    EscalateComplaint: 0.4,
  },
  ...{ DisqualifyLead: 0.4, MarkLost: 0.6, AbandonOpportunity: 0.4, CancelErasure: 10, RejectOrder: 0.7 },
};

/** One of the names, the heavier the likelier. */
export const weighted = (random: Random, names: readonly string[]): string | null => {
  const weights = names.map((name) => WEIGHTS[name] ?? 1);
  let left = random.next() * weights.reduce((sum, weight) => sum + weight, 0);
  for (const [i, name] of names.entries()) {
    left -= weights[i] ?? 0;
    if (left < 0) return name;
  }
  return null;
};
