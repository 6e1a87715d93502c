// A route as data: what it takes, what it answers, who may use it. The same declaration serves requests, checks input
// and makes the OpenAPI document. A route without an access policy does not start.
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { z } from 'zod';
import { RIGHTS, type Principal, type Right } from './access.ts';
import type { Kit } from './kit.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/**
 * public: no token · token: any valid one (`basic`: also as the password of basic authentication) · rights: one of them
 * is enough · command: the rights of the role table for this command.
 */
export type Access =
  | 'public'
  | { readonly token: 'any'; readonly basic?: boolean }
  | { readonly rights: readonly [Right, ...Right[]] }
  | { readonly command: string; readonly service: string; readonly people?: readonly string[] | undefined };

/** Input schemas; params and query are objects of strings on their way in. */
export type Schemas = {
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
};

type Parsed<S extends Schemas, K extends keyof Schemas> = S[K] extends z.ZodType ? z.output<S[K]> : undefined;

export type RouteRequest<S extends Schemas = Schemas> = {
  readonly params: Parsed<S, 'params'>;
  readonly query: Parsed<S, 'query'>;
  readonly body: Parsed<S, 'body'>;
  readonly principal: Principal;
  /** own: the caller's right reaches only customers that are his, his team's or nobody's. */
  readonly reach: 'all' | 'own';
  /** 2: a second person has to approve acts with effects. */
  readonly persons: 1 | 2;
  readonly requestId: string;
  /** The path as sent, without query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly traceparent: string | undefined;
  /** A signal that is aborted when the client goes away. Made when asked for: few handlers need it. */
  readonly gone: () => AbortSignal;
};

/** `body`: JSON; with a `type` a text is sent as it is. */
export type Answer = {
  readonly status: number;
  readonly body?: unknown;
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
};

/** An answer that writes itself over time. Errors before its first byte are problems, later ones break the connection. */
export type Streaming = {
  readonly stream: (response: ServerResponse, request: IncomingMessage) => Promise<void>;
};

/** Documentation of one status: its meaning and the schema of its body. */
export type ResponseSpec = {
  readonly description: string;
  readonly schema?: z.ZodType;
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
};

type About<S extends Schemas> = {
  readonly method: Method;
  /** Express form with braces: `/api/orders/{id}`. */
  readonly path: string;
  readonly summary: string;
  readonly description?: string;
  readonly tag?: string;
  readonly access: Access;
  readonly responses: Readonly<Record<number, ResponseSpec>>;
  /** Codes of refusals beyond the common ones, for the document. */
  readonly problems?: readonly string[];
  /** Schema of a body that the handler has parsed by others: for the document only. */
  readonly documents?: z.ZodType;
  /** Request headers that the route reads, for the document. */
  readonly headers?: readonly string[];
  /** The handler reads the body itself (a stream); `body` is not parsed. Its content type is checked against this. */
  readonly reads?: string;
  /** Content types of a JSON body; `application/json` by default. */
  readonly bodyTypes?: readonly string[];
  readonly handle: Handler<S>;
};

export type Handler<S extends Schemas> = (
  request: RouteRequest<S>,
  kit: Kit,
) => Promise<Answer | Streaming> | Answer | Streaming;

/** A declared route, its schemas forgotten by the type system: what the application works with. */
export type RouteSpec = About<Schemas> & Schemas;

/** The mapped form lets the schemas be inferred before the handler's request is typed by them. */
type Declared<S extends Schemas> = About<S> & { readonly [K in keyof S]: S[K] };

/**
 * Declares a route; the handler's request is typed by the schemas. Query and params become strict.
 * @throws TypeError without an access policy, or with params that are not those of the path.
 */
export const route = <S extends Schemas>(declared: Declared<S>): RouteSpec => {
  // From here on the schemas' types are forgotten: a handler is only ever called with what its own have parsed.
  const spec = declared as RouteSpec;
  checkAccess(spec);
  const { params, query } = spec;
  const inPath = [...spec.path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '');
  const named = Object.keys(params?.shape ?? {});
  if (inPath.length !== named.length || inPath.some((name) => !named.includes(name)))
    throw new TypeError(`${spec.method} ${spec.path} declares other params than its path has.`);
  return {
    ...spec,
    ...(params && { params: params.strict() }),
    ...(query && { query: query.strict() }),
  };
};

/** Deny by default, checked when the application is put together. @throws TypeError */
export const checkAccess = (
  spec: Pick<RouteSpec, 'method' | 'path'> & { readonly access?: Access },
): void => {
  const { access } = spec;
  const known =
    access === 'public' ||
    (typeof access === 'object' &&
      ('token' in access
        ? access.token === 'any'
        : 'rights' in access
          ? access.rights.length > 0 && access.rights.every((right) => RIGHTS.includes(right))
          : 'command' in access && access.command !== '' && access.service !== ''));
  if (!known) throw new TypeError(`${spec.method} ${spec.path} has no access policy; name one.`);
};
