// Requests made from the OpenAPI document: valid ones, nearly valid ones, hostile ones. The same seed gives the same
// requests, so a failure is told by its seed and number alone.
import type { OpenApiDocument } from '../src/index.ts';
import { isObject, randomOf, valueMaker, type Json, type Random } from './fuzz-values.ts';

export type FuzzKind = 'valid' | 'near' | 'hostile';

export type FuzzRequest = {
  readonly number: number;
  readonly kind: FuzzKind;
  readonly method: string;
  /** Path with query, percent-encoded as it is to be sent. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | undefined;
  /** Stands somewhere in a request that is not valid; no refusal may repeat it. */
  readonly canary: string;
};

export type FuzzAnswer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly text: string;
};

/** What is wrong with an answer; empty: nothing. */
export const faultsOf = (request: FuzzRequest, answer: FuzzAnswer): readonly string[] => {
  const faults: string[] = [];
  const type = answer.headers['content-type'] ?? '';
  if (answer.status >= 500 && !isHonest(answer)) faults.push(`answers ${answer.status}`);
  if (answer.status >= 400 && request.method !== 'HEAD') {
    if (!type.startsWith('application/problem+json')) faults.push(`refuses as "${type}"`);
    if (answer.text.includes(request.canary)) faults.push('repeats the input');
    if (!answer.headers['x-request-id']) faults.push('has no X-Request-Id');
  }
  if (Object.values(answer.headers).some((value) => value?.includes(request.canary)))
    faults.push('repeats the input in a header');
  return faults;
};

// Behind, overloaded, away, full: refusals that say when to come back are no failures of the server.
const isHonest = ({ status, headers }: FuzzAnswer): boolean =>
  (status === 503 || status === 507) && headers['retry-after'] !== undefined;

type Operation = { readonly method: string; readonly path: string; readonly about: Json };

const METHODS = ['get', 'post', 'put', 'patch', 'delete'];

/**
 * `count` requests. `known`: ids that exist, so that some requests get further than 404; by the path under /api of the
 * collection they belong to where that is known.
 */
export const fuzzRequests = function* (
  document: OpenApiDocument,
  seed: number,
  count: number,
  known: Known = {},
): Generator<FuzzRequest> {
  const random = randomOf(seed);
  const operations: readonly Operation[] = Object.entries(
    (document.paths ?? {}) as Record<string, Json>,
  ).flatMap(([path, item]) =>
    METHODS.filter((method) => method in item).map((method) => ({
      method,
      path,
      about: item[method] as Json,
    })),
  );
  const make = maker(document, random, known);
  for (let number = 0; number < count; number++) {
    const operation = random.pick(operations);
    const kind: FuzzKind = random.pick(['valid', 'near', 'near', 'hostile'] as const);
    yield { number, kind, ...make(operation, kind, `canary${seed}x${number}y`) };
  }
};

type Made = Omit<FuzzRequest, 'number' | 'kind'>;

/** Ids by collection: `orders`. */
export type Known = Readonly<Record<string, readonly string[]>>;

const maker = (document: OpenApiDocument, random: Random, known: Known) => {
  const value = valueMaker(document, random, Object.values(known).flat());
  return ({ method, path, about }: Operation, kind: FuzzKind, canary: string): Made => {
    const valid = validRequest({ method, path, about }, value, random);
    const own = known[path.split('/')[2] ?? ''] ?? [];
    if ('id' in valid.params && own.length > 0 && random.chance(0.8)) valid.params['id'] = random.pick(own);
    const request = { ...valid, canary };
    if (kind === 'valid') return encoded(request);
    return kind === 'near' ? encoded(nearlyValid(request, random)) : hostile(request, random);
  };
};

/** A request before it is put into bytes. */
type Draft = {
  readonly method: string;
  readonly template: string;
  readonly params: Record<string, string>;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly type: string | undefined;
  readonly body: unknown;
  readonly canary: string;
};

const validRequest = (
  { method, path, about }: Operation,
  value: (schema: Json) => unknown,
  random: Random,
): Omit<Draft, 'canary'> => {
  const parts: Record<string, Record<string, string>> = { path: {}, query: {}, header: {} };
  for (const parameter of (about['parameters'] ?? []) as readonly Json[])
    if (parameter['required'] === true || random.chance(0.3)) {
      const made = patient(parameter['name'] as string, random) ?? value(parameter['schema'] as Json);
      (parts[parameter['in'] as string] ??= {})[parameter['name'] as string] =
        typeof made === 'string' ? made : JSON.stringify(made);
    }
  const content = Object.entries((about['requestBody']?.content ?? {}) as Record<string, Json>);
  const [type, media] = content[0] ?? [undefined, undefined];
  return {
    method: method.toUpperCase(),
    template: path,
    params: parts['path'] ?? {},
    query: parts['query'] ?? {},
    headers: parts['header'] ?? {},
    type,
    body: media === undefined ? undefined : value(media['schema'] as Json),
  };
};

/** Positions nobody has reached and long waits are right, and each costs seconds: rarely. */
const patient = (name: string, random: Random): string | undefined => {
  if (name === 'wait') return '0';
  return name === 'minPosition' && !random.chance(0.01) ? 'customer:0,order:0' : undefined;
};

const pathOf = ({ template, params, query }: Draft): string => {
  const path = template.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? ''));
  const search = new URLSearchParams(query).toString();
  return search === '' ? path : `${path}?${search}`;
};

const encoded = (draft: Draft): Made => ({
  method: draft.method,
  path: pathOf(draft),
  headers: { ...draft.headers, ...(draft.type !== undefined && { 'content-type': draft.type }) },
  body:
    draft.body === undefined || draft.method === 'GET' ? undefined : Buffer.from(JSON.stringify(draft.body)),
  canary: draft.canary,
});

/** Puts something else at one place of a value. */
const changed = (value: unknown, random: Random, replace: (old: unknown) => unknown): unknown => {
  if (Array.isArray(value) && value.length > 0 && random.chance(0.8)) {
    const at = random.below(value.length);
    return value.map((item, i) => (i === at ? changed(item, random, replace) : item));
  }
  if (isObject(value) && Object.keys(value).length > 0 && random.chance(0.8)) {
    const name = random.pick(Object.keys(value));
    return { ...value, [name]: changed(value[name], random, replace) };
  }
  return replace(value);
};

const wrongValues = (canary: string): readonly unknown[] => [
  canary,
  `${canary}${'x'.repeat(5_000)}`,
  `\u0000${canary}`,
  { [canary]: canary },
  [canary, [canary]],
  -1,
  2 ** 53,
  1e308,
  0.1,
  true,
  null,
  '',
  '2026-13-45T99:99:99Z',
  '00000000-0000-0000-0000-00000000000G',
];

/** One thing about a valid request is not right. */
const nearlyValid = (draft: Draft, random: Random): Draft => {
  const { canary, params, query, headers } = draft;
  const at = <T>(record: Readonly<Record<string, T>>): string =>
    random.pick([...Object.keys(record), canary]);
  const changes: (() => Draft)[] = [
    () => ({ ...draft, body: changed(draft.body, random, () => random.pick(wrongValues(canary))) }),
    () => ({ ...draft, body: isObject(draft.body) ? { ...draft.body, [canary]: canary } : canary }),
    () => ({ ...draft, body: isObject(draft.body) ? without(draft.body, random) : [] }),
    () => ({ ...draft, query: { ...query, [canary]: canary } }),
    () => ({ ...draft, query: { ...query, [at(query)]: canary } }),
    () => ({ ...draft, params: { ...params, [at(params)]: canary } }),
    () => ({ ...draft, headers: { ...headers, 'if-match': `"${canary}"` } }),
    () => ({ ...draft, headers: { ...headers, 'idempotency-key': `${canary}${'k'.repeat(300)}` } }),
    () => ({ ...draft, headers: { ...headers, traceparent: canary } }),
    () => ({
      ...draft,
      type: random.pick(['text/plain', 'application/json; charset=utf-16', `application/${canary}`]),
    }),
  ];
  return random.pick(changes)();
};

const without = (value: Record<string, unknown>, random: Random): Record<string, unknown> => {
  const name = random.pick(Object.keys(value));
  return Object.fromEntries(Object.entries(value).filter(([key]) => key !== name));
};

/** Bytes and paths that no client of good will sends. */
const hostile = (draft: Draft, random: Random): Made => {
  const made = encoded(draft);
  const { canary } = draft;
  const bodies: readonly (() => Buffer)[] = [
    () => Buffer.from(`{"${canary}":`),
    () => Buffer.from(`${'['.repeat(30_000)}"${canary}"${']'.repeat(30_000)}`),
    () => Buffer.from(`{"__proto__":{"roles":["admin"]},"x":"${canary}"}`),
    () => Buffer.from(`{"$where":"${canary}"}`),
    () => Buffer.from(`{"constructor":{"prototype":{"x":"${canary}"}}}`),
    () => Buffer.concat([Buffer.from(`{"x":"${canary}`), Buffer.from([0xff, 0xfe, 0xc0]), Buffer.from('"}')]),
    () => Buffer.alloc(150_000, canary),
    () => Buffer.from(`"${canary}"`),
    () => Buffer.from(`1e999${canary}`),
    () => Buffer.from(`\ufeff{"x":"${canary}"}`),
    () => Buffer.from(`{"a":1,"a":"${canary}"}`),
    () => Buffer.from(`${`{"route":"${canary}","key":"k"}\n`.repeat(50)}${canary}`),
  ];
  const paths: readonly (() => string)[] = [
    () => `${made.path.split('?')[0]}/${canary}`,
    () => `/${canary}`,
    () => made.path.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/, `%2e%2e%2f${canary}`),
    () => made.path.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/, `%00${canary}`),
    () => made.path.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/, `%E0%A4%A${canary}`),
    () => `${made.path}${made.path.includes('?') ? '&' : '?'}__proto__=${canary}&__proto__=1`,
    () => `${made.path}${made.path.includes('?') ? '&' : '?'}%FF%FE=${canary}`,
    () => `/${made.path}`,
    () => `${made.path.split('?')[0]}//`,
    () => `/api/${'x/'.repeat(2_000)}${canary}`,
  ];
  const asOther = (method: string): Made => ({
    ...made,
    method,
    path: `${made.path.split('?')[0]}?${canary}=1`,
  });
  switch (random.below(5)) {
    case 0:
    case 1:
      return {
        ...made,
        method: made.method === 'GET' ? 'POST' : made.method,
        body: random.pick(bodies)(),
        headers: { 'content-type': 'application/json', ...made.headers },
      };
    case 2:
    case 3:
      return { ...made, path: random.pick(paths)() };
    default:
      return asOther(random.pick(['PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD', 'GET', 'POST', 'PURGE']));
  }
};
