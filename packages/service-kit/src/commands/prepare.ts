// A request on its way to the decider: bodies parsed, the target found, the ids derived. Needs no state.
import { NOTHING, ruleViolated, streamOf } from '@tenure/core';
import type { CommandRequest } from '../command.ts';
import type { AggregateSpec, ServiceDefinition } from '../definition.ts';
import { invalid, parseBody, withoutNulls, type Envelope } from './body.ts';
import { commandIdOf, naturalId, targetOfCreation, type BodyHash, type Target } from './identity.ts';
import { notFound, roleNeeded } from './refusals.ts';
import type { StreamAddress } from './streams.ts';

export type PreparedStep = {
  readonly name: string;
  readonly data: object;
  /** ms; null: not said. */
  readonly occurredAt: number | null;
};

export type Prepared = {
  readonly request: CommandRequest;
  readonly address: StreamAddress;
  readonly id: string;
  readonly origin: Target['origin'];
  readonly commandId: string;
  readonly bodyHash: string;
  /** The customer whom the sender named. */
  readonly customerId: string | null;
  readonly steps: readonly PreparedStep[];
};

/** Every aggregate of every service by its names. */
export type Directory = (
  service: string,
  aggregate: string,
) => { readonly spec: AggregateSpec; readonly source: string };

/** @throws NOT_FOUND for a service or aggregate that is not here */
export const directoryOf = (services: readonly ServiceDefinition[]): Directory => {
  const known = new Map(
    services.flatMap((service) =>
      service.aggregates.map((spec) => [
        `${service.name}/${spec.model.name}`,
        { spec, source: spec.source ?? service.name },
      ]),
    ),
  );
  return (service, aggregate) => {
    const found = known.get(`${service}/${aggregate}`);
    if (found === undefined) throw notFound('kind of aggregate');
    return found;
  };
};

/** @throws FORBIDDEN (roles of the command), INVALID, NOT_FOUND (a command without route), CUSTOMER_MISMATCH */
export const prepare = (request: CommandRequest, directory: Directory, bodyHash: BodyHash): Prepared => {
  const { spec, source } = directory(request.service, request.aggregate);
  request.steps.forEach((step, i) => checkCommand(spec, step.command, i, request));
  const idField = request.id === undefined ? spec.idField : null;
  const steps = request.steps.map(({ command, body }) => ({ command, body: withoutNulls(body) }));
  const parsed = steps.map(({ command, body }, i) => {
    const at = i === 0 ? '' : `/then/${i - 1}/body`;
    return { name: command, ...parseBody(body, schemaOf(spec, command), i === 0 ? idField : null, at) };
  });
  const [first] = parsed;
  const target = targetOf(spec, request, first?.envelope.id ?? null, first?.data ?? {});
  const { id, commandId } = identify(spec, request, target);
  return {
    request,
    address: { spec, source, stream: streamOf(spec.model.name, id) },
    id,
    origin: target.origin,
    commandId,
    bodyHash: bodyHash(steps),
    customerId: customerNamed(parsed.map(({ envelope }) => envelope)),
    steps: parsed.map(({ name, data, envelope }) => ({ name, data, occurredAt: envelope.occurredAt })),
  };
};

/** Issued by a reaction or a deadline, not sent by somebody. */
export const isIssued = (request: CommandRequest): boolean => request.commandId !== undefined;

export const isPerson = (request: CommandRequest): boolean =>
  !isIssued(request) &&
  (request.caller.actor.kind === 'user' || request.caller.actor.kind === 'customer') &&
  !request.caller.roles.some((role) => role === 'import' || role.startsWith('service:'));

const checkCommand = (spec: AggregateSpec, name: string, index: number, request: CommandRequest): void => {
  const command = Object.hasOwn(spec.commands, name) ? spec.commands[name] : undefined;
  const hidden = !isIssued(request) && spec.internal?.includes(name) === true;
  if (command === undefined || hidden) {
    if (index === 0) throw notFound('command');
    throw invalid([{ path: `/then/${index - 1}/command`, message: 'is no command of this aggregate' }]);
  }
  const { roles } = command;
  if (roles !== undefined && isPerson(request) && !roles.some((role) => request.caller.roles.includes(role)))
    throw roleNeeded(roles);
};

const schemaOf = (spec: AggregateSpec, name: string) => {
  const command = spec.commands[name];
  if (command === undefined) throw notFound('command');
  return command.body;
};

/** Ids are UUIDs, pairs of them, dates: nothing else can be the name of a stream. */
export const PLAIN_ID = /^[A-Za-z0-9._-]{1,100}$/;

const targetOf = (
  spec: AggregateSpec,
  request: CommandRequest,
  clientId: string | null,
  body: object,
): Target => {
  if (request.id === undefined) {
    if (request.steps[0].command !== spec.creates) throw notFound(spec.model.name);
    return targetOfCreation(spec, clientId, body);
  }
  if (!PLAIN_ID.test(request.id)) throw notFound(spec.model.name);
  return { origin: isIssued(request) ? 'issued' : 'path', id: request.id };
};

/** The route in a command id holds the real id, unless that id comes from the command id. */
const identify = (
  spec: AggregateSpec,
  request: CommandRequest,
  target: Target,
): { readonly id: string; readonly commandId: string } => {
  const { principal, route, key } = request;
  if (target.origin === 'command') {
    const commandId = request.commandId ?? commandIdOf(principal, route, key);
    return { id: naturalId(spec.model.name, [commandId]), commandId };
  }
  const real = route.includes('{id}') ? route.replace('{id}', target.id) : `${route}/${target.id}`;
  return { id: target.id, commandId: request.commandId ?? commandIdOf(principal, real, key) };
};

const customerNamed = (envelopes: readonly Envelope[]): string | null => {
  const named = new Set(envelopes.map(({ customerId }) => customerId).filter((id) => id !== null));
  if (named.size > 1) throw customerMismatch();
  return [...named][0] ?? null;
};

export const customerMismatch = () =>
  ruleViolated('CUSTOMER_MISMATCH', 'This belongs to another customer than the one named in the body.');

/** May this command run on a stream that does not exist? Outside of creations only for what a process issues. */
export const mayCreate = ({ address, origin, steps }: Prepared): boolean => {
  if (origin === 'path') return false;
  const [first] = steps;
  return first !== undefined && (address.spec.model.transitions[first.name]?.includes(NOTHING) ?? false);
};
