// A program that appends and says on its standard output what was acknowledged: `POSITION STREAM REVISION`, one a line.
// A full disk is waited out (`full`); a failed store (`fatal CODE`) must refuse everything afterwards (`refused N`).
import { writeSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { isTenureError } from '@tenure/core';
import type { EventStore, Expected } from '../src/event-store.ts';
import { event } from '../src/contract/events.ts';
import { openDatabase } from '../src/sqlite/database.ts';
import { eventStoreOn } from '../src/sqlite/store.ts';

const WRITERS = 4;
const APPENDS_PER_STREAM = 5;
const FAILED = 3;

const { values } = parseArgs({
  options: {
    file: { type: 'string', default: '' },
    appends: { type: 'string', default: 'Infinity' },
    synchronous: { type: 'string', default: 'FULL' },
    'checkpoint-pages': { type: 'string', default: '40' },
    'large-bodies': { type: 'string', default: '4000' },
  },
});

const say = (text: string): number => writeSync(1, `${text}\n`);

const refuses = async (store: EventStore): Promise<number> => {
  const calls = [
    () => store.append('after', 'any', [event('after')]),
    () => store.readAll(0, 1),
    () => store.head(),
    async () => store.readStream('s0-0')[Symbol.asyncIterator]().next(),
    async () => store.follow(0, new AbortController().signal)[Symbol.asyncIterator]().next(),
  ];
  const outcomes = await Promise.allSettled(calls.map((call) => call()));
  return outcomes.filter((one) => one.status === 'rejected' && isTenureError(one.reason, 'UNAVAILABLE'))
    .length;
};

const database = openDatabase(values.file);
database.exec(`PRAGMA synchronous = ${values.synchronous}`);
const store: EventStore = eventStoreOn(database, {
  checkpointPages: Number(values['checkpoint-pages']),
  onFatal: (error) => void fail(error.code),
});

const fail = async (code: string): Promise<void> => {
  say(`fatal ${code}`);
  say(`refused ${await refuses(store)}`);
  process.exit(FAILED);
};

const write = async (writer: number, round: number): Promise<void> => {
  const stream = `s${writer}-${Math.floor(round / APPENDS_PER_STREAM)}`;
  const count = 1 + (round % 3);
  let first = 0;
  for (let earlier = round - (round % APPENDS_PER_STREAM); earlier < round; earlier++)
    first += 1 + (earlier % 3);
  const expected: Expected = first === 0 ? 'none' : first - 1;
  const events = Array.from({ length: count }, (_, i) =>
    event(
      `${stream}/${first + i}`,
      64 + ((round * 7_919 + writer * 104_729 + i) % Number(values['large-bodies'])),
    ),
  );
  const { position, revision } = await appendPatiently(stream, expected, events);
  say(`${position} ${stream} ${revision}`);
};

const appendPatiently = async (...append: Parameters<EventStore['append']>) => {
  for (;;)
    try {
      return await store.append(...append);
    } catch (error) {
      if (!isTenureError(error, 'DISK_FULL') || !error.retriable) throw error;
      say('full');
    }
};

const ended = await Promise.allSettled(
  Array.from({ length: WRITERS }, async (_, writer) => {
    for (let round = 0; round < Number(values.appends) / WRITERS; round++) await write(writer, round);
  }),
);
const failed = ended.find((one) => one.status === 'rejected');
if (failed === undefined) process.exit(0);
else if (!isTenureError(failed.reason, 'UNAVAILABLE')) throw failed.reason;
