import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { fieldsOf, parseBody, withoutNulls } from './body.ts';

const schema = z.strictObject({
  qty: z.int().min(1),
  lines: z.array(z.strictObject({ unitPrice: z.strictObject({ minor: z.int() }) })).optional(),
  tags: z.record(z.string().max(5), z.int()).optional(),
});

const errorsOf = (body: unknown, at?: string): unknown => {
  try {
    return parseBody(withoutNulls(body), schema, 'orderId', at);
  } catch (error) {
    return (error as { data: { errors: unknown } }).data.errors;
  }
};
const ID = '0192aaaa-0000-7000-8000-000000000001';

describe('parseBody', () => {
  it('takes the envelope apart from the fields of the command', () => {
    const body = { qty: 1, orderId: ID, customerId: ID, occurredAt: '2026-11-20T10:00:00+01:00' };
    expect(parseBody(body, schema, 'orderId')).toEqual({
      envelope: { id: ID, customerId: ID, occurredAt: Date.parse('2026-11-20T09:00:00Z') },
      data: { qty: 1 },
    });
  });

  it('hands an envelope field on to a schema that names it', () => {
    const naming = z.strictObject({ customerId: z.string() });
    expect(parseBody({ customerId: ID }, naming, null).data).toEqual({ customerId: ID });
  });

  it('takes the id field only where an id may be given', () => {
    expect(() => parseBody({ qty: 1, orderId: ID }, schema, null)).toThrow(/not what this command takes/);
  });

  it('points at what is wrong, as a JSON pointer of known names', () => {
    expect(errorsOf({ qty: 0, lines: [{ unitPrice: { minor: 'x' } }] }, '/then/0/body')).toEqual([
      { path: '/then/0/body/qty', message: expect.any(String) },
      { path: '/then/0/body/lines/0/unitPrice/minor', message: expect.any(String) },
    ]);
    expect(errorsOf({ qty: 1, occurredAt: '2026-11-20T10:00:00', customerId: 'KIM' })).toEqual([
      { path: '/occurredAt', message: 'must be an instant in ISO 8601 with offset' },
      { path: '/customerId', message: 'must be a lower-case UUID' },
    ]);
    for (const body of [null, [], 'x', 7])
      expect(errorsOf(body)).toEqual([{ path: '', message: 'must be a JSON object' }]);
  });

  it('never repeats what was sent: not a value, not the name of a field or of an entry', () => {
    const canary = 'canary-77';
    const bodies: readonly object[] = [
      { qty: canary },
      { qty: 1, [canary]: 1 },
      { qty: 1, tags: { [canary]: 'x' } },
      { qty: 1, tags: { [canary]: 1 } },
      { qty: 1, lines: [{ [canary]: canary }] },
      { qty: 1, customerId: canary, occurredAt: canary, orderId: canary },
    ];
    for (const body of bodies) {
      const errors = errorsOf(body);
      expect(errors).toSatisfy(Array.isArray);
      expect(JSON.stringify(errors)).not.toContain(canary);
    }
  });

  it('answers a hostile body with a short list', () => {
    const lines = Array.from({ length: 500 }, () => ({ unitPrice: {} }));
    expect(errorsOf({ qty: 1, lines })).toHaveLength(20);
  });
});

describe('withoutNulls', () => {
  it('leaves out null properties at every depth and copies only where there are some', () => {
    const clean = { a: [{ b: 1 }], c: { d: 'x' } };
    expect(withoutNulls(clean)).toBe(clean);
    const kept = { e: 1 };
    const body = { a: null, b: [{ c: null, d: [null, 1] }], kept };
    const result = withoutNulls(body) as { kept: object };
    expect(result).toEqual({ b: [{ d: [null, 1] }], kept });
    expect(result.kept).toBe(kept);
    expect(body.a).toBeNull();
  });
});

describe('fieldsOf', () => {
  it('knows the names at the top and anywhere', () => {
    expect(fieldsOf(schema).top).toEqual(new Set(['qty', 'lines', 'tags']));
    expect(fieldsOf(schema).all).toEqual(new Set(['qty', 'lines', 'tags', 'unitPrice', 'minor']));
  });
});
