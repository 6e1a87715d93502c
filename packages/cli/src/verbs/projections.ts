// `tenure projections`: generations, state, lag, parked customers, last replay.
import { TenureError } from '@tenure/core';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { table } from '../format.ts';
import { items } from '../pages.ts';
import type { Shell } from '../shell.ts';
import { projectionTable, type StatusBody } from './status.ts';

export type Generation = {
  readonly generation: number;
  readonly state: string;
  readonly version: number;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  readonly verified: { readonly keys: number; readonly differences: number } | null;
  readonly error: string | null;
};

export type Replay = {
  readonly id: string;
  readonly projection: string;
  readonly generation: number;
  /** It is over when it is active, not already when it is verified. */
  readonly activate: boolean;
  readonly state: string;
  readonly events: number;
  readonly done: number;
  readonly rate: number;
  readonly etaSeconds: number | null;
  readonly digest: string | null;
  readonly day: string | null;
  readonly verified: { readonly keys: number; readonly differences: number } | null;
  readonly error: string | null;
};

export const projections = async (shell: Shell, _: object, name?: string): Promise<ExitCode> => {
  const all = ((await shell.get('ops', '/ops/status')).body as unknown as StatusBody).projections;
  if (name === undefined) {
    shell.print({ projections: all }, projectionTable(all));
    return EXIT.ok;
  }
  const found = all[name];
  if (found === undefined) throw unknownProjection(name, Object.keys(all));
  const [generations, replays] = await Promise.all([generationsOf(shell, name), replaysOf(shell, name)]);
  const lastReplay = replays[0] ?? null;
  shell.print(
    { name, ...found, generations, lastReplay },
    `${projectionTable({ [name]: found })}\n${generationTable(generations)}${lastReplay === null ? '' : `\n${replayTable([lastReplay])}`}`,
  );
  return EXIT.ok;
};

export const unknownProjection = (name: string, known: readonly string[]): TenureError =>
  new TenureError('NOT_FOUND', `There is no projection ${name}. There are ${known.join(', ')}.`);

export const generationsOf = async (shell: Shell, name: string): Promise<readonly Generation[]> =>
  items<Generation>((await shell.get('ops', `/ops/generations/${encodeURIComponent(name)}`)).body);

/** Newest first. */
export const replaysOf = async (shell: Shell, name: string): Promise<readonly Replay[]> =>
  items<Replay>((await shell.get('ops', '/ops/replays')).body)
    .filter(({ projection }) => projection === name)
    .toSorted((a, b) => b.generation - a.generation);

const verifiedText = (verified: Generation['verified']): string | null =>
  verified === null ? null : `${verified.keys} keys, ${verified.differences} differ`;

export const generationTable = (generations: readonly Generation[]): string =>
  table(
    ['GENERATION', 'STATE', 'VERSION', 'CREATED', 'VERIFIED', 'ERROR'],
    generations.map(({ generation, state, version, createdAt, verified, error }) => [
      generation,
      state,
      version,
      createdAt,
      verifiedText(verified),
      error,
    ]),
  );

export const replayTable = (replays: readonly Replay[]): string =>
  table(
    ['REPLAY', 'GENERATION', 'STATE', 'EVENTS', 'VERIFIED', 'DIGEST', 'ERROR'],
    replays.map(({ id, generation, state, events, verified, digest, error }) => [
      id,
      generation,
      state,
      events,
      verifiedText(verified),
      digest?.slice(0, 12) ?? null,
      error,
    ]),
  );
