// `POST /api/orders`, `POST /api/orders/{id}/confirm`: one route per command, made from the service's definition.
import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { CommandRequest, CommandResult, ServiceDefinition } from '@tenure/service-kit';
import { z } from 'zod';
import { isIdempotencyKey, refusalFor, resultBody, routedCommands, type RoutedCommand } from './commands.ts';
import { Id } from './json-forms.ts';
import { invalid } from './problems.ts';
import { route, type Answer, type RouteRequest, type RouteSpec } from './route.ts';

const Result = z
  .object({
    id: Id,
    revision: z
      .int()
      .meta({ description: 'Of the last event written; the current one when nothing changed.' }),
    position: z.int().nullable().meta({ description: 'Null when the command changed nothing.' }),
    customerId: Id.nullable(),
  })
  .meta({ id: 'CommandResult' });

const RESULT_HEADERS = {
  ETag: 'The revision, for If-Match of the next command.',
  'X-Position': 'What minPosition of a reading takes.',
  'Idempotent-Replay': 'true when this is the first answer of a repeated Idempotency-Key.',
};

export const commandRoutes = (services: readonly ServiceDefinition[]): readonly RouteSpec[] =>
  routedCommands(services).map(commandRoute);

const commandRoute = (target: RoutedCommand): RouteSpec =>
  route({
    method: 'POST',
    path: target.route,
    summary: target.command,
    tag: target.spec.plural,
    access: target.access,
    // The kit parses the body: it knows the envelope and what absent and null mean. The schema is for the document.
    documents: target.spec.commands[target.command]?.body ?? z.strictObject({}),
    headers: target.creates ? ['Idempotency-Key'] : ['Idempotency-Key', 'If-Match'],
    ...(!target.creates && { params: z.object({ id: Id }) }),
    responses: {
      ...(target.creates && {
        201: {
          description: 'Created and durable.',
          schema: Result,
          headers: { ...RESULT_HEADERS, Location: 'Where it can be read.' },
        },
      }),
      200: { description: 'Done and durable.', schema: Result, headers: RESULT_HEADERS },
    },
    problems: target.spec.commands[target.command]?.rules ?? [],
    handle: async (request, { bus }) => {
      try {
        return commandAnswer(await bus.submit(commandRequest(target, request)), target);
      } catch (error) {
        throw refusalFor(error, request.principal, target);
      }
    },
  });

const commandRequest = (target: RoutedCommand, request: RouteRequest): CommandRequest => ({
  service: target.service,
  aggregate: target.spec.model.name,
  steps: [{ command: target.command, body: request.body }],
  id: (request.params as { readonly id?: string } | undefined)?.id,
  key: keyIn(request.headers),
  principal: request.principal.sub,
  route: target.route,
  caller: request.principal,
  scope: request.reach,
  ifMatch: target.creates ? null : ifMatchIn(request.headers),
  backfill: false,
  reactions: true,
  correlationId: request.requestId,
  ...(request.traceparent !== undefined && { traceparent: request.traceparent }),
});

/** @throws INVALID for a key that is not 1–200 printable ASCII characters. */
const keyIn = (headers: IncomingHttpHeaders): string => {
  const key = headers['idempotency-key'];
  if (key === undefined) return randomUUID();
  if (typeof key === 'string' && isIdempotencyKey(key)) return key;
  throw invalid([{ path: '', message: 'Idempotency-Key must be 1 to 200 printable ASCII characters' }]);
};

/** `"3"`, `W/"3"` → 3, `*` → any. @throws INVALID */
export const ifMatchIn = (headers: IncomingHttpHeaders): number | '*' | null => {
  const value = headers['if-match']?.trim();
  if (value === undefined) return null;
  if (value === '*') return '*';
  const revision = /^(?:W\/)?"(\d{1,15})"$/.exec(value)?.[1];
  if (revision !== undefined) return Number(revision);
  throw invalid([{ path: '', message: 'If-Match must be the ETag of one revision, like "3", or *' }]);
};

const commandAnswer = (result: CommandResult, target: RoutedCommand): Answer => ({
  status: result.created ? 201 : 200,
  body: resultBody(result),
  headers: {
    ETag: `"${result.revision}"`,
    ...(result.created && { Location: `/api/${target.spec.plural}/${result.id}` }),
    ...(result.position !== null && { 'X-Position': `${result.source}:${result.position}` }),
    ...(result.replay && { 'Idempotent-Replay': 'true' }),
  },
});
