// Reading aggregates from their streams: for `GET /api/orders/{id}`.
import { sealedRefs, type SealedBlock } from '@tenure/events';
import { streamOf } from '@tenure/core';
import type { AggregateView, Caller, CommandRequest } from '../command.ts';
import type { AggregateSpec } from '../definition.ts';
import type { PlanDeps } from './plan.ts';
import { PLAIN_ID } from './prepare.ts';
import { notFound, routedCommands } from './refusals.ts';
import { checkOwner, checkStanding, limitedToOwn, ownerOf, partyOf } from './rights.ts';
import { loadCurrent } from './sources.ts';
import { exists, type Streams } from './streams.ts';

type Wanted = {
  readonly service: string;
  readonly spec: AggregateSpec;
  readonly source: string;
  readonly id: string;
};

/** @throws NOT_FOUND, FORBIDDEN, and for a customer himself CUSTOMER_ERASED, CUSTOMER_ABSORBED */
export const viewStream = async (
  deps: PlanDeps,
  streams: Streams,
  { service, spec, source, id }: Wanted,
  caller: Caller,
  scope: CommandRequest['scope'],
): Promise<AggregateView> => {
  if (!PLAIN_ID.test(id)) throw notFound(spec.model.name);
  const stream = await loadCurrent(streams, { spec, source, stream: streamOf(spec.model.name, id) });
  if (!exists(stream)) throw notFound(spec.model.name);
  const customerId = spec.customer === 'none' ? null : stream.key;
  const limited = limitedToOwn(caller, scope);
  if (limited || spec.customer === 'self') {
    const party = await partyOf(spec, stream.state, customerId, deps.sourcesOf(service).lookups);
    if (limited) checkOwner(caller, ownerOf(spec, stream.state, party), deps.policies, deps.today());
    if (spec.customer === 'self') checkStanding(party, false);
  }
  const state = spec.view.of(stream.state, { id, zone: deps.zone });
  return {
    id,
    customerId,
    status: stream.state.status,
    revision: stream.revision,
    allowedCommands: routedCommands(spec, stream.state.status),
    state,
    sealed: blocksIn(state, stream.sealed),
  };
};

/** The blocks that a view points into. */
const blocksIn = (
  view: object,
  blocks: ReadonlyMap<string, SealedBlock>,
): ReadonlyMap<string, SealedBlock> => {
  const found = new Map<string, SealedBlock>();
  for (const eventId of sealedRefs(view)) {
    const block = blocks.get(eventId);
    if (block !== undefined) found.set(eventId, block);
  }
  return found;
};
