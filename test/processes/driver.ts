// Drives a world on: every delivery once, in the order of its customer and source, until nothing is left to do.
import type { Delivery, World } from './world.ts';

const nameOf = ({ service, source, event }: Delivery): string => `${service}/${source}/${event.id}`;
/** Events of one customer and source reach a service one after the other. */
const laneOf = ({ service, source, event }: Delivery): string => `${service}/${source}/${event.key}`;

/** A process that goes on for longer than this goes round in a circle. */
const MAX_STEPS = 500;

export const createDriver = (world: World) => {
  const done = new Set<string>();
  /** The next delivery of each lane. */
  const waiting = async (): Promise<readonly Delivery[]> => {
    const next = new Map<string, Delivery>();
    for (const delivery of await world.deliveries())
      if (!done.has(nameOf(delivery)) && !next.has(laneOf(delivery))) next.set(laneOf(delivery), delivery);
    return [...next.values()];
  };
  const step = async (delivery: Delivery): Promise<void> => {
    await world.deliver(delivery);
    done.add(nameOf(delivery));
  };
  return {
    waiting,
    step,
    /** Everything that waits, in order; answers how many deliveries there were. */
    async settle(limit = MAX_STEPS): Promise<number> {
      for (let steps = 0; ; steps++) {
        await world.foldAll();
        const [next] = await waiting();
        if (next === undefined || steps === limit) return steps;
        if (steps === MAX_STEPS) throw new Error('the processes do not come to an end');
        await step(next);
      }
    },
    /** Everything again that was ever delivered. */
    async redeliver(): Promise<void> {
      for (const delivery of await world.deliveries()) await world.deliver(delivery);
    },
  };
};
