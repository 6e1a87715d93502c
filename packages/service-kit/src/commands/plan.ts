// What is to become of a command on a stream as it is: the first answer again, a refusal, nothing, or events to write.
import type { State } from '@tenure/core';
import type { NewEvent } from '@tenure/event-store';
import type { CommandResult } from '../command.ts';
import type { Policies } from '../policies.ts';
import type { Clock } from '@tenure/core';
import { decideSteps, type DecideDeps, type Occasion } from './decide.ts';
import { customerMismatch, isIssued, isPerson, mayCreate, type Prepared } from './prepare.ts';
import { alreadyExists, ifMatchRequired, keyReused, notFound, staleRevision } from './refusals.ts';
import { invalid } from './body.ts';
import type { Remembered } from './remembered.ts';
import { checkOwner, checkStanding, limitedToOwn, ownerOf, partyOf } from './rights.ts';
import { currentOf, exists, type LoadedStream } from './streams.ts';

export type PlanDeps = DecideDeps & {
  readonly policies: Policies;
  readonly clock: Clock;
  readonly wallClock: Clock;
  /** The business date of now. */
  readonly today: () => string;
};

export type Plan =
  | { readonly kind: 'answer'; readonly result: CommandResult }
  | { readonly kind: 'unchanged'; readonly result: CommandResult }
  | { readonly kind: 'write'; readonly events: readonly NewEvent[]; readonly customerId: string | null };

/** The checks from 404 on (HTTP §2), in their order. Refusals are thrown. */
export const planCommand = async (
  deps: PlanDeps,
  prepared: Prepared,
  stream: LoadedStream,
): Promise<Plan> => {
  const { spec } = prepared.address;
  if (!exists(stream) && !mayCreate(prepared)) throw notFound(spec.model.name);
  const customerId = await customerOf(deps, prepared, stream);
  await checkRights(deps, prepared, stream, customerId);
  const known = knownAnswer(prepared, stream);
  if (known !== null) return { kind: 'answer', result: answerOf(prepared, stream, known) };
  checkRevision(prepared, stream);
  if (prepared.origin === 'natural' && exists(stream) && !reopens(prepared, stream.state))
    throw alreadyExists(spec, currentOf(stream, prepared.id));
  const events = await decideSteps(deps, prepared, stream, occasionOf(deps, prepared, customerId));
  if (events.length === 0) return { kind: 'unchanged', result: unchanged(prepared, stream) };
  return { kind: 'write', events, customerId };
};

/** The customer of the stream, or of the one to be created. Null: about nobody. */
const customerOf = async (
  deps: PlanDeps,
  prepared: Prepared,
  stream: LoadedStream,
): Promise<string | null> => {
  const { address, customerId, id, request, steps } = prepared;
  const { customer } = address.spec;
  if (customer === 'none') return null;
  const real =
    customer === 'self'
      ? id
      : stream.key === null && typeof customer === 'function'
        ? await customer(
            { id, named: customerId, body: steps[0]?.data ?? {} },
            deps.sourcesOf(request.service),
          )
        : stream.key;
  if (real !== null && customerId !== null && customerId !== real && !losesRace(prepared, stream))
    throw customerMismatch();
  const found = real ?? customerId;
  if (found === null) throw invalid([{ path: '/customerId', message: 'is required' }]);
  return found;
};

const checkRights = async (
  deps: PlanDeps,
  { address, request, steps }: Prepared,
  stream: LoadedStream,
  customerId: string | null,
): Promise<void> => {
  const { spec } = address;
  const { state } = stream;
  const party = await partyOf(spec, state, customerId, deps.sourcesOf(request.service).lookups);
  if (limitedToOwn(request.caller, request.scope))
    checkOwner(
      request.caller,
      ownerOf(spec, exists(stream) ? state : null, party),
      deps.policies,
      deps.today(),
    );
  const [first] = steps;
  const absorbedMay =
    spec.customer === 'self'
      ? first !== undefined && spec.model.transitions[first.name]?.includes('Absorbed') === true
      : exists(stream); // his order is delivered, his case answered; new ones are the survivor's
  checkStanding(party, isIssued(request) || absorbedMay);
};

/** What a repeated command wrote, or what created a natural key that comes again with the same body. */
const knownAnswer = (prepared: Prepared, stream: LoadedStream): Remembered | null => {
  const { commandId, bodyHash, origin } = prepared;
  const same = stream.commands.get(commandId);
  if (same !== undefined) {
    if (!isIssued(prepared.request) && same.bodyHash !== undefined && same.bodyHash !== bodyHash)
      throw keyReused();
    return same;
  }
  const { first } = stream.commands;
  return origin === 'natural' && first !== undefined && first.bodyHash === bodyHash ? first : null;
};

const answerOf = ({ id, address }: Prepared, stream: LoadedStream, known: Remembered): CommandResult => ({
  id,
  customerId: address.spec.customer === 'none' ? null : stream.key,
  revision: known.revision,
  position: known.position,
  source: address.source,
  created: known.from === 0,
  replay: true,
});

const unchanged = ({ id, address }: Prepared, stream: LoadedStream): CommandResult => ({
  id,
  customerId: address.spec.customer === 'none' ? null : stream.key,
  revision: stream.revision,
  position: null,
  source: address.source,
  created: false,
  replay: false,
});

/** People say which revision they saw; others may. A creation has none to name. */
const checkRevision = ({ request, id, origin }: Prepared, stream: LoadedStream): void => {
  const { ifMatch } = request;
  if (typeof ifMatch === 'number' && ifMatch !== stream.revision) throw staleRevision(currentOf(stream, id));
  if (ifMatch === null && origin === 'path' && isPerson(request))
    throw ifMatchRequired(currentOf(stream, id));
};

/** An id that another creation has taken: that is the answer, whoever the customers are. */
const losesRace = (prepared: Prepared, stream: LoadedStream): boolean =>
  prepared.request.id === undefined && exists(stream) && !reopens(prepared, stream.state);

/** A creating command that is legal on what exists (a customer known by his id only becomes registered). */
const reopens = ({ address, steps }: Prepared, { status }: State): boolean => {
  const [first] = steps;
  return first !== undefined && (address.spec.model.transitions[first.name]?.includes(status) ?? false);
};

const occasionOf = (deps: PlanDeps, { request }: Prepared, customerId: string | null): Occasion => ({
  customerId,
  recordedAt: deps.wallClock.now(),
  times: {
    now: deps.clock.now(),
    mayBeOld: !isPerson(request),
    backfill: request.backfill || isIssued(request),
  },
});
