// Commands that a process issues: reactions and deadlines send them like anybody else, with ids that are derived.
import { formatInstant, isTenureError, type Actor } from '@tenure/core';
import type { CommandBus, CommandRequest } from './command.ts';
import type { IssuedCommand, ServiceDefinition } from './definition.ts';

/** Why it is issued, and when it counts as said. */
export type Cause = {
  /** The reaction or deadline, by name: the actor of the events. */
  readonly actor: Actor;
  readonly commandId: string;
  /** ms */
  readonly occurredAt: number;
  readonly causationId?: string | undefined;
  readonly correlationId?: string | undefined;
  readonly traceparent?: string | undefined;
};

/** The request for an issued command. A body that says `occurredAt` itself keeps it. */
export const issuedRequest = (
  service: ServiceDefinition,
  { aggregate, id, customerId, command, body }: IssuedCommand,
  cause: Cause,
): CommandRequest => {
  const spec = service.aggregates.find(({ model }) => model.name === aggregate);
  if (spec === undefined) throw new TypeError(`${service.name} has no aggregate ${aggregate}`);
  if (!Object.hasOwn(spec.commands, command))
    throw new TypeError(`${aggregate} of ${service.name} has no command ${command}`);
  const { actor, commandId, occurredAt, causationId, correlationId, traceparent } = cause;
  const named = spec.customer === 'self' || spec.customer === 'none' ? {} : { customerId };
  return {
    service: service.name,
    aggregate,
    steps: [{ command, body: { occurredAt: formatInstant(occurredAt), ...named, ...body } }],
    id,
    key: commandId,
    principal: actor.id,
    route: `${actor.kind}:${actor.id}`,
    caller: { sub: actor.id, roles: [`service:${service.name}`], teams: [], actor },
    ifMatch: null,
    backfill: false,
    reactions: false,
    commandId,
    ...(causationId !== undefined && { causationId }),
    ...(correlationId !== undefined && { correlationId }),
    ...(traceparent !== undefined && { traceparent }),
  };
};

/** What became of an issued command. `refused`: the domain said no, and would say so again. */
export type Issued =
  | { readonly outcome: 'done'; readonly positions: Readonly<Record<string, number>> }
  | { readonly outcome: 'refused'; readonly code: string };

// Stream and customer say: too late, not there, gone. The process that issued it has nothing left to do.
const SETTLED = new Set([
  'ILLEGAL_STATE',
  'NOT_FOUND',
  'ALREADY_EXISTS',
  'CUSTOMER_ABSORBED',
  'CUSTOMER_ERASED',
  'KEYS_DESTROYED',
]);

/** Submits; a refusal by the domain is an answer too. @throws what may go well later, and what nobody foresaw */
export const submitIssued = async (
  submit: CommandBus['submit'],
  request: CommandRequest,
): Promise<Issued> => {
  try {
    const { source, position } = await submit(request);
    return { outcome: 'done', positions: position === null ? {} : { [source]: position } };
  } catch (error) {
    if (isTenureError(error) && (SETTLED.has(error.code) || error.data['rule'] === true))
      return { outcome: 'refused', code: error.code };
    throw error;
  }
};

/** True for an error after which the same command may succeed: an engine that is away, a race that was lost. */
export const passes = (error: unknown): boolean =>
  isTenureError(error) && (error.retriable || error.code === 'STALE_REVISION');
