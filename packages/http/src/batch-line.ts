// One line of `POST /api/commands`: from its text to a command.
import type { AggregateSpec, CommandRequest, ServiceDefinition, Step } from '@tenure/service-kit';
import { z } from 'zod';
import { commandPath } from './command-name.ts';
import { isIdempotencyKey, routedCommands, type RoutedCommand } from './commands.ts';
import { parsed } from './input.ts';
import { permit, type Permission } from './permission.ts';
import { invalid, notFound } from './problems.ts';
import type { Principal } from './access.ts';

/** What a client may add to a command: further ones of the same aggregate, written in the same append. */
const MAX_STEPS = 20;

const StepLine = z.strictObject({ command: z.string().max(60), body: z.unknown().optional() });

export const BatchLine = z.strictObject({
  route: z.string().max(200).meta({ description: 'The path the command would be sent to alone.' }),
  key: z.string().max(200).meta({ description: 'Its Idempotency-Key.' }),
  body: z.unknown().optional(),
  customerId: z.string().max(72).optional().meta({ description: 'Lines of one customer run in order.' }),
  ifMatch: z
    .union([z.int().nonnegative(), z.literal('*')])
    .optional()
    .meta({ description: 'The revision, where the role needs one.' }),
  // oxlint-disable-next-line unicorn/no-thenable -- the interface names it so; a schema is never awaited
  then: z.array(StepLine).max(MAX_STEPS).optional(),
});
type BatchLine = z.output<typeof BatchLine>;

/** How a whole request wants its lines to be taken. */
export type BatchMode = {
  readonly caller: Principal;
  readonly principal: string;
  readonly backfill: boolean;
  readonly reactions: boolean;
  readonly correlationId: string;
  readonly traceparent: string | undefined;
};

/** A line that can be run. `key`: lines with the same one run in order. */
export type ReadyLine = {
  readonly request: CommandRequest;
  readonly key: string;
  readonly target: RoutedCommand;
};

type Targets = {
  readonly creates: RoutedCommand | undefined;
  readonly commands: ReadonlyMap<string, RoutedCommand>;
};

export type LineReader = (value: unknown, line: number) => ReadyLine;

/** Reads lines for one request; answers of the permission are kept, they are the same for every line of a command. */
export const lineReader = (services: readonly ServiceDefinition[], mode: BatchMode): LineReader => {
  const byPlural = targetsOf(services);
  const permissions = new Map<RoutedCommand, Permission>();
  const permission = (target: RoutedCommand): Permission => {
    const known = permissions.get(target) ?? permit(target.access, mode.caller, undefined);
    permissions.set(target, known);
    return known;
  };
  return (value, line) => {
    const given = shaped(value);
    const { target, id } = find(byPlural, given.route);
    const { reach } = permission(target);
    const steps = (given.then ?? []).map((step) => stepOf(byPlural, target.spec, step, permission));
    return {
      target,
      key: orderKey(given, target.spec, id, line),
      request: {
        service: target.service,
        aggregate: target.spec.model.name,
        steps: [{ command: target.command, body: given.body ?? {} }, ...steps],
        id,
        key: given.key,
        principal: mode.principal,
        route: target.route,
        caller: mode.caller,
        scope: reach,
        ifMatch: given.ifMatch ?? null,
        backfill: mode.backfill,
        reactions: mode.reactions,
        correlationId: mode.correlationId,
        ...(mode.traceparent !== undefined && { traceparent: mode.traceparent }),
      },
    };
  };
};

const targetsOf = (services: readonly ServiceDefinition[]): ReadonlyMap<string, Targets> => {
  const found = new Map<
    string,
    { creates: RoutedCommand | undefined; commands: Map<string, RoutedCommand> }
  >();
  for (const target of routedCommands(services)) {
    const { plural } = target.spec;
    const entry = found.get(plural) ?? { creates: undefined, commands: new Map() };
    if (target.creates) entry.creates = target;
    else entry.commands.set(commandPath(target.command, target.spec.model.name), target);
    found.set(plural, entry);
  }
  return found;
};

// An import sends hundreds of thousands of lines: what is right is seen by hand, what is wrong is told by the schema.
const shaped = (value: unknown): BatchLine => {
  const line = value as Readonly<Record<string, unknown>>;
  const right =
    typeof value === 'object' &&
    value !== null &&
    Object.keys(value).every((name) => name in BatchLine.shape) &&
    typeof line['route'] === 'string' &&
    typeof line['key'] === 'string' &&
    (line['customerId'] === undefined || typeof line['customerId'] === 'string') &&
    line['ifMatch'] === undefined &&
    (line['then'] === undefined || areSteps(line['then']));
  const given = right
    ? (line as unknown as BatchLine)
    : parsed(BatchLine, value, 'The line is not a command.');
  if (!isIdempotencyKey(given.key))
    throw invalid([{ path: '/key', message: 'must be 1 to 200 printable ASCII characters' }]);
  return given;
};

const areSteps = (value: unknown): boolean =>
  Array.isArray(value) &&
  value.length <= MAX_STEPS &&
  value.every(
    (step: unknown) =>
      typeof step === 'object' &&
      step !== null &&
      'command' in step &&
      typeof step.command === 'string' &&
      Object.keys(step).every((name) => name === 'command' || name === 'body'),
  );

const noSuchRoute = () => notFound('There is no such command; /openapi.json lists the routes of all.');

const ID = /^[0-9a-f]{8}-[0-9a-f-]{27,64}$/;

const find = (
  byPlural: ReadonlyMap<string, Targets>,
  path: string,
): { readonly target: RoutedCommand; readonly id: string | undefined } => {
  const [empty, api, plural = '', id, command, ...rest] = path.split('/');
  const targets = empty === '' && api === 'api' && rest.length === 0 ? byPlural.get(plural) : undefined;
  const target = id === undefined ? targets?.creates : targets?.commands.get(command ?? '');
  if (target === undefined) throw noSuchRoute();
  if (id !== undefined && !ID.test(id))
    throw invalid([{ path: '/route', message: 'the id in it must be a lower-case UUID' }]);
  return { target, id };
};

/** @throws NOT_FOUND for a command that has no route, FORBIDDEN for one that the caller may not send */
const stepOf = (
  byPlural: ReadonlyMap<string, Targets>,
  spec: AggregateSpec,
  step: { readonly command: string; readonly body?: unknown },
  permission: (target: RoutedCommand) => Permission,
): Step => {
  const target = byPlural.get(spec.plural)?.commands.get(step.command);
  if (target === undefined) throw noSuchRoute();
  permission(target);
  return { command: target.command, body: step.body ?? {} };
};

/** Whose turn it is: the customer's, else the aggregate's, else its own. */
const orderKey = (given: BatchLine, spec: AggregateSpec, id: string | undefined, line: number): string => {
  const body = (given.body ?? {}) as Readonly<Record<string, unknown>>;
  const customer = given.customerId ?? body['customerId'];
  if (typeof customer === 'string') return customer;
  const aggregate = id ?? body[spec.idField];
  return typeof aggregate === 'string' ? aggregate : `line ${line}`;
};
