// A breaking change of an event is a new name and one upcaster from the old one. It runs inside the codec, so every
// reader sees it alike: live, in a replay, when a parked event is retried, in an export.
import { TenureError } from '@tenure/core';

/**
 * `up` is pure and gets what the old event's newest schema reads. Personal fields are references: it may move them to
 * another name, and they still open.
 */
export type Upcaster = {
  readonly from: string;
  readonly to: string;
  /** Only events written with these schemas; default: all of the name. */
  readonly schemaIds?: readonly number[];
  readonly up: (data: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>;
};

/** The chain from an old event to its newest form; empty for an event that is up to date. */
export type Upcasters = (type: string, schemaId: number) => readonly Upcaster[];

/** @throws UPCASTER_INVALID for two upcasters of one event, or a chain that never ends. */
export const createUpcasters = (list: readonly Upcaster[]): Upcasters => {
  const byName = Map.groupBy(list, (upcaster) => upcaster.from);
  for (const upcaster of list) refuseLoop(upcaster, byName);
  const chains = new Map<string, readonly Upcaster[]>();
  return (type, schemaId) => {
    if (!byName.has(type)) return NONE;
    const name = `${type}/${schemaId}`;
    const known = chains.get(name) ?? chainOf(type, schemaId, byName);
    chains.set(name, known);
    return known;
  };
};

const NONE: readonly Upcaster[] = [];

type ByName = ReadonlyMap<string, readonly Upcaster[]>;

const next = (type: string, schemaId: number | null, byName: ByName): Upcaster | undefined =>
  byName
    .get(type)
    ?.find(({ schemaIds }) => schemaIds === undefined || (schemaId !== null && schemaIds.includes(schemaId)));

const chainOf = (type: string, schemaId: number, byName: ByName): readonly Upcaster[] => {
  const chain: Upcaster[] = [];
  // Behind the first step there is no written schema any more: only upcasters of the whole name apply.
  for (let step = next(type, schemaId, byName); step !== undefined; step = next(step.to, null, byName))
    chain.push(step);
  return chain;
};

const refuseLoop = (upcaster: Upcaster, byName: ByName, seen: readonly string[] = []): void => {
  if (seen.includes(upcaster.from)) throw invalid(upcaster.from, 'leads back to itself');
  const ids = (byName.get(upcaster.from) ?? []).flatMap(({ schemaIds }) => schemaIds ?? [ALL]);
  if (new Set(ids).size !== ids.length)
    throw invalid(upcaster.from, 'is not the only one for a schema of it');
  for (const step of byName.get(upcaster.to) ?? []) refuseLoop(step, byName, [...seen, upcaster.from]);
};

/** Stands for every schema where ids are compared; ids begin at 1. */
const ALL = 0;

const invalid = (from: string, problem: string): TenureError =>
  new TenureError('UPCASTER_INVALID', `The upcaster of ${from} ${problem}.`, { from });
