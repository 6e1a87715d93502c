// Which commands have a route and what becomes of their results: the same for single requests and for many in a stream.
import { isTenureError, TenureError } from '@tenure/core';
import type { AggregateSpec, CommandResult, ServiceDefinition } from '@tenure/service-kit';
import { authorize, rightOfCommand, type Principal } from './access.ts';
import { commandPath } from './command-name.ts';
import type { Access } from './route.ts';

/** A command that can be sent from outside. */
export type RoutedCommand = {
  readonly service: string;
  readonly spec: AggregateSpec;
  /** `ConfirmOrder` */
  readonly command: string;
  readonly creates: boolean;
  /** `/api/orders`, `/api/orders/{id}/confirm` */
  readonly route: string;
  readonly access: Extract<Access, { readonly command: string }>;
};

export const routedCommands = (services: readonly ServiceDefinition[]): readonly RoutedCommand[] =>
  services.flatMap((service) =>
    service.aggregates.flatMap((spec) =>
      Object.keys(spec.model.transitions)
        .filter((command) => !spec.internal?.includes(command))
        .map((command) => routed(service.name, spec, command)),
    ),
  );

const routed = (service: string, spec: AggregateSpec, command: string): RoutedCommand => {
  const creates = command === spec.creates;
  const path = commandPath(command, spec.model.name);
  return {
    service,
    spec,
    command,
    creates,
    route: creates ? `/api/${spec.plural}` : `/api/${spec.plural}/{id}/${path}`,
    access: { command, service, people: spec.commands[command]?.roles },
  };
};

/** Of the commands that the state allows, those that this caller may send. */
export const allowedFor = (
  principal: Principal,
  service: string,
  spec: AggregateSpec,
  commands: readonly string[],
): readonly string[] =>
  commands.filter(
    (command) =>
      !spec.internal?.includes(command) &&
      authorize(principal, rightOfCommand(command), {
        service,
        command,
        people: spec.commands[command]?.roles,
      }).allowed,
  );

/** A refusal as this caller may see it: it names the commands that he may send, not all that the state allows. */
export const refusalFor = (error: unknown, principal: Principal, target: RoutedCommand): unknown => {
  if (!isTenureError(error)) return error;
  const allowed = error.data['allowedCommands'];
  if (!Array.isArray(allowed)) return error;
  const texts = allowed.filter((name): name is string => typeof name === 'string');
  const allowedCommands = allowedFor(principal, target.service, target.spec, texts);
  return new TenureError(
    error.code,
    error.message,
    { ...error.data, allowedCommands },
    {
      retriable: error.retriable,
      cause: error,
    },
  );
};

/** The body of a command's answer. */
export const resultBody = ({ id, revision, position, customerId }: CommandResult) => ({
  id,
  revision,
  position,
  customerId,
});

const KEY = /^[\x20-\x7e]{1,200}$/;

/** True for 1–200 printable ASCII characters. */
export const isIdempotencyKey = (key: string): boolean => KEY.test(key);
