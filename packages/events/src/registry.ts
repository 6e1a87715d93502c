// The schema registry in memory: what the Confluent HTTP subset answers from. No HTTP here.
import { differenceText, incompatibilities } from './compatibility.ts';
import {
  shippedSchemas,
  type CompiledSchemas,
  type EventDescription,
  type PublishedSchema,
} from './schemas.ts';
import { shapeOf, type RecordShape, type Shape } from './shape.ts';

export type SchemaVersion = number | 'latest';

export interface Registry {
  schemaById(id: number): PublishedSchema | undefined;
  /** The record behind an id, its names resolved; kept once computed. */
  shapeById(id: number): RecordShape | undefined;
  subjects(): readonly string[];
  /** 1,2,3,…; empty for an unknown subject. */
  versions(subject: string): readonly number[];
  version(subject: string, version: SchemaVersion): PublishedSchema | undefined;
  /**
   * What speaks against a schema as the next version of a subject: compared in both directions with that version, or
   * with every one when none is named (FULL_TRANSITIVE). Empty: compatible; a new subject always is.
   */
  compatibility(subject: string, schema: unknown, version?: SchemaVersion): readonly string[];
  /** The events of today and of old, by name. */
  readonly events: ReadonlyMap<string, EventDescription>;
}

/** A registry over compiled schemas, by default those that this build ships. */
export const createRegistry = (compiled: CompiledSchemas = shippedSchemas()): Registry => {
  const byId = new Map(compiled.schemas.map((schema) => [schema.id, schema]));
  const bySubject = Map.groupBy(compiled.schemas, (schema) => schema.subject);
  const shapes = new Map<number, Shape>();
  const version: Registry['version'] = (subject, wanted) =>
    wanted === 'latest' ? bySubject.get(subject)?.at(-1) : bySubject.get(subject)?.[wanted - 1];
  return {
    schemaById: (id) => byId.get(id),
    shapeById(id) {
      const known = shapes.get(id) ?? shapeOfPublished(byId.get(id));
      if (known !== undefined) shapes.set(id, known);
      return known?.kind === 'record' ? known : undefined;
    },
    subjects: () => [...bySubject.keys()].toSorted(),
    versions: (subject) => (bySubject.get(subject) ?? []).map((schema) => schema.version),
    version,
    compatibility(subject, schema, wanted) {
      const against = wanted === undefined ? bySubject.get(subject) : [version(subject, wanted)];
      return (against ?? []).flatMap((older) =>
        older === undefined
          ? []
          : incompatibilities(older.schema, schema).map(
              (found) => `version ${older.version}: ${differenceText(found)}`,
            ),
      );
    },
    events: new Map(Object.entries(compiled.events)),
  };
};

const shapeOfPublished = (published: PublishedSchema | undefined): Shape | undefined =>
  published === undefined ? undefined : shapeOf(published.schema, new Map());
