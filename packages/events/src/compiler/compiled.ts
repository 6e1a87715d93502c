// What the runtime loads: all published schemas and the description of each event.
import type { CompiledSchemas, EventDescription } from '../schemas.ts';
import type { LockEntry } from './lock.ts';
import { blockName, subjectOf, type EventModel, type SchemaModel } from './model.ts';

export const compiledOf = (model: SchemaModel, entries: readonly LockEntry[]): CompiledSchemas => {
  const newest = new Map(entries.map((entry) => [entry.subject, entry.id]));
  return {
    schemas: entries.map(({ id, subject, version, schema }) => ({ id, subject, version, schema })),
    events: Object.fromEntries(model.events.map((event) => [event.name, describe(event, newest)])),
  };
};

/** The text of generated/schemas.json, one schema or event per line. */
export const compiledText = ({ schemas, events }: CompiledSchemas): string => {
  const published = schemas.map((schema) => JSON.stringify(schema));
  const described = Object.entries(events).map(
    ([name, event]) => `${JSON.stringify(name)}: ${JSON.stringify(event)}`,
  );
  return `{\n"schemas": [\n${published.join(',\n')}\n],\n"events": {\n${described.join(',\n')}\n}\n}\n`;
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
