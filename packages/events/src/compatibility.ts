import type { AvroJson } from './shape.ts';
export const incompatibilities = (_older: AvroJson, _newer: AvroJson): readonly string[] => [];
