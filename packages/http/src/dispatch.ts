// From a request to the handler of its route and back.
import { performance } from 'node:perf_hooks';
import { isTenureError, TenureError } from '@tenure/core';
import { counter, histogram, span } from '@tenure/telemetry';
import type { ErrorRequestHandler, Request, RequestHandler, Response } from 'express';
import { forbidCaching, goneSignal, sendAnswer, sendProblem } from './answering.ts';
import { auditOf } from './audit.ts';
import { readJson, checkContentType } from './body.ts';
import { exchangeOf, type Exchange } from './exchange.ts';
import { decodedParams, parsed, queryOf } from './input.ts';
import type { Kit } from './kit.ts';
import type { Limits } from './limits.ts';
import { errorFields, type Logger } from './logger.ts';
import { permit, type Permission } from './permission.ts';
import { invalid, notFound } from './problems.ts';
import type { RouteRequest, RouteSpec } from './route.ts';
import type { RouteTable } from './route-table.ts';
import type { Verify } from './tokens.ts';

/** What the running application needs beside the kit of its handlers. */
export type Serving = {
  readonly kit: Kit;
  readonly routes: RouteTable;
  readonly verify: Verify;
  readonly limits: Limits;
  readonly logger: Logger;
  readonly stopping: AbortSignal;
  readonly newId: () => string;
};

const requests = counter('tenure_http_requests', { help: 'Requests answered, by route and status' });
const took = histogram('tenure_http_request_duration', {
  help: 'Time from the first byte of a request to the end of its answer',
  unit: 'ms',
  buckets: [1, 2, 5, 10, 25, 50, 100, 250, 1_000, 5_000],
});

const NO_ROUTE = 'none';

export const dispatcher =
  (serving: Serving): RequestHandler =>
  async (request, response) => {
    const exchange = exchangeOf(response);
    forbidCaching(response, exchange.path);
    let template = NO_ROUTE;
    try {
      const found = serving.routes.find(request.method, exchange.path);
      if (found === undefined) throw notFound('This server has no such route; /openapi.json lists them all.');
      if ('allow' in found)
        throw new TenureError('METHOD_NOT_ALLOWED', 'Use one of the methods in Allow.', {
          allow: found.allow,
        });
      template = found.spec.path;
      const permission = permit(found.spec.access, exchange.principal, exchange.failure);
      await serve(serving, { request, response, exchange, spec: found.spec, permission, raw: found.params });
    } catch (error) {
      await refuse(serving, request, response, { error, template });
    }
    measure(request.method, template, response.statusCode, exchange);
  };

type Turn = {
  readonly request: Request;
  readonly response: Response;
  readonly exchange: Exchange;
  readonly spec: RouteSpec;
  readonly permission: Permission;
  readonly raw: Readonly<Record<string, string>>;
};

const serve = async (serving: Serving, turn: Turn): Promise<void> => {
  const { request, response, spec } = turn;
  const input = await inputOf(turn);
  const name = `${spec.method} ${spec.path}`;
  const answer = await span(
    name,
    {},
    ({ traceparent }) => spec.handle({ ...input, traceparent } as RouteRequest, serving.kit),
    headerOf(request, 'traceparent'),
  );
  if ('stream' in answer) await answer.stream(response, request);
  else sendAnswer(response, answer);
};

const headerOf = (request: Request, name: string): string | undefined => {
  const value = request.headers[name];
  return typeof value === 'string' ? value : undefined;
};

const inputOf = async ({ request, response, exchange, spec, permission, raw }: Turn) => {
  const body = await bodyOf(request, spec);
  const { principal } = exchange;
  return {
    body,
    params: spec.params && parsed(spec.params, decodedParams(raw), 'The path is not one of this route.'),
    query: queryIn(exchange.search, spec),
    // Public routes have nobody; their handlers do not ask.
    principal,
    reach: permission.reach,
    persons: permission.persons,
    requestId: exchange.requestId,
    path: exchange.path,
    headers: request.headers,
    gone: () => goneSignal(response),
  };
};

const bodyOf = async (request: Request, spec: RouteSpec): Promise<unknown> => {
  if (spec.reads !== undefined) checkContentType(request, [spec.reads]);
  if (spec.reads !== undefined || spec.method === 'GET') return undefined;
  const body = await readJson(request, spec.bodyTypes);
  return spec.body === undefined ? body : parsed(spec.body, body, 'The body is not what this route takes.');
};

const queryIn = (search: string, spec: RouteSpec): unknown => {
  if (spec.query !== undefined)
    return parsed(spec.query, queryOf(search), 'The query parameters are not those of this route.');
  if (search === '') return undefined;
  throw invalid([{ path: '', message: 'takes no query parameters' }]);
};

/** Answers with the problem; a denied request stands in the audit before that. */
const refuse = async (
  serving: Serving,
  request: Request,
  response: Response,
  { error, template }: { readonly error: unknown; readonly template: string },
): Promise<void> => {
  const exchange = exchangeOf(response);
  const { kit, logger } = serving;
  const code = isTenureError(error) ? error.code : '';
  if (code === 'FORBIDDEN' || code === 'UNAUTHENTICATED')
    try {
      const who = auditOf(exchange.principal, `${request.method} ${template}`, exchange.requestId);
      await kit.audit.write({ kind: 'refused', at: kit.wallClock(), code, ...who });
    } catch (failure) {
      // The refusal itself must not wait for a store that is away.
      logger.error(
        { ...errorFields(failure), requestId: exchange.requestId },
        'a refusal is not in the audit',
      );
    }
  if (response.headersSent) {
    logger.error(
      { ...errorFields(error), route: template, requestId: exchange.requestId },
      'an answer broke off',
    );
    response.destroy();
    return;
  }
  const problem = sendProblem(response, error, exchange.requestId);
  if (problem.status === 500)
    logger.error(
      { ...errorFields(error), route: template, requestId: exchange.requestId },
      'a request failed',
    );
};

const measure = (method: string, route: string, status: number, exchange: Exchange): void => {
  requests.add(1, { method: known(method), route, status });
  took.record(performance.now() - exchange.started, { method: known(method), route });
};

// Anybody can send any method; a metric must not grow by it.
const known = (method: string): string =>
  ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'].includes(method) ? method : 'other';

/** What fails before the dispatch (host, rate, a path Express cannot read). Express knows it by its four arguments. */
export const failureHandler =
  (serving: Serving): ErrorRequestHandler =>
  (error: unknown, request, response, _next) => {
    const status = error instanceof Error && 'status' in error ? error.status : undefined;
    const refused =
      status === 400 ? invalid([{ path: '', message: 'the request line is not valid' }]) : error;
    return refuse(serving, request, response, { error: refused, template: NO_ROUTE });
  };
