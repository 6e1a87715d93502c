// What must be true of a deployment when all work has ended, whatever has happened to it (RELIABILITY §3).
import { partitionOf, type LogRecord } from '@tenure/event-log';
import type { StoredEvent } from '@tenure/event-store';
import type { ReadModels, StoredDocument } from '@tenure/read-models';
import { shapeOf } from '@tenure/projections';
import type { Acknowledged, Plan } from './clients.ts';
import { counters, foldOne, mixed, POISON, PROJECTION, SOURCE, START, type Folded } from './counter.ts';
import { PARTITIONS, type Durable } from './deployment.ts';
import { jsonCodec } from './json-codec.ts';

export class Violation extends Error {}

const holds = (condition: boolean, invariant: string, detail: string): void => {
  if (!condition) throw new Violation(`${invariant}: ${detail}`);
};

type Fed = StoredEvent & { readonly x: number; readonly trace: number; readonly commandId: string };

const fedOf = (stored: StoredEvent): Fed => {
  const { data, meta } = jsonCodec.decode(SOURCE, stored);
  return {
    ...stored,
    ...(data as { readonly x: number; readonly trace: number }),
    commandId: meta.commandId,
  };
};

const MANY = 100_000;

/** @throws Violation */
export const checkInvariants = async (
  durable: Durable,
  plans: readonly Plan[],
  acknowledged: readonly Acknowledged[],
): Promise<void> => {
  const events = (await durable.store.readAll(0, MANY)).map(fedOf);
  checkStreams(events);
  checkCommands(events, plans, acknowledged);
  checkLog(events, durable);
  await checkReadModel(events, durable.readModels.open());
};

const checkStreams = (events: readonly Fed[]): void => {
  const streams = new Map<string, { revision: number; trace: number }>();
  let position = 0;
  for (const event of events) {
    holds(event.position > position, 'positions grow', `${event.position} after ${position}`);
    ({ position } = event);
    const before = streams.get(event.stream) ?? { revision: -1, trace: START };
    const { stream, revision } = event;
    holds(
      revision === before.revision + 1,
      'revisions without gaps',
      `${stream}: ${revision} after ${before.revision}`,
    );
    const trace = mixed(before.trace, event.x);
    holds(
      event.trace === trace,
      'decided on the state that was there',
      `${stream}@${revision}: ${event.trace}, not ${trace}`,
    );
    streams.set(stream, { revision, trace });
  }
};

const checkCommands = (
  events: readonly Fed[],
  plans: readonly Plan[],
  acknowledged: readonly Acknowledged[],
): void => {
  const planned = plans.reduce((sum, { xs }) => sum + xs.length, 0);
  holds(
    events.length === planned,
    'one effect per command',
    `${events.length} events of ${planned} commands`,
  );
  const commands = new Set(events.map(({ commandId }) => commandId));
  holds(
    commands.size === events.length,
    'no event applied twice',
    `${events.length} events of ${commands.size} command ids`,
  );
  const byPlace = new Map(events.map((event) => [`${event.stream}@${event.revision}`, event]));
  for (const { counter, revision, position, x, key } of acknowledged) {
    const event = byPlace.get(`counter-${counter}@${revision}`);
    holds(
      event !== undefined && event.x === x && event.position === position,
      'every acknowledged command is in the log',
      `${key}: acknowledged as revision ${revision}, position ${position}`,
    );
  }
};

const checkLog = (events: readonly Fed[], { log }: Durable): void => {
  const found: LogRecord[] = [];
  for (let partition = 0; partition < PARTITIONS; partition++) {
    let position = 0;
    for (const [i, record] of (log.lanes.get(`${SOURCE}/${partition}`) ?? []).entries()) {
      holds(record.seq === i + 1, 'seq without holes', `lane ${partition}: ${record.seq} at place ${i + 1}`);
      holds(
        record.position > position,
        'order per key',
        `lane ${partition}: ${record.position} after ${position}`,
      );
      holds(partitionOf(record.key, PARTITIONS) === partition, 'a key lives in one lane', record.key);
      ({ position } = record);
      found.push(record);
    }
  }
  found.sort((a, b) => a.position - b.position);
  holds(
    found.length === events.length &&
      events.every((event, i) => {
        const record = found[i];
        return record?.position === event.position && Buffer.compare(record.body, event.body) === 0;
      }),
    'every stored event is in the log',
    `${found.length} records of ${events.length} events`,
  );
};

const checkReadModel = async (events: readonly Fed[], models: ReadModels): Promise<void> => {
  const active = await models.active(PROJECTION);
  holds(active !== null, 'a projection is served', 'there is no active generation');
  const reader = await models.openReader(shapeOf(counters), active ?? 0);
  const documents = new Map((await reader.scan('', MANY)).map((document) => [document.id, document]));
  const parked = new Map((await reader.parked()).map((row) => [row.key, row]));
  const customers = new Set(events.map(({ key }) => key));
  for (const id of documents.keys())
    holds(customers.has(id), 'read model = fold(log)', `an extra document ${id}`);
  for (const customer of customers) {
    const own = events.filter(({ key }) => key === customer);
    const poison = own.find(({ x }) => x === POISON);
    const row = parked.get(customer);
    if (poison === undefined) {
      holds(row === undefined, 'only the poisoned customer is parked', customer);
      checkDocument(customer, own, documents.get(customer));
      continue;
    }
    holds(row?.firstPosition === poison.position, 'parked ⇒ visible', `${customer}: ${JSON.stringify(row)}`);
    const last = own.at(-1)?.position;
    holds(
      row?.lastPosition === last,
      'parked ⇒ visible',
      `${customer}: last ${row?.lastPosition}, not ${last}`,
    );
    const document = documents.get(customer);
    holds(document === undefined || document.stale, 'a parked document is marked stale', customer);
  }
};

const checkDocument = (customer: string, own: readonly Fed[], document: StoredDocument | undefined): void => {
  const expected = own.reduce<Folded>((state, { x }) => foldOne(state, x), { trace: START, count: 0 });
  const { slices } = JSON.parse(document?.body ?? '{"slices":{}}') as {
    slices: Readonly<Record<string, Folded>>;
  };
  const stored = slices[SOURCE];
  holds(
    stored?.trace === expected.trace && stored.count === expected.count,
    'read model = fold(log)',
    `${customer}: ${JSON.stringify(stored)}, the log says ${JSON.stringify(expected)}`,
  );
  holds(document?.columns[0] === expected.trace, 'columns are those of the document', customer);
  holds(document?.stale === false, 'only a parked document is stale', customer);
};

type Standing = { readonly stored: number; readonly inLog: number; readonly folded: number };

const standingOf = async ({ store, log, readModels }: Durable): Promise<Standing> => {
  const models = readModels.open();
  const active = await models.active(PROJECTION);
  const reader = active === null ? null : await models.openReader(shapeOf(counters), active);
  const folded = new Map((await reader?.checkpoints())?.map(({ partition, seq }) => [partition, seq]));
  const lanes = Array.from({ length: PARTITIONS }, (_, partition) => ({
    length: log.lanes.get(`${SOURCE}/${partition}`)?.length ?? 0,
    seq: folded.get(partition) ?? 0,
  }));
  return {
    stored: (await store.head()).events,
    inLog: lanes.reduce((sum, { length }) => sum + length, 0),
    folded: reader === null ? -1 : lanes.reduce((sum, { length, seq }) => sum + Math.min(length, seq), 0),
  };
};

/** True when every stored event is in the log and the served generation has folded it. */
export const isSettled = async (durable: Durable): Promise<boolean> => {
  const { stored, inLog, folded } = await standingOf(durable);
  return inLog >= stored && folded >= inLog;
};

/** Where the deployment stands, in words. */
export const standing = async (durable: Durable): Promise<string> => {
  const { stored, inLog, folded } = await standingOf(durable);
  return `${stored} events stored, ${inLog} in the log, ${folded < 0 ? 'nothing served' : `${folded} folded`}`;
};
