// The threads of a server: stores, pipeline, and what the main thread gets of them.
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { remoteCalls, serveCalls } from '@tenure/core';
import type { EventStore } from '@tenure/event-store';
import { remoteEventLog, type EventLogReader } from '@tenure/event-log';
import { remoteKeyStore, type KeyStore } from '@tenure/keys';
import type { ProjectionControl } from '@tenure/projections';
import type { Configuration } from './configuration.ts';
import { CHANNELS, type MainCalls, type PipelineCalls } from './channels.ts';
import type { PipelineThreadData } from './pipeline-thread.ts';
import { remoteStores } from './remote-stores.ts';
import { openStores, type StoreThreadData } from './store-thread.ts';
import { startThread } from './thread.ts';

export type StoreSide = {
  readonly stores: (source: string) => EventStore;
  readonly keys: KeyStore;
  /** A port to the same stores for another thread. */
  readonly share: () => Promise<MessagePort>;
  readonly close: () => Promise<void>;
};

const wallTime = (): number => Date.now();

/** Opens the stores where the configuration places them. */
export const openStoreSide = (
  placement: Configuration['storePlacement'],
  data: StoreThreadData,
  fatal: (error: unknown) => void,
): Promise<StoreSide> => (placement === 'main' ? storesHere(data, fatal) : storesInThread(data, fatal));

const storesHere = async (data: StoreThreadData, fatal: (error: unknown) => void): Promise<StoreSide> => {
  const opened = await openStores(data, fatal);
  return {
    stores: (source) => {
      const store = opened.stores[source];
      if (store === undefined) throw new TypeError(`there is no event store of the source ${source}`);
      return store;
    },
    keys: opened.keys,
    async share() {
      const { port1, port2 } = new MessageChannel();
      opened.serve(port1);
      return port2;
    },
    close: opened.close,
  };
};

const storesInThread = async (data: StoreThreadData, fatal: (error: unknown) => void): Promise<StoreSide> => {
  const { port1: ours, port2: theirs } = new MessageChannel();
  const { port1: shared, port2: sharedTheirs } = new MessageChannel();
  const ports = [theirs, sharedTheirs];
  const entry = new URL('./store-thread-entry.ts', import.meta.url);
  const thread = await startThread(entry, { ...data, ports }, fatal, { transfer: ports });
  return {
    stores: remoteStores(ours, data.sources),
    keys: remoteKeyStore(ours, { now: wallTime }),
    share: async () => shared,
    async close() {
      await thread.stop();
      ours.close();
    },
  };
};

export type PipelineSide = {
  readonly control: ProjectionControl;
  readonly log: EventLogReader;
  readonly calls: PipelineCalls;
  readonly stop: () => Promise<void>;
};

/** Starts the pipeline thread; `main` is what it hears and asks for. */
export const startPipelineSide = async (
  data: Omit<PipelineThreadData, 'main'>,
  main: MainCalls,
  fatal: (error: unknown) => void,
): Promise<PipelineSide> => {
  const { port1: ours, port2: theirs } = new MessageChannel();
  serveCalls(ours, CHANNELS.main, main);
  const entry = new URL('./pipeline-thread.ts', import.meta.url);
  const thread = await startThread(entry, { ...data, main: theirs }, fatal, {
    transfer: [theirs, data.stores],
  });
  return {
    control: remoteCalls<ProjectionControl>(ours, CHANNELS.control),
    log: remoteEventLog(ours, data.partitions),
    calls: remoteCalls<PipelineCalls>(ours, CHANNELS.pipeline),
    async stop() {
      await thread.stop();
      ours.close();
    },
  };
};
