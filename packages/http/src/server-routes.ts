// What every server answers for itself: health, metrics, and how to use it.
import { metricsText } from '@tenure/telemetry';
import { z } from 'zod';
import { DOCS_STYLE, docsPage, problemsPage } from './docs-page.ts';
import { openApiDocument, problemCodes, type OpenApiDocument } from './openapi.ts';
import { route, type Answer, type RouteSpec } from './route.ts';

/** What readiness says: `reasons` only where this instance must get no traffic. */
export type Readiness = {
  readonly ready: boolean;
  readonly reasons: readonly string[];
  readonly degraded: readonly { readonly projection: string; readonly parked: number }[];
};

const Degraded = z.array(z.object({ projection: z.string(), parked: z.int() }));

export const healthRoutes = (
  readiness: () => Readiness | Promise<Readiness>,
  stopping: AbortSignal,
): readonly RouteSpec[] => [
  route({
    method: 'GET',
    path: '/healthz',
    summary: 'The process answers',
    access: 'public',
    responses: { 200: { description: 'Alive.', schema: z.object({ status: z.literal('ok') }) } },
    handle: () => ({ status: 200, body: { status: 'ok' } }),
  }),
  route({
    method: 'GET',
    path: '/readyz',
    summary: 'Whether this instance takes traffic',
    access: 'public',
    responses: {
      200: { description: 'Ready.', schema: z.object({ ready: z.literal(true), degraded: Degraded }) },
      503: {
        description: 'Not now.',
        schema: z.object({ ready: z.literal(false), reasons: z.array(z.string()), degraded: Degraded }),
      },
    },
    handle: async () => readyAnswer(await readiness(), stopping.aborted),
  }),
  route({
    method: 'GET',
    path: '/metrics',
    summary: 'Metrics in the Prometheus text format',
    access: { rights: ['ops-read'] },
    responses: { 200: { description: 'Text.', schema: z.string(), type: METRICS_TYPE } },
    handle: async () => ({ status: 200, body: await metricsText(), type: METRICS_TYPE }),
  }),
];

const METRICS_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

const readyAnswer = ({ ready, reasons, degraded }: Readiness, stopping: boolean): Answer =>
  ready && !stopping
    ? { status: 200, body: { ready, degraded } }
    : {
        status: 503,
        body: {
          ready: false,
          reasons: stopping ? ['the server is stopping', ...reasons] : reasons,
          degraded,
        },
      };

const HTML = 'text/html; charset=utf-8';

/** The document and its pages. `routes` gives all routes, these included; everything is made at the first request. */
export const documentRoutes = (routes: () => readonly RouteSpec[], version: string): readonly RouteSpec[] => {
  const made = new Map<string, unknown>();
  const once = <T>(name: string, make: () => T): T => {
    if (!made.has(name)) made.set(name, make());
    return made.get(name) as T;
  };
  const openApi = (): OpenApiDocument => once('document', () => openApiDocument(routes(), version));
  const file = (path: string, summary: string, type: string, make: () => string): RouteSpec =>
    route({
      method: 'GET',
      path,
      summary,
      access: 'public',
      responses: { 200: { description: summary, schema: z.string(), type } },
      handle: () => ({ status: 200, body: once(path, make), type }),
    });
  return [
    file('/openapi.json', 'This interface as OpenAPI 3.1', 'application/json', () =>
      JSON.stringify(openApi()),
    ),
    file('/docs', 'This interface to read', HTML, () => docsPage(openApi())),
    file('/docs/problems', 'What each refusal means', HTML, () => problemsPage(problemCodes(routes()))),
    file('/docs/style.css', 'The style of the pages', 'text/css; charset=utf-8', () => DOCS_STYLE),
  ];
};
