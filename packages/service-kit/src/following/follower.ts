// What a projection service tells the world: one decision per event of a customer and per closed day, in lane order.
import type { DecodedEvent } from '@tenure/events';
import type { ProjectionDefinition, Slices, Today } from '@tenure/projections';
import type { Filter } from '@tenure/read-models';
import type { IssuedCommand } from '../definition.ts';

/** A customer as far as his events have been followed; where customers are merged, the survivor with the events of all. */
export type FollowedCustomer = { readonly id: string; readonly slices: Slices };

/** Why a customer is looked at. `at`: when it counts as said (ms); `event`: null when a day has closed or rules have changed. */
export type FollowOccasion = {
  readonly today: Today;
  readonly at: number;
  readonly event: DecodedEvent | null;
};

/**
 * `command` is issued unless `face` is what it was the last time: the part of a saying that the one who decides it
 * compares with what he said before. `until`: the end (ms) of the next business day whose closing may change it, as the
 * projection wakes; null: time alone changes nothing.
 */
export type Saying = {
  readonly face: string;
  readonly until: number | null;
  readonly command: IssuedCommand;
};

/**
 * Follows a projection of the same service. Its slices (those of the service's own sources left out) are folded event by
 * event, whatever the batches of the projection; `say` is asked after each event and when a day has closed. Only while
 * the active generation is one of this code; a replay says nothing, and a new generation says once what is `owing`.
 * Imported history is followed too, and what is said about it carries the same mark.
 */
export type Follower = {
  readonly name: string;
  readonly projection: ProjectionDefinition;
  /** Rows of the projection about which there may be something to say. More rows than needed cost time alone. */
  readonly owing: readonly Filter[];
  /** Pure. */
  readonly say: (customer: FollowedCustomer, occasion: FollowOccasion) => Saying;
};
