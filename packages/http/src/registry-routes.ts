// The Confluent HTTP subset over our schemas, so that tools of others read our topics with no code of ours.
import { TenureError } from '@tenure/core';
import type { PublishedSchema, Registry, SchemaVersion } from '@tenure/events';
import { z } from 'zod';
import { route, type Access, type Answer, type RouteSpec } from './route.ts';

const TYPE = 'application/vnd.schemaregistry.v1+json';
const ACCESS: Access = { token: 'any', basic: true };
const TAG = 'registry';

/** What clients send along without meaning anything by it here: nothing is ever deleted, schemas have no references. */
const CLIENT_PARAMETERS = Object.fromEntries(
  ['deleted', 'deletedOnly', 'fetchMaxId', 'format', 'normalize', 'subject', 'subjectPrefix', 'verbose'].map(
    (name) => [name, z.string().max(300).optional()],
  ),
);

const Subject = z.string().min(1).max(300);
const Version = z.string().regex(/^(latest|[1-9]\d{0,6})$/, 'must be a number or latest');

/** Confluent clients look at error_code and message; everybody else at the problem around them. */
const missing = (errorCode: number, detail: string): TenureError =>
  new TenureError('NOT_FOUND', detail, { error_code: errorCode, message: detail });

const answer = (body: unknown): Answer => ({ status: 200, body: JSON.stringify(body), type: TYPE });

const get = (
  path: string,
  about: { readonly summary: string; readonly schema: z.ZodType; readonly params?: z.ZodObject },
  body: (params: Readonly<Record<string, string>>) => unknown,
): RouteSpec =>
  route({
    method: 'GET',
    path: `/registry${path}`,
    summary: about.summary,
    tag: TAG,
    access: ACCESS,
    ...(about.params && { params: about.params }),
    query: z.object(CLIENT_PARAMETERS),
    responses: { 200: { description: about.summary, schema: about.schema, type: TYPE } },
    handle: ({ params }) => answer(body((params ?? {}) as Record<string, string>)),
  });

/** `registry` is asked for at the first request: reading the schemas costs a start nothing. */
export const registryRoutes = (registry: () => Registry): readonly RouteSpec[] => [
  get('/subjects', { summary: 'All subjects', schema: z.array(z.string()) }, () => registry().subjects()),
  get('/schemas/types', { summary: 'What kinds of schemas there are', schema: z.array(z.string()) }, () => [
    'AVRO',
  ]),
  get(
    '/schemas/ids/{id}',
    {
      summary: 'The schema with this id',
      schema: z.object({ schema: z.string() }),
      params: z.object({ id: z.string().regex(/^\d{1,9}$/, 'must be a number') }),
    },
    ({ id }) => {
      const found = registry().schemaById(Number(id));
      if (found === undefined) throw missing(40403, 'There is no schema with this id.');
      return { schema: JSON.stringify(found.schema) };
    },
  ),
  get(
    '/subjects/{subject}/versions',
    {
      summary: 'The versions of a subject',
      schema: z.array(z.int()),
      params: z.object({ subject: Subject }),
    },
    ({ subject = '' }) => {
      const versions = registry().versions(subject);
      if (versions.length === 0)
        throw missing(40401, 'There is no such subject; /registry/subjects lists them all.');
      return versions;
    },
  ),
  get(
    '/subjects/{subject}/versions/{version}',
    {
      summary: 'One version of a subject',
      schema: z.object({ subject: z.string(), id: z.int(), version: z.int(), schema: z.string() }),
      params: z.object({ subject: Subject, version: Version }),
    },
    ({ subject = '', version = '' }) => {
      const { id, version: number, schema } = published(registry(), subject, version);
      return { subject, id, version: number, schema: JSON.stringify(schema) };
    },
  ),
  compatibility(registry, '/compatibility/subjects/{subject}/versions'),
  compatibility(registry, '/compatibility/subjects/{subject}/versions/{version}'),
];

const versionOf = (text: string): SchemaVersion => (text === 'latest' ? 'latest' : Number(text));

const published = (registry: Registry, subject: string, version: string): PublishedSchema => {
  if (registry.versions(subject).length === 0) throw missing(40401, 'There is no such subject.');
  const found = registry.version(subject, versionOf(version));
  if (found === undefined) throw missing(40402, 'The subject has no such version.');
  return found;
};

const Candidate = z.object({
  schema: z.string().max(90_000),
  schemaType: z.literal('AVRO').optional(),
  references: z.array(z.unknown()).max(0).optional(),
});

/** With a version: compared with that one; without: with every one, in both directions. */
const compatibility = (registry: () => Registry, path: string): RouteSpec => {
  const versioned = path.endsWith('{version}');
  return route({
    method: 'POST',
    path: `/registry${path}`,
    summary: 'Whether a schema could become the next version of a subject',
    tag: TAG,
    access: ACCESS,
    params: z.object({ subject: Subject, ...(versioned && { version: Version }) }),
    query: z.object(CLIENT_PARAMETERS),
    body: Candidate,
    bodyTypes: [TYPE, 'application/json'],
    responses: {
      200: {
        description: 'What speaks against it.',
        type: TYPE,
        schema: z.object({ is_compatible: z.boolean(), messages: z.array(z.string()) }),
      },
    },
    handle: ({ params, body }) => {
      const { subject, version } = params as { readonly subject: string; readonly version?: string };
      if (version !== undefined) published(registry(), subject, version);
      const schema = schemaIn(body.schema);
      const messages = registry().compatibility(
        subject,
        schema,
        version === undefined ? undefined : versionOf(version),
      );
      return answer({ is_compatible: messages.length === 0, messages });
    },
  });
};

const schemaIn = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // The parser's message would quote the input.
    throw new TenureError('SCHEMA_INVALID', 'The schema is not JSON.', {
      rule: true,
      error_code: 42_201,
      message: 'The schema is not JSON.',
    });
  }
};
