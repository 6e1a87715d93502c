// Reading JSON that nobody has checked yet.

export type Json = Readonly<Record<string, unknown>>;

export const isJson = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Any JSON value as text for a message. String() throws for an object with a field called toString. */
export const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : (JSON.stringify(value) ?? 'undefined');

export const hasDoc = (json: Json): boolean => typeof json['doc'] === 'string' && json['doc'].trim() !== '';

/** The fields of a record that are JSON objects. */
export const fieldsOf = (record: Json): readonly Json[] =>
  Array.isArray(record['fields']) ? (record['fields'] as readonly unknown[]).filter(isJson) : [];
