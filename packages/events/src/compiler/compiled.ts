// What the runtime loads: all published schemas and the description of each event.
import type { EventDescription } from '../schemas.ts';
import type { LockEntry } from './lock.ts';
import { blockName, subjectOf, type EventModel, type SchemaModel } from './model.ts';

/** The text of generated/schemas.json, one schema or event per line. */
export const compiledText = (model: SchemaModel, entries: readonly LockEntry[]): string => {
  const newest = new Map(entries.map((entry) => [entry.subject, entry.id]));
  const schemas = entries.map(({ id, subject, version, schema }) =>
    JSON.stringify({ id, subject, version, schema }),
  );
  const events = model.events.map(
    (event) => `${JSON.stringify(event.name)}: ${JSON.stringify(describe(event, newest))}`,
  );
  return `{\n"schemas": [\n${schemas.join(',\n')}\n],\n"events": {\n${events.join(',\n')}\n}\n}\n`;
};

const describe = (event: EventModel, newest: ReadonlyMap<string, number>): EventDescription => {
  const idOf = (record: string): number => newest.get(subjectOf(event.source, record)) ?? 0;
  return {
    source: event.source,
    about: event.about,
    schemaId: idOf(event.record.name),
    blockId: event.block === null ? null : idOf(blockName(event.source, event.name)),
    fields: event.record.fields.map(({ name, pii }) => ({ name, pii })),
  };
};
