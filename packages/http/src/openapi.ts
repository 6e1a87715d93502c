// The OpenAPI 3.1 document, made from the same declarations that serve the requests.
import { z } from 'zod';
import {
  createDocument,
  type ZodOpenApiOperationObject,
  type ZodOpenApiPathsObject,
  type ZodOpenApiResponsesObject,
} from 'zod-openapi';
import { PROBLEMS } from './problems.ts';
import type { ResponseSpec, RouteSpec } from './route.ts';

export type OpenApiDocument = ReturnType<typeof createDocument>;

const Problem = z
  .looseObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.string(),
    detail: z.string(),
    requestId: z.string(),
  })
  .meta({ id: 'Problem', description: 'RFC 9457; `code` is stable, further members depend on it.' });

const HEADERS: Readonly<Record<string, z.ZodType>> = {
  'Idempotency-Key': z
    .string()
    .regex(/^[\x20-\x7e]{1,200}$/)
    .optional()
    .meta({ description: 'One key, one effect, whatever is retried. A fresh one when missing.' }),
  'If-Match': z
    .string()
    .regex(/^(\*|(W\/)?"\d{1,15}")$/)
    .optional()
    .meta({ description: 'The ETag that was read. People must send it; * stands for any revision.' }),
};

export const openApiDocument = (routes: readonly RouteSpec[], version: string): OpenApiDocument => {
  const paths: Record<string, ZodOpenApiPathsObject[string]> = {};
  for (const spec of routes)
    paths[spec.path] = { ...paths[spec.path], [spec.method.toLowerCase()]: operationOf(spec) };
  return createDocument({
    openapi: '3.1.0',
    info: {
      title: 'Tenure',
      version,
      description: 'Customer lifecycle as events. Fields are only ever added; ignore what you do not know.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    security: [{ bearer: [] }],
    paths,
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
        basic: { type: 'http', scheme: 'basic', description: 'A token as the password.' },
      },
    },
  });
};

const operationOf = (spec: RouteSpec): ZodOpenApiOperationObject => {
  const body = spec.documents ?? spec.body;
  const header = Object.fromEntries((spec.headers ?? []).map((name) => [name, HEADERS[name] ?? z.string()]));
  return {
    operationId: operationId(spec),
    summary: spec.summary,
    ...(spec.description !== undefined && { description: spec.description }),
    ...(spec.tag !== undefined && { tags: [spec.tag] }),
    ...accessOf(spec),
    requestParams: {
      ...(spec.params && { path: spec.params }),
      ...(spec.query && { query: spec.query }),
      ...(spec.headers && { header: z.object(header) }),
    },
    ...(body !== undefined && {
      requestBody: { required: true, content: { [spec.reads ?? 'application/json']: { schema: body } } },
    }),
    responses: responsesOf(spec),
  };
};

const operationId = ({ method, path }: RouteSpec): string =>
  `${method.toLowerCase()}${path.replaceAll(/[^a-zA-Z0-9]+(.?)/g, (_, letter: string) => letter.toUpperCase())}`;

const accessOf = ({ access }: RouteSpec): Pick<ZodOpenApiOperationObject, 'security' | `x-${string}`> => {
  if (access === 'public') return { security: [] };
  if ('token' in access)
    return { ...(access.basic === true && { security: [{ bearer: [] }, { basic: [] }] }) };
  return {
    'x-access':
      'command' in access
        ? {
            command: access.command,
            service: access.service,
            ...(access.people && { people: access.people }),
          }
        : { rights: access.rights },
  };
};

const responsesOf = (spec: RouteSpec): ZodOpenApiResponsesObject => {
  const responses: ZodOpenApiResponsesObject = {};
  for (const [status, response] of Object.entries(spec.responses))
    responses[status as `${1 | 2 | 3 | 4 | 5}${string}`] = responseOf(response);
  responses.default = {
    description: `A refusal: ${codesOf(spec).join(', ')}.`,
    content: { 'application/problem+json': { schema: Problem } },
  };
  return responses;
};

const responseOf = ({ description, schema, type = 'application/json', headers }: ResponseSpec) => ({
  description,
  ...(schema && { content: { [type]: { schema } } }),
  ...(headers && {
    headers: Object.fromEntries(
      Object.entries(headers).map(([name, meaning]) => [
        name,
        { description: meaning, schema: { type: 'string' } as const },
      ]),
    ),
  }),
});

const COMMAND_CODES = [
  'NOT_FOUND',
  'CUSTOMER_ERASED',
  'CUSTOMER_ABSORBED',
  'IDEMPOTENCY_KEY_REUSED',
  'IN_FLIGHT',
  'IF_MATCH_REQUIRED',
  'STALE_REVISION',
  'ILLEGAL_STATE',
  'ALREADY_EXISTS',
  'CUSTOMER_MISMATCH',
  'OCCURRED_AT_IN_FUTURE',
  'OCCURRED_AT_TOO_OLD',
  'CLOCK_NOT_SET',
  'OVERLOADED',
  'DISK_FULL',
];

/** The codes a route may refuse with, its own last. */
const codesOf = (spec: RouteSpec): readonly string[] => {
  const guarded = spec.access === 'public' ? [] : ['UNAUTHENTICATED', 'FORBIDDEN'];
  const reading = spec.method === 'GET' ? [] : ['TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE'];
  const commands = typeof spec.access === 'object' && 'command' in spec.access ? COMMAND_CODES : [];
  const common = ['INVALID', 'TOO_MANY_REQUESTS', 'UNAVAILABLE', 'INTERNAL'];
  return [...new Set([...guarded, ...reading, ...common, ...commands, ...(spec.problems ?? [])])];
};

/** Every code that some route may answer with: those of the house, then the rules of the domain. */
export const problemCodes = (routes: readonly RouteSpec[]): readonly string[] => [
  ...new Set([...Object.keys(PROBLEMS), ...routes.flatMap((spec) => spec.problems ?? []).toSorted()]),
];
