import type { EventStore } from '../event-store.ts';
import { openDatabase } from './database.ts';
import { eventStoreOn, type OnFatal } from './store.ts';

/** One file per source, created with its folder when missing. */
export type SqliteEventStoreOptions = { readonly file: string; readonly onFatal: OnFatal };

/**
 * Opens the event store of one source in this thread; commits block the thread for about one flush each.
 * After `onFatal` (STORE_FAILED) it refuses everything: the process must end.
 * @throws STORE_IN_USE, NOT_AN_EVENT_STORE, STORE_TOO_NEW, CORRUPT
 */
export const openSqliteEventStore = ({ file, onFatal }: SqliteEventStoreOptions): EventStore =>
  eventStoreOn(openDatabase(file), { onFatal });

export type { OnFatal };
