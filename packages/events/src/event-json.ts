// The data of an event as every interface shows it: instants as ISO 8601 text, everything else as it is.
import { formatInstant } from '@tenure/core';
import { createRegistry, type Registry } from './registry.ts';
import type { Shape } from './shape.ts';

let shipped: Registry | undefined;

/** `data` as decoded, references to sealed values included; an unknown type is shown as it is. */
export const eventJson = (type: string, data: object): Readonly<Record<string, unknown>> => {
  shipped ??= createRegistry();
  const schemaId = shipped.events.get(type)?.schemaId;
  const shape = schemaId === undefined ? undefined : shipped.shapeById(schemaId);
  return (shape === undefined ? data : inForm(shape, data)) as Readonly<Record<string, unknown>>;
};

const inForm = (shape: Shape, value: unknown): unknown => {
  if (value === null || value === undefined) return value;
  switch (shape.kind) {
    case 'long':
      return shape.instant && typeof value === 'number' ? formatInstant(value) : value;
    case 'optional':
      return inForm(shape.of, value);
    case 'array':
      return Array.isArray(value) ? value.map((item) => inForm(shape.items, item)) : value;
    case 'record': {
      const shapes = new Map(shape.fields.map((field) => [field.name, field.shape]));
      return Object.fromEntries(
        Object.entries(value).map(([name, inner]) => {
          const own = shapes.get(name);
          return [name, own === undefined ? inner : inForm(own, inner)];
        }),
      );
    }
    case 'boolean':
    case 'int':
    case 'bytes':
    case 'string':
    case 'map':
    case 'enum':
      return value;
    default:
      return shape satisfies never;
  }
};
