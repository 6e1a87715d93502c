// The compiled schemas that this build ships: every version that was ever published, and the events of today.
import { readFileSync } from 'node:fs';
import type { About, AvroJson, PiiClass } from './shape.ts';

/** One published schema. Ids are the same in every environment; versions count 1,2,3,… per subject. */
export type PublishedSchema = {
  readonly id: number;
  readonly subject: string;
  readonly version: number;
  readonly schema: AvroJson;
};

export type EventDescription = {
  readonly source: string;
  readonly about: About;
  /** Newest schema of what is stored. */
  readonly schemaId: number;
  /** Newest schema of the sealed block; null: no personal field. */
  readonly blockId: number | null;
  /** In the author's order, with the kind of personal data or false. */
  readonly fields: readonly { readonly name: string; readonly pii: PiiClass | false }[];
};

export type CompiledSchemas = {
  readonly schemas: readonly PublishedSchema[];
  readonly events: Readonly<Record<string, EventDescription>>;
};

let shipped: CompiledSchemas | undefined;

/** The schemas of this build, read once per thread. JSON, because parsing it is faster than loading a module. */
export const shippedSchemas = (): CompiledSchemas =>
  (shipped ??= JSON.parse(
    readFileSync(new URL('./generated/schemas.json', import.meta.url), 'utf8'),
  ) as CompiledSchemas);
