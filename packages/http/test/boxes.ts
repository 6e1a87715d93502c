// The service of the tests: boxes of customers, with sealed labels.
import { aggregate } from '@tenure/core';
import { column, projection } from '@tenure/projections';
import type { Scalar } from '@tenure/read-models';
import { defineService, partyLookup, type ServiceDefinition } from '@tenure/service-kit';
import { z } from 'zod';

type BoxParts = {
  state: { readonly status: '∅' | 'Open' | 'Closed' };
  events: Record<string, object>;
  facts: Record<string, object>;
  commands: { OpenBox: object; LabelBox: object; CloseBox: object; SweepBox: object; GrantConsent: object };
  context: object;
};

const model = aggregate<BoxParts>({
  name: 'box',
  initial: { status: '∅' },
  transitions: {
    OpenBox: ['∅'],
    LabelBox: ['Open'],
    CloseBox: ['Open'],
    SweepBox: ['Open'],
    GrantConsent: ['Open'],
  },
  decide: {
    OpenBox: () => [],
    LabelBox: () => [],
    CloseBox: () => [],
    SweepBox: () => [],
    GrantConsent: () => [],
  },
  evolve: {},
});

const cell = (name: string) => (document: { slices: Readonly<Record<string, unknown>> }) =>
  (document.slices['store'] as Record<string, Scalar>)[name] ?? null;
const about = { en: 'x', zh: 'x' };

export const boxes = projection({
  name: 'boxes',
  version: 1,
  slices: { store: { init: () => ({}), on: {} } },
  columns: [
    column('customer_id', 'text', cell('customerId'), about),
    column('status', 'text', cell('status'), about),
    column('revision', 'integer', cell('revision'), { ...about, indexed: false }),
    column('created_at', 'integer', cell('createdAt'), { ...about, unit: 'ms' }),
    column('updated_at', 'integer', cell('updatedAt'), { ...about, unit: 'ms' }),
    column('size', 'integer', cell('size'), about),
  ],
});

export const service: ServiceDefinition = defineService({
  name: 'store',
  lookups: [partyLookup('store')],
  aggregates: [
    {
      model,
      plural: 'boxes',
      idField: 'boxId',
      creates: 'OpenBox',
      commands: {
        OpenBox: {
          body: z.strictObject({ size: z.int().positive().max(100).optional() }),
          rules: ['BOX_TOO_HEAVY'],
        },
        LabelBox: { body: z.strictObject({ label: z.string().max(100) }) },
        CloseBox: { body: z.strictObject({}), roles: ['supervisor', 'admin'] },
        SweepBox: { body: z.strictObject({}) },
        GrantConsent: { body: z.strictObject({}) },
      },
      internal: ['SweepBox'],
      customer: 'body',
      view: { schema: z.object({ label: z.string().nullable() }), of: (state) => state },
      list: boxes,
      filters: { size: { column: 'size', op: 'eq' }, minSize: { column: 'size', op: 'gte' } },
    },
  ],
});
