import { describe, expect, it } from 'vitest';
import { createRegistry } from './registry.ts';

const registry = createRegistry();
const subject = 'tenure.order.v1-tenure.order.OrderClosed';

describe('the registry', () => {
  it('answers by id, by subject and by version', () => {
    const latest = registry.version(subject, 'latest')!;
    expect(registry.versions(subject).at(-1)).toBe(latest.version);
    expect(registry.version(subject, latest.version)).toEqual(latest);
    expect(registry.schemaById(latest.id)).toEqual(latest);
    expect(registry.subjects()).toContain(subject);
  });

  it('knows nothing under other names', () => {
    expect(registry.versions('other')).toEqual([]);
    expect(registry.version('other', 'latest')).toBeUndefined();
    expect(registry.version(subject, 99)).toBeUndefined();
    expect(registry.schemaById(0)).toBeUndefined();
  });

  it('tells compatible schemas from others, and why', () => {
    const { schema } = registry.version(subject, 'latest')!;
    const { fields } = Object(schema) as { fields: readonly object[] };
    const withField = (field: object): object => ({ ...Object(schema), fields: [...fields, field] });
    expect(registry.compatibility(subject, schema)).toEqual([]);
    expect(
      registry.compatibility(subject, withField({ name: 'note', type: ['null', 'string'], default: null })),
    ).toEqual([]);
    expect(registry.compatibility(subject, withField({ name: 'note', type: 'string' }), 'latest')).toEqual([
      expect.stringContaining('note: is new and not optional'),
    ]);
    expect(registry.compatibility('a new subject', schema)).toEqual([]);
  });

  it('says what is no schema instead of failing', () => {
    for (const nonsense of [
      null,
      7,
      {},
      { type: 'record' },
      { type: 'record', name: 'X', fields: 'y' },
      'nothing',
    ])
      expect(registry.compatibility(subject, nonsense).join()).not.toBe('');
  });
});
