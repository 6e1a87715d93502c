// The published risk of a customer: compares each new assessment with what was told last, and tells the difference.
import { aggregate, NOTHING, type Aggregate } from '@tenure/core';
import type { ChurnEvents, ChurnFacts } from '@tenure/events/generated/churn';
import { nothingPublished, revision, told, type Brought, type Published } from './published.ts';
import type { ChurnRules } from './rules.ts';

export type RiskState = Published & { readonly status: typeof NOTHING | 'Tracked' | 'Churned' };

/** The rules by which the customer was assessed. */
export type RiskContext = { readonly rules: ChurnRules };

export type RiskCommands = {
  readonly ReviseRisk: Brought & {
    readonly rulesVersion: number;
    readonly occasion: readonly string[];
  };
};

/** The types that make up the aggregate. */
export type RiskParts = {
  readonly state: RiskState;
  readonly events: ChurnEvents;
  readonly facts: ChurnFacts;
  readonly commands: RiskCommands;
  readonly context: RiskContext;
};

const tracked = (state: RiskState): RiskState =>
  state.status === NOTHING ? { ...state, status: 'Tracked' } : state;

/** States, rules and events of the risk aggregate. */
export const risk: Aggregate<RiskParts> = aggregate<RiskParts>({
  name: 'risk',
  initial: { ...nothingPublished, status: NOTHING },
  transitions: { ReviseRisk: [NOTHING, 'Tracked', 'Churned'] },
  decide: {
    ReviseRisk: (state, assessment, { customerId, now, rules }) =>
      revision(state, assessment, { customerId, at: now, rules, occasion: assessment.occasion }),
  },
  evolve: {
    ChurnSignalRaised: (state, event) => tracked(told.ChurnSignalRaised(state, event)),
    ChurnSignalCleared: (state, event) => tracked(told.ChurnSignalCleared(state, event)),
    ChurnRiskChanged: (state, event) => tracked(told.ChurnRiskChanged(state, event)),
    CustomerChurned: (state, event) => ({ ...told.CustomerChurned(state, event), status: 'Churned' }),
    CustomerReactivated: (state) => ({ ...told.CustomerReactivated(state), status: 'Tracked' }),
  },
});
