// What `GET /api/customers/{id}` shows of the state. Personal values are references here; the edge opens or masks them.
import type { Sealable } from '@tenure/events';
import { formatInstant } from '@tenure/core';
import { fields } from '@tenure/service-kit';
import { z } from 'zod';
import type { CustomerState } from './customer.ts';
import type { Erasure } from './erasure.ts';

/** Null where the caller may not see it, or where it is erased (`masked` says which). */
const personal = z.string().nullable();

export const CustomerView = z.object({
  kind: z.string().nullable(),
  displayName: personal,
  profile: z.record(z.string(), personal),
  locale: z.string().nullable(),
  timeZone: z.string().nullable(),
  homeCurrency: z.string().nullable(),
  originLeadId: fields.id.nullable(),
  ownerId: fields.id.nullable(),
  territoryId: fields.id.nullable(),
  contactPoints: z.array(
    z.object({
      contactPointId: fields.id,
      channel: z.string(),
      value: personal,
      primary: z.boolean(),
      verified: z.boolean(),
      retired: z.string().nullable(),
    }),
  ),
  contacts: z.array(z.object({ contactId: fields.id, role: z.string(), name: personal })),
  externalIds: z.array(z.object({ system: z.string(), externalId: z.string(), confidence: z.int() })),
  consents: z.array(
    z.object({
      purpose: z.string(),
      channel: z.string(),
      granted: z.boolean(),
      legalBasis: z.string().nullable(),
      policyVersion: z.string().nullable(),
      evidenceRef: z.string().nullable(),
    }),
  ),
  attributes: z.record(z.string(), z.json()),
  registeredAt: z.string().nullable(),
  /** Merges into this customer that were not undone. */
  merges: z.array(z.object({ mergeId: fields.id, absorbedIds: z.array(fields.id) })),
  legalHolds: z.array(z.object({ holdId: fields.id, basis: z.string() })),
  erasure: z.object({ requestId: fields.id, dueBy: z.string(), keysDestroyed: z.boolean() }).nullable(),
});

/** The state as people and programs read it; personal values still sealed. */
export const customerView = (state: CustomerState): Sealed<z.infer<typeof CustomerView>> => {
  const {
    status: _status,
    absorbed: _absorbed,
    survivorId: _survivorId,
    consents,
    erasure,
    ...shown
  } = state;
  return {
    ...shown,
    registeredAt: state.registeredAt === null ? null : formatInstant(state.registeredAt),
    erasure: erasure === null ? null : withoutBefore(erasure),
    consents: Object.values(consents).map((consent) => ({
      ...consent,
      granted: consent.legalBasis !== null,
    })),
  };
};

const withoutBefore = ({ before: _before, ...shown }: Erasure): Omit<Erasure, 'before'> => shown;

/** The same shape with references where the edge will put values. */
type Sealed<T> = { readonly [K in keyof T]: T[K] extends string | null ? T[K] | Sealable<string> : unknown };
