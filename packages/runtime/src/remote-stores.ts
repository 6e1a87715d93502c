// The event stores of another thread, by source.
import type { MessagePort } from 'node:worker_threads';
import { TenureError } from '@tenure/core';
import type { EventStore } from '@tenure/event-store';
import { remoteEventStore } from '@tenure/event-store/worker';

/** @throws NOT_FOUND for a source that the thread does not own */
export const remoteStores = (
  port: MessagePort,
  sources: readonly string[],
): ((source: string) => EventStore) => {
  const stores = new Map(sources.map((source) => [source, remoteEventStore(port, source)]));
  return (source) => {
    const store = stores.get(source);
    if (store === undefined)
      throw new TenureError('NOT_FOUND', `There is no event store of the source ${source}.`, { source });
    return store;
  };
};
