// The write service of the simulation, with everything a service may have.
import { deadlinesProjection, defineService, policyBook, type ServiceDefinition } from '@tenure/service-kit';
import { counterDeadlines, counterSpec, SOURCE } from './counter.ts';
import { counters } from './counters.ts';
import { tallyReaction, tallySpec } from './tally.ts';
import { ZONE } from './time.ts';

export const policies = policyBook([]);

export const counterService: ServiceDefinition = defineService({
  name: SOURCE,
  aggregates: [counterSpec, tallySpec],
  reactions: [tallyReaction],
  deadlines: counterDeadlines,
});

const due = deadlinesProjection(counterService, { policies, zone: ZONE });
if (due === null) throw new TypeError('the service has deadlines');
export const deadlines = due;

/** What the engine folds. */
export const definitions = [counters, deadlines].map((definition) => ({ definition, codeHash: 'code-1' }));
