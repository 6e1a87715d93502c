// `tenure status`: how everything stands.
import { number, parseSpan, table } from '../format.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { Shell } from '../shell.ts';

type Head = { readonly head: number; readonly events: number; readonly backlogEvents: number };

export type ProjectionState = {
  readonly generation: number | null;
  readonly state: string;
  readonly stale?: boolean;
  readonly lagEvents: number;
  readonly lagSeconds: number;
  readonly documents: number;
  readonly parked: number;
  readonly digest: string | null;
  readonly day: string | null;
};

export type StatusBody = {
  readonly version: string;
  readonly ready: boolean;
  readonly degraded: readonly { readonly projection: string; readonly parked: number }[];
  readonly businessDay: string | null;
  readonly customers: number;
  readonly events: Readonly<Record<string, number>>;
  readonly services: Readonly<Record<string, Head>>;
  readonly projections: Readonly<Record<string, ProjectionState>>;
  readonly processes: Readonly<Record<string, { readonly lagEvents: number }>>;
};

export const status = async (shell: Shell, options: { readonly maxLag?: string }): Promise<ExitCode> => {
  const limit = options.maxLag === undefined ? Infinity : parseSpan(options.maxLag, '--max-lag');
  const body = (await shell.get('ops', '/ops/status')).body as unknown as StatusBody;
  shell.print(body, statusText(body));
  const behind = Object.entries(body.projections).filter(([, { lagSeconds }]) => lagSeconds > limit);
  for (const [name, { lagSeconds }] of behind)
    shell.say(`${name} is ${number(lagSeconds)} s behind, more than ${options.maxLag ?? ''}`);
  return behind.length > 0 ? EXIT.lag : EXIT.ok;
};

export const statusText = (body: StatusBody): string => {
  const { version, ready, degraded, businessDay, customers } = body;
  const state = !ready ? 'NOT READY' : degraded.length > 0 ? 'degraded' : 'ready';
  return [
    `Tenure ${version}  ${state}  business day ${businessDay ?? 'none closed yet'}  ${number(customers)} customers\n`,
    table(
      ['SERVICE', 'EVENTS', 'HEAD', 'BACKLOG'],
      Object.entries(body.services).map(([name, { events, head, backlogEvents }]) => [
        name,
        events,
        head,
        backlogEvents,
      ]),
    ),
    projectionTable(body.projections),
    table(
      ['PROCESS', 'LAG'],
      Object.entries(body.processes).map(([name, { lagEvents }]) => [name, lagEvents]),
    ),
    table(
      ['EVENT', 'COUNT'],
      Object.entries(body.events).toSorted(([a], [b]) => a.localeCompare(b)),
    ),
  ]
    .filter((part) => part !== '')
    .join('\n');
};

export const projectionTable = (projections: StatusBody['projections']): string =>
  table(
    ['PROJECTION', 'GENERATION', 'STATE', 'LAG', 'LAG S', 'DOCUMENTS', 'PARKED', 'DIGEST'],
    Object.entries(projections).map(([name, one]) => [
      name,
      one.generation,
      one.stale === true ? `${one.state} (stale)` : one.state,
      one.lagEvents,
      one.lagSeconds,
      one.documents,
      one.parked,
      one.digest?.slice(0, 12) ?? null,
    ]),
  );
