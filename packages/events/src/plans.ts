// What the codec knows of each event, computed once: how to check, write and read it.
import { checkOf, type Check } from './checks.ts';
import type { Registry } from './registry.ts';
import type { EventDescription } from './schemas.ts';
import { shortName, type FieldShape, type RecordShape } from './shape.ts';

export type EventPlan = EventDescription & {
  readonly type: string;
  /** Checks data that is to be written. */
  readonly check: Check;
  /** The record as its author wrote it: what `check` checks. */
  readonly authored: () => RecordShape;
  /** Names of the personal fields, in order. */
  readonly personal: readonly string[];
};

export type Plans = {
  readonly byType: ReadonlyMap<string, EventPlan>;
  /** The event that a stored schema (of any version) belongs to; undefined also for the schema of a sealed block. */
  bySchema(schemaId: number): EventPlan | undefined;
};

export const createPlans = (registry: Registry): Plans => {
  const byType = new Map<string, EventPlan>();
  for (const [type, event] of registry.events) byType.set(type, planOf(type, event, registry));
  const bySchema = new Map<number, EventPlan | undefined>();
  return {
    byType,
    bySchema(schemaId) {
      if (!bySchema.has(schemaId)) bySchema.set(schemaId, owner(schemaId, registry, byType));
      return bySchema.get(schemaId);
    },
  };
};

const owner = (
  schemaId: number,
  registry: Registry,
  byType: ReadonlyMap<string, EventPlan>,
): EventPlan | undefined => {
  const name = registry.shapeById(schemaId)?.name;
  const plan = name === undefined ? undefined : byType.get(shortName(name));
  // A block's record has the event's name in a name space of its own.
  return plan !== undefined && name === `tenure.${plan.source}.${plan.type}` ? plan : undefined;
};

const planOf = (type: string, event: EventDescription, registry: Registry): EventPlan => {
  let check: Check | undefined;
  return {
    ...event,
    type,
    personal: event.fields.filter(({ pii }) => pii !== false).map(({ name }) => name),
    authored: () => authored(event, registry),
    check: (value) => (check ??= checkOf(authored(event, registry)))(value),
  };
};

/** The record as its author wrote it, put together from what is stored and what is sealed. */
const authored = (event: EventDescription, registry: Registry): RecordShape => {
  const stored = registry.shapeById(event.schemaId);
  const block = event.blockId === null ? undefined : registry.shapeById(event.blockId);
  if (stored === undefined) throw new TypeError(`the compiled schemas lack id ${event.schemaId}`);
  const fields = new Map([...stored.fields, ...(block?.fields ?? [])].map((field) => [field.name, field]));
  return {
    ...stored,
    fields: event.fields
      .map(({ name }) => fields.get(name))
      .filter((field): field is FieldShape => field !== undefined),
  };
};
