// What deciders and reactions may read beyond their stream and their event.
import type { KeyObject } from 'node:crypto';
import { streamOf } from '@tenure/core';
import {
  blindIndex,
  isRedacted,
  sealedValue,
  type Codec,
  type OpenedFields,
  type Sealable,
  type SealedBlock,
} from '@tenure/events';
import type { EventStore } from '@tenure/event-store';
import type { DataKey, KeyStore } from '@tenure/keys';
import type { ContextSources, Lookups, ReadAggregate, ServiceDefinition } from '../definition.ts';
import type { Policies } from '../policies.ts';
import { directoryOf, type Directory } from './prepare.ts';
import { createStreams, type LoadedStream, type StreamAddress, type Streams } from './streams.ts';

/** Never behind: a cached stream is read on from where it is. */
export const loadCurrent = async (streams: Streams, address: StreamAddress): Promise<LoadedStream> => {
  const { stream, current } = await streams.load(address);
  return current ? stream : (await streams.catchUp(stream)).stream;
};

type OpenDeps = { readonly codec: Pick<Codec, 'openFields'>; readonly keys: Pick<KeyStore, 'load'> };

/** A state with what its sealed references point into: the keys of its persons are loaded before it is answered. */
export const readable = async (
  { codec, keys }: OpenDeps,
  { state, revision, key, sealed }: Pick<LoadedStream, 'state' | 'revision' | 'key' | 'sealed'>,
): Promise<ReadAggregate> => {
  const persons = new Set([...sealed.values()].map(({ customerId }) => customerId));
  const loaded = persons.size === 0 ? new Map<string, DataKey>() : await keys.load([...persons]);
  return { state, revision, key, open: openerOf(codec, sealed, loaded) };
};

const openerOf = (
  codec: Pick<Codec, 'openFields'>,
  blocks: ReadonlyMap<string, SealedBlock>,
  keys: ReadonlyMap<string, DataKey>,
): ReadAggregate['open'] => {
  const opened = new Map<string, OpenedFields>();
  const fieldsOf = (block: SealedBlock): OpenedFields => {
    const known = opened.get(block.eventId);
    if (known !== undefined) return known;
    const fields = fieldsIn(codec, block, keys);
    opened.set(block.eventId, fields);
    return fields;
  };
  return <T>(value: Sealable<T> | null | undefined): T | null => {
    const block = value === null || value === undefined ? undefined : blocks.get(value.$sealed);
    return block === undefined || !value ? null : (sealedValue(fieldsOf(block), value) ?? null);
  };
};

const NO_FIELDS: OpenedFields = new Map();

const fieldsIn = (
  codec: Pick<Codec, 'openFields'>,
  block: SealedBlock,
  keys: ReadonlyMap<string, DataKey>,
): OpenedFields => {
  const fields = codec.openFields(block, keys.get(block.customerId));
  return isRedacted(fields) ? NO_FIELDS : fields;
};

/** What the sources of one service stand on. */
export type SourceParts = {
  readonly policies: Policies;
  readonly lookups: (service: string) => Lookups;
  readonly codec: Codec;
  readonly keys: Pick<KeyStore, 'load'>;
  readonly directory: Directory;
  readonly streams: Streams;
  readonly pepper: KeyObject;
};

/** The sources of one service. */
export const contextSources = (service: string, parts: SourceParts): ContextSources => ({
  policies: parts.policies,
  lookups: parts.lookups(service),
  blindIndex: (kind, normalised) => blindIndex(parts.pepper, kind, normalised),
  async read(aggregate, id) {
    const { spec, source } = parts.directory(service, aggregate);
    const address = { spec, source, stream: streamOf(aggregate, id) };
    return readable(parts, await loadCurrent(parts.streams, address));
  },
  async open({ sealed }) {
    if (sealed === null) return NO_FIELDS;
    return fieldsIn(parts.codec, sealed, await parts.keys.load([sealed.customerId]));
  },
});

export type SourcesDeps = Omit<SourceParts, 'directory' | 'streams'> & {
  readonly services: readonly ServiceDefinition[];
  readonly stores: (source: string) => EventStore;
};

/** The sources of every service, for a thread without a command bus: it reads streams through a memory of its own. */
export const createContextSources = (deps: SourcesDeps): ((service: string) => ContextSources) => {
  const parts = { ...deps, directory: directoryOf(deps.services), streams: createStreams(deps) };
  return (service) => contextSources(service, parts);
};
