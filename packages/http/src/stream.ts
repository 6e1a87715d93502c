// `GET /api/stream`: what has changed, as it happens. It names customers and positions and never shows a value: who hears
// of a change reads the customer again.
import { z } from 'zod';
import { authorize } from './access.ts';
import { systemTimer, type Timer } from './audit.ts';
import { Texts } from './json-forms.ts';
import type { Kit } from './kit.ts';
import { sightOf } from './ownership.ts';
import { forbidden } from './problems.ts';
import { route, type RouteRequest, type RouteSpec } from './route.ts';
import { liveStream } from './server-sent-events.ts';
import type { News, Wanted } from './stream-news.ts';

/** Ids in one stream: more is a list, and a stream of all of them serves it. */
const MAX_NAMED = 200;
const Named = Texts.refine((names) => names.length <= MAX_NAMED, `at most ${MAX_NAMED} names`);

const Query = z.object({ customerId: Named.optional(), projection: Named.optional() });

export const streamRoute = (news: News, timer: Timer = systemTimer): RouteSpec =>
  route({
    method: 'GET',
    path: '/api/stream',
    summary: 'Live: which customers have changed, and where the projections stand',
    description:
      'Server-sent events. `customer`: {customerId, sources, position}, sent when the document can be read; sources is empty where a closed day or a repair has changed it. `projection`: {name, state, lag} for those who may read /ops. `reset`: load afresh. Without parameters everything that you may see; a parameter narrows the stream to what is named.',
    tag: 'customers',
    access: { rights: ['open', 'masked'] },
    query: Query,
    headers: ['Last-Event-ID'],
    responses: {
      200: { description: 'A stream without an end.', schema: z.string(), type: 'text/event-stream' },
    },
    problems: ['TOO_MANY_REQUESTS'],
    handle: async (request, kit) => {
      const wanted = wantedBy(request, kit);
      const place = await news.join(request.principal.sub);
      return liveStream((reader) => place.feed(reader, wanted), {
        stopping: kit.stopping,
        lifetimeMs: Math.max(0, request.principal.expiresAt * 1000 - kit.wallClock()),
        cursor: place.cursor,
        timer,
      });
    },
  });

type Asked = Pick<RouteRequest<{ readonly query: typeof Query }>, 'query' | 'principal' | 'headers'>;

/** @throws FORBIDDEN for somebody who names projections and may not see them */
const wantedBy = ({ query, principal, headers }: Asked, { ownership }: Kit): Wanted => {
  const { customerId, projection } = query;
  const operations = authorize(principal, 'ops-read');
  if (projection !== undefined && !operations.allowed)
    throw forbidden(operations.needs, 'Projections are shown to those who may read /ops.');
  const lastId = headers['last-event-id'];
  return {
    customers: kindOf(customerId, projection),
    projections: operations.allowed ? kindOf(projection, customerId) : 'none',
    async sight(customerIds) {
      const sight = await sightOf(principal, customerIds, ownership);
      return (id) => sight(id) !== 'none';
    },
    lastId: typeof lastId === 'string' ? lastId : undefined,
  };
};

/** Who names things of one kind wants no others. */
const kindOf = (
  named: readonly string[] | undefined,
  others: readonly string[] | undefined,
): 'all' | 'none' | ReadonlySet<string> =>
  named !== undefined ? new Set(named) : others === undefined ? 'all' : 'none';
