// `GET /api/orders/{id}`: one aggregate as its stream tells it, never behind.
import { isTenureError } from '@tenure/core';
import type { AggregateSpec, AggregateView, ServiceDefinition } from '@tenure/service-kit';
import { z } from 'zod';
import { allowedFor } from './commands.ts';
import { Id, Masked } from './json-forms.ts';
import type { Kit } from './kit.ts';
import { openAll } from './open-values.ts';
import { sightOf } from './ownership.ts';
import { route, type Answer, type RouteRequest, type RouteSpec } from './route.ts';

export const viewRoutes = (services: readonly ServiceDefinition[]): readonly RouteSpec[] =>
  services.flatMap((service) => service.aggregates.map((spec) => viewRoute(service.name, spec)));

const viewRoute = (service: string, spec: AggregateSpec): RouteSpec =>
  route({
    method: 'GET',
    path: `/api/${spec.plural}/{id}`,
    summary: `One ${spec.model.name}, never behind`,
    tag: spec.plural,
    access: { rights: ['open', 'masked'] },
    params: z.object({ id: Id }),
    responses: {
      200: {
        description: 'As its stream tells it now.',
        schema: z.object({
          id: Id,
          customerId: Id.nullable(),
          status: z.string(),
          revision: z.int(),
          allowedCommands: z.array(z.string()),
          state: spec.view.schema,
          masked: Masked,
        }),
        headers: { ETag: 'The revision, for If-Match.' },
      },
    },
    problems: ['CUSTOMER_ERASED'],
    handle: async (request, kit) => {
      try {
        const view = await kit.bus.read(service, spec.model.name, request.params.id, request.principal);
        return await answerOf(view, { service, spec }, request, kit);
      } catch (error) {
        return redirectOr(error, request.path, request.params.id);
      }
    },
  });

const answerOf = async (
  view: AggregateView,
  { service, spec }: { readonly service: string; readonly spec: AggregateSpec },
  request: RouteRequest,
  kit: Kit,
): Promise<Answer> => {
  const { principal, requestId } = request;
  const person = view.customerId ?? view.id;
  // The kit has refused what the caller may not see at all: what is left is a question of personal data.
  const maySee =
    view.sealed.size > 0 && (await sightOf(principal, [person], kit.ownership))(person) === 'open';
  const reading = { principal, requestId, route: `GET /api/${spec.plural}/{id}` };
  const [opened] = await openAll([{ value: view.state, blocks: view.sealed, maySee }], reading, kit);
  return {
    status: 200,
    headers: { ETag: `"${view.revision}"` },
    body: {
      id: view.id,
      customerId: view.customerId,
      status: view.status,
      revision: view.revision,
      allowedCommands: allowedFor(principal, service, spec, view.allowedCommands),
      state: opened?.value,
      masked: opened?.masked ?? {},
    },
  };
};

/** An absorbed customer answers a reading with 308 to the same path of the last survivor; everything else is thrown on. */
export const redirectOr = (error: unknown, path: string, id: string): Answer => {
  if (!isTenureError(error, 'CUSTOMER_ABSORBED')) throw error;
  const survivor = error.data['survivorId'];
  if (typeof survivor !== 'string') throw error;
  return { status: 308, headers: { Location: path.replace(id, survivor) } };
};
