// `/docs`: the OpenAPI document as a page that needs no script and no other origin, and `/docs/problems`, where the
// `type` of every refusal leads.
import type { OpenApiDocument } from './openapi.ts';
import { PROBLEMS } from './problems.ts';

type Json = Readonly<Record<string, unknown>>;

const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

const page = (title: string, body: string): string =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">` +
  `<title>${escape(title)}</title><link rel="stylesheet" href="/docs/style.css"></head><body>` +
  `<header><a href="/docs">Tenure</a> <a href="/docs/problems">Problems</a> <a href="/openapi.json">OpenAPI 3.1</a></header>` +
  `<main>${body}</main></body></html>`;

const METHODS = ['get', 'post', 'put', 'patch', 'delete'];

type Operation = { readonly method: string; readonly path: string; readonly about: Json };

const operationsOf = (document: OpenApiDocument): readonly Operation[] =>
  Object.entries((document.paths ?? {}) as Record<string, Json>).flatMap(([path, item]) =>
    METHODS.filter((method) => method in item).map((method) => ({
      method,
      path,
      about: item[method] as Json,
    })),
  );

export const docsPage = (document: OpenApiDocument): string => {
  const groups = Map.groupBy(operationsOf(document), ({ about }) =>
    textOf((about['tags'] as unknown[])?.[0], 'server'),
  );
  const nav = [...groups.keys()].map((tag) => `<a href="#${escape(tag)}">${escape(tag)}</a>`).join(' ');
  const sections = [...groups].map(
    ([tag, operations]) =>
      `<section><h2 id="${escape(tag)}">${escape(tag)}</h2>${operations.map(operationHtml).join('')}</section>`,
  );
  const schemas = Object.entries((document.components?.schemas ?? {}) as Record<string, Json>).map(
    ([name, schema]) => `<h3 id="schema-${escape(name)}">${escape(name)}</h3>${schemaHtml(schema)}`,
  );
  return page(
    'Tenure API',
    `<h1>Tenure API</h1><p>${escape(textOf(document.info.description))}</p><nav>${nav} <a href="#schemas">schemas</a></nav>` +
      `${sections.join('')}<section><h2 id="schemas">schemas</h2>${schemas.join('')}</section>`,
  );
};

const textOf = (value: unknown, otherwise = ''): string => (typeof value === 'string' ? value : otherwise);

const operationHtml = ({ method, path, about }: Operation): string => {
  const parameters = (about['parameters'] ?? []) as readonly Json[];
  const content = ((about['requestBody'] as Json | undefined)?.['content'] ?? {}) as Record<string, Json>;
  const rows = parameters.map(
    (parameter) =>
      `<tr><td><code>${escape(textOf(parameter['name']))}</code></td><td>${escape(textOf(parameter['in']))}</td>` +
      `<td>${typeHtml(parameter['schema'] as Json)}</td><td>${escape(textOf(parameter['description']))}</td></tr>`,
  );
  const bodies = Object.entries(content).map(
    ([type, { schema }]) => `<h4>Body, ${escape(type)}</h4>${schemaHtml(schema as Json)}`,
  );
  const answers = Object.entries(about['responses'] as Record<string, Json>).map(answerHtml);
  return (
    `<details id="${escape(textOf(about['operationId']))}"><summary><b class="${method}">${method.toUpperCase()}</b> ` +
    `<code>${escape(path)}</code> ${escape(textOf(about['summary']))}</summary><p>${escape(textOf(about['description']))}</p>` +
    `${rows.length > 0 ? `<h4>Parameters</h4><table>${rows.join('')}</table>` : ''}${bodies.join('')}` +
    `<h4>Answers</h4><table>${answers.join('')}</table></details>`
  );
};

const answerHtml = ([status, response]: readonly [string, Json]): string => {
  const content = Object.entries((response['content'] ?? {}) as Record<string, Json>);
  const shown = content.map(([, { schema }]) => schemaHtml(schema as Json)).join('');
  const about = escape(textOf(response['description'])).replaceAll(
    /\b[A-Z][A-Z_]{4,}\b/g,
    (code) => `<a href="/docs/problems#${code}">${code}</a>`,
  );
  return `<tr><td>${escape(status)}</td><td>${about}${shown}</td></tr>`;
};

const refName = (schema: Json): string | undefined =>
  typeof schema['$ref'] === 'string' ? schema['$ref'].split('/').at(-1) : undefined;

/** One line for a schema: its type, a link to a named one, the choices of an enum. */
const typeHtml = (schema: Json | undefined): string => {
  if (schema === undefined) return '';
  const name = refName(schema);
  if (name !== undefined) return `<a href="#schema-${escape(name)}">${escape(name)}</a>`;
  const choices = (schema['anyOf'] ?? schema['oneOf']) as readonly Json[] | undefined;
  if (choices) return choices.map(typeHtml).join(' | ');
  if (Array.isArray(schema['enum']))
    return schema['enum'].map((item) => `<code>${escape(String(item))}</code>`).join(' | ');
  if (schema['type'] === 'array') return `array of ${typeHtml(schema['items'] as Json)}`;
  const format = schema['format'] === undefined ? '' : ` (${textOf(schema['format'])})`;
  return escape(`${JSON.stringify(schema['const']) ?? textOf(schema['type'], 'any')}${format}`);
};

/** Deeper schemas are named or better read in the document itself. */
const MAX_NESTING = 4;

const schemaHtml = (schema: Json | undefined, depth = 0): string => {
  const properties = Object.entries((schema?.['properties'] ?? {}) as Record<string, Json>);
  if (properties.length === 0 || depth === MAX_NESTING) return typeHtml(schema);
  const required = new Set((schema?.['required'] ?? []) as readonly string[]);
  const rows = properties.map(([name, inner]) => {
    const nested = inner['type'] === 'array' ? (inner['items'] as Json) : inner;
    const below = nested['properties'] === undefined ? '' : schemaHtml(nested, depth + 1);
    return (
      `<tr><td><code>${escape(name)}</code>${required.has(name) ? '' : '?'}</td><td>${typeHtml(inner)}</td>` +
      `<td>${escape(textOf(inner['description']))}${below}</td></tr>`
    );
  });
  return `<table>${rows.join('')}</table>`;
};

/** One entry per code; the anchors are what `type` of a refusal names. */
export const problemsPage = (codes: readonly string[]): string => {
  const rows = codes.map((code) => {
    const kind = PROBLEMS[code];
    return (
      `<tr id="${escape(code)}"><td><code>${escape(code)}</code></td><td>${kind?.status ?? 422}</td>` +
      `<td>${escape(kind?.title ?? 'A rule of the domain; the detail says which and what to do.')}</td></tr>`
    );
  });
  return page(
    'Tenure: problems',
    `<h1>Problems</h1><p>Every refusal is <code>application/problem+json</code> with a stable <code>code</code>.</p>` +
      `<table><tr><th>code</th><th>status</th><th>meaning</th></tr>${rows.join('')}</table>`,
  );
};

export const DOCS_STYLE = `:root{color-scheme:light dark;--line:#8883;--quiet:#777;--accent:light-dark(#0b57d0,#8ab4f8)}
body{font:16px/1.5 system-ui,sans-serif;margin:0}a{color:var(--accent);text-underline-offset:.2em}
header{padding:.75rem 1.5rem;border-bottom:1px solid var(--line)}header a{margin-right:1rem}
main{max-width:70rem;margin:0 auto;padding:1rem 1.5rem}nav a{margin-right:.75rem;white-space:nowrap}
h2{margin:2rem 0 .5rem;text-transform:capitalize}h3{margin:1rem 0 .25rem;font-size:1rem}
details{border-bottom:1px solid var(--line);padding:.4rem 0}details[open]{padding-bottom:1rem}
summary{cursor:pointer}summary b{display:inline-block;min-width:3.5rem;font-size:.85em;letter-spacing:.03em}
summary code{margin-right:.75rem;font-weight:600}
table{border-collapse:collapse;margin:.25rem 0;display:block;overflow-x:auto;max-width:100%}
td,th{text-align:left;vertical-align:top;padding:.25rem 1rem .25rem 0}tr+tr td{border-top:1px solid var(--line)}
code{font:.92em ui-monospace,monospace;overflow-wrap:anywhere}pre{overflow-x:auto}:target{background:#fd03}
`;
