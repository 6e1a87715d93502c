// Finds the route of a request by the segments of its path. Express would try one expression after the other and cannot
// tell "no such method" from "nothing here".
import type { Method, RouteSpec } from './route.ts';

type Node = {
  readonly fixed: Map<string, Node>;
  any: Node | undefined;
  readonly routes: Map<string, { readonly spec: RouteSpec; readonly names: readonly string[] }>;
};

export type Found =
  | { readonly spec: RouteSpec; readonly params: Readonly<Record<string, string>> }
  | { readonly allow: readonly string[] }
  | undefined;

const node = (): Node => ({ fixed: new Map(), any: undefined, routes: new Map() });

const segmentsOf = (path: string): readonly string[] => path.slice(1).split('/');

export type RouteTable = {
  /** The route, the methods that are offered at this path (405), or undefined (404). HEAD is served by GET. */
  readonly find: (method: string, path: string) => Found;
};

/** A fixed segment wins over a parameter. @throws TypeError for two routes of one method and shape of path. */
export const routeTable = (specs: readonly RouteSpec[]): RouteTable => {
  const root = node();
  for (const spec of specs) add(root, spec);
  return {
    find: (method, path) => {
      const values: string[] = [];
      const found = walk(root, segmentsOf(path), 0, values);
      if (found === undefined) return undefined;
      const hit = found.routes.get(method === 'HEAD' ? 'GET' : method);
      if (hit === undefined) return { allow: [...found.routes.keys()].toSorted() };
      const params: Record<string, string> = {};
      hit.names.forEach((name, i) => {
        params[name] = values[i] ?? '';
      });
      return { spec: hit.spec, params };
    },
  };
};

const add = (root: Node, spec: RouteSpec): void => {
  let at = root;
  const names: string[] = [];
  for (const segment of segmentsOf(spec.path)) {
    const name = /^\{(\w+)\}$/.exec(segment)?.[1];
    if (name === undefined) {
      const next = at.fixed.get(segment) ?? node();
      at.fixed.set(segment, next);
      at = next;
    } else {
      names.push(name);
      at = at.any ??= node();
    }
  }
  if (at.routes.has(spec.method)) throw new TypeError(`${spec.method} ${spec.path} is declared twice.`);
  at.routes.set(spec.method, { spec, names });
};

const walk = (at: Node, segments: readonly string[], index: number, values: string[]): Node | undefined => {
  const segment = segments[index];
  if (segment === undefined) return at.routes.size > 0 ? at : undefined;
  const fixed = at.fixed.get(segment);
  const found = fixed === undefined ? undefined : walk(fixed, segments, index + 1, values);
  if (found !== undefined || at.any === undefined || segment === '') return found;
  values.push(segment);
  const below = walk(at.any, segments, index + 1, values);
  if (below === undefined) values.pop();
  return below;
};

const shapeOf = (spec: { readonly method: Method; readonly path: string }): string =>
  `${spec.method} ${spec.path.replaceAll(/\{\w+\}/g, '{}')}`;

/** Generated routes that a declared one replaces are left out. */
export const withoutReplaced = (
  generated: readonly RouteSpec[],
  declared: readonly RouteSpec[],
): readonly RouteSpec[] => {
  const taken = new Set(declared.map(shapeOf));
  return generated.filter((spec) => !taken.has(shapeOf(spec)));
};
