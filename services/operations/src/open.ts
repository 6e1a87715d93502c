// Opens the operations of a process: where the business days and the audit chain left off, then routes over both.
import type { EventStore } from '@tenure/event-store';
import type { Codec, DecodedEvent } from '@tenure/events';
import type { Operations, ProcessPorts } from '@tenure/http';
import type { ClockEvents } from '@tenure/events/generated/clock';
import type { OpsEvents } from '@tenure/events/generated/ops';
import { auditChain, CHAIN_START } from './audit-chain.ts';
import { createBusinessClock, standingInstant, type LastDay } from './business-clock.ts';
import { createLedger } from './ledger.ts';
import type { OperationsPorts } from './ports.ts';
import { operationsRoutes } from './routes.ts';

/** The process, and how many customers there are. */
export type OperationsParts = Omit<ProcessPorts, 'reader'> & Pick<OperationsPorts, 'customers'>;

/** Reads the last closed day and sets a settable clock where it stood. */
export const openOperations = async (parts: OperationsParts): Promise<Operations> => {
  const { stores, codec, wallClock, clock, zone, settable } = parts;
  const readLast = (): Promise<LastDay | null> => lastDay(stores('clock'), codec);
  const last = await readLast();
  if (settable && last !== null) clock.set(standingInstant(last.date, zone));
  const businessClock = createBusinessClock({
    ledger: createLedger('clock', stores('clock'), codec, wallClock),
    clock,
    zone,
    desk: parts.deadlines,
    last,
    readLast,
  });
  const ledger = createLedger('ops', stores('ops'), codec, wallClock);
  const ports: OperationsPorts = {
    ...parts,
    ledger,
    clock: { ...businessClock, now: () => clock.now(), zone, settable },
  };
  return {
    routes: operationsRoutes(ports),
    audit: auditChain(ledger, zone, () => newestHash(stores('ops'), codec)),
    closeDue: () => (settable ? businessClock.resume().then(() => []) : businessClock.closeDue()),
  };
};

const lastDay = async (store: EventStore, codec: Codec): Promise<LastDay | null> => {
  const event = await newestOf(store, codec, 'clock', 'BusinessDayClosed');
  if (event === null) return null;
  const { businessDate: date } = event.data as ClockEvents['BusinessDayClosed'];
  return { date, revision: event.revision, position: event.position };
};

const newestHash = async (store: EventStore, codec: Codec): Promise<string> => {
  const event = await newestOf(store, codec, 'ops', 'AuditRecorded');
  return event === null ? CHAIN_START : (event.data as OpsEvents['AuditRecorded']).chainSha256;
};

const WINDOW = 1000; // the newest of a type lies mostly within the last events

/** The newest event of a type in a store, searched from its end. */
const newestOf = async (
  store: EventStore,
  codec: Codec,
  source: string,
  type: string,
): Promise<DecodedEvent | null> => {
  for (let end = (await store.head()).position; end > 0; end -= WINDOW) {
    const events = await store.readAll(Math.max(0, end - WINDOW), WINDOW);
    const found = events.findLast(({ body, position }) => position <= end && codec.peek(body).type === type);
    if (found !== undefined) return codec.decode(source, found);
  }
  return null;
};
