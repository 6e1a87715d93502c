// A customer as a row of a list.
import { formatInstant } from '@tenure/core';
import { decodeBlocks, type Sealable } from '@tenure/events';
import { Id, openAll, valueOf, type Kit, type Reading, type Row } from '@tenure/http';
import type { ProjectionDefinition } from '@tenure/projections';
import { z } from 'zod';
import type { CustomerSlices } from './summary.ts';

export const CustomerItem = z.object({
  id: Id,
  customerId: Id,
  status: z.string(),
  /** Null where you may not see it, or where it is erased. */
  name: z.string().nullable(),
  externalIds: z.array(z.object({ system: z.string(), id: z.string() })),
  ownerId: z.string().nullable(),
  lifecycle: z.string().nullable(),
  stage: z.string().nullable(),
  /** The published risk. */
  level: z.string().nullable(),
  createdAt: z.string().nullable(),
  updatedAt: z.string().nullable(),
});

/** A party that nobody has registered goes by the name of its newest lead. */
const nameOf = ({ customer, lead }: CustomerSlices): Sealable<string> | null => {
  if (customer.displayName !== null) return customer.displayName;
  const [newest] = lead.leads;
  return newest === undefined
    ? null
    : { $sealed: newest.person.$sealed, entry: 'name', field: newest.person.field };
};

/** Rows as items; the names are opened together, for those who may see them. */
export const customerItem = async (
  projection: ProjectionDefinition,
  rows: readonly Row[],
  reading: Reading,
  kit: Kit,
): Promise<readonly z.infer<typeof CustomerItem>[]> => {
  const slices = rows.map(({ document }) => (JSON.parse(document.body) as { slices: CustomerSlices }).slices);
  const names = await openAll(
    rows.map(({ document, sight }, i) => ({
      value: slices[i] === undefined ? null : nameOf(slices[i]),
      blocks: sight === 'open' ? decodeBlocks(document.sealed) : new Map<string, never>(),
      maySee: sight === 'open',
    })),
    reading,
    kit,
  );
  return rows.map(({ document }, i) => {
    const text = (column: string): string | null => {
      const value = valueOf({ projection }, document, column);
      return typeof value === 'string' ? value : null;
    };
    const instant = (column: string): string | null => {
      const value = valueOf({ projection }, document, column);
      return typeof value === 'number' ? formatInstant(value) : null;
    };
    const name = names[i]?.value;
    return {
      id: document.id,
      customerId: document.id,
      status: text('status') ?? 'Bare',
      name: typeof name === 'string' ? name : null,
      externalIds: (slices[i]?.customer.externalIds ?? []).map(({ system, id }) => ({ system, id })),
      ownerId: text('owner_id'),
      lifecycle: text('lifecycle'),
      stage: text('stage'),
      level: text('level'),
      createdAt: instant('created_at'),
      updatedAt: instant('updated_at'),
    };
  });
};
