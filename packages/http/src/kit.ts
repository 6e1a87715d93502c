// What handlers work with: the ports behind the edge, and what this deployment decides.
import type { Clock } from '@tenure/core';
import type { Codec } from '@tenure/events';
import type { EventLogReader } from '@tenure/event-log';
import type { KeyStore } from '@tenure/keys';
import type { ProjectionReader } from '@tenure/projections';
import type { CommandBus, ServiceDefinition } from '@tenure/service-kit';
import type { Audit } from './audit.ts';
import type { Ownership } from './ownership.ts';

export type Kit = {
  readonly services: readonly ServiceDefinition[];
  readonly bus: CommandBus;
  readonly reader: ProjectionReader;
  readonly log: EventLogReader;
  readonly codec: Codec;
  readonly keys: Pick<KeyStore, 'load'>;
  readonly ownership: Ownership;
  readonly audit: Audit;
  /** The deployment's clock: what "now" means for facts. Tokens and limits use wall time. */
  readonly clock: Clock;
  /** Wall time in ms: tokens, audit. */
  readonly wallClock: () => number;
  /** Key of the signatures of list cursors, 32 bytes. */
  readonly cursorSecret: Uint8Array;
  /** Aborted when the server begins to stop: it is not ready any more, streams end, connections close. */
  readonly stopping: AbortSignal;
};
