// What reactions and deadlines have to tell: a log line for whoever looks after the process, and a number for /metrics.
import type { Logger } from '@tenure/http';
import type { DeadlineDeps, ReactionDeps } from '@tenure/service-kit';
import { counter } from '@tenure/telemetry';

/** News from the thread of the reactions. Never says whose: `GET /ops/parked` does. */
export type ReactionNews =
  | { readonly kind: 'parked'; readonly service: string; readonly code: string; readonly attempts: number }
  | {
      readonly kind: 'refused';
      readonly service: string;
      readonly reaction: string;
      readonly command: string;
      readonly code: string;
    };

/** Turns what happens to the reactions of a service into news. */
export const newsOf =
  (tell: (news: ReactionNews) => void) =>
  (service: string): NonNullable<ReactionDeps['observe']> => ({
    parked: (row) => tell({ kind: 'parked', service, code: row.class, attempts: row.attempts }),
    refused: (about) => tell({ kind: 'refused', service, ...about }),
  });

const parked = counter('tenure_reactions_parked_total', {
  help: 'Customers whose reactions came to stand still, or did so again',
});
const refusedReactions = counter('tenure_reactions_refused_total', {
  help: 'Commands of reactions that the domain refused',
});
const failedDeadlines = counter('tenure_deadlines_failed_total', {
  help: 'Deadlines whose command could not be issued and waits for the next start',
});
const refusedDeadlines = counter('tenure_deadlines_refused_total', {
  help: 'Commands of deadlines that the domain refused',
});

/** Logs and counts the news. A refusal is an answer of the domain: it is counted alone. */
export const hearOfReactions =
  (logger: Logger) =>
  (news: ReactionNews): void => {
    const { kind, service, code } = news;
    switch (kind) {
      case 'parked':
        parked.add(1, { service, code });
        logger.error(
          { service, code, attempts: news.attempts },
          'the reactions of a customer stand still; see /ops/parked, mend the cause and retry',
        );
        return;
      case 'refused':
        refusedReactions.add(1, { service, code, command: news.command });
        return;
      default:
        kind satisfies never;
    }
  };

/** Logs and counts what deadlines of a service cannot do. */
export const hearOfDeadlines = (logger: Logger, service: string): NonNullable<DeadlineDeps['observe']> => ({
  refused: ({ command, code }) => refusedDeadlines.add(1, { service, command, code }),
  failed({ command, class: code }) {
    failedDeadlines.add(1, { service, command, code });
    logger.error({ service, command, code }, 'a deadline could not be issued');
  },
});
