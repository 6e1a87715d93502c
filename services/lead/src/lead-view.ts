// What `GET /api/leads/{id}` shows of the state. Personal values are references here; the edge opens or masks them.
import { formatInstant } from '@tenure/core';
import { fields, shownNumber, type ViewedAggregate } from '@tenure/service-kit';
import { z } from 'zod';
import type { LeadState } from './lead-state.ts';

/** Null where the caller may not see it, or where it is erased (`masked` says which). */
const personal = z.string().nullable();
const text = z.string().nullable();

export const LeadView = z.object({
  /** For eyes: LD-261120-7ZQ3M0. */
  number: text,
  source: text,
  sourceRef: text,
  campaignId: fields.id.nullable(),
  referrerCustomerId: fields.id.nullable(),
  person: z
    .object({ name: personal, email: personal, phone: personal, jobTitle: personal })
    .partial()
    .nullable(),
  company: personal,
  interests: z.array(z.string()),
  territoryId: fields.id.nullable(),
  capturedAt: text,
  /** Values that were added, by name. */
  fields: z.record(z.string(), personal),
  score: z.int().nullable(),
  grade: text,
  modelVersion: text,
  ownerId: fields.id.nullable(),
  queueId: fields.id.nullable(),
  respondBy: text,
  overdue: z.boolean(),
  attempts: z.int(),
  outcome: text,
  reengageOn: text,
  level: text,
  budget: fields.money.any.nullable(),
  authority: personal,
  need: personal,
  timeline: text,
  reasonCode: text,
  duplicateOfLeadId: fields.id.nullable(),
  duplicateOfCustomerId: fields.id.nullable(),
  conversion: z
    .object({
      conversionId: fields.id,
      customerMode: z.string(),
      existingCustomerId: fields.id.nullable(),
      customerKind: z.string(),
      opportunityMode: z.string(),
      opportunityId: fields.id.nullable(),
      /** The step that did not succeed in time. */
      failedAt: text,
    })
    .nullable(),
});

const instant = (at: number | null): string | null => (at === null ? null : formatInstant(at));

const conversionView = ({ opportunity: _draft, ...shown }: NonNullable<LeadState['conversion']>): object =>
  shown;

/** The state as people and programs read it; personal values still sealed. */
export const leadView = (
  { status: _status, scorings: _scorings, capturedAt, respondBy, conversion, ...shown }: LeadState,
  { id, zone }: ViewedAggregate,
): object => ({
  ...shown,
  number: capturedAt === null ? null : shownNumber('LD', id, capturedAt, zone),
  capturedAt: instant(capturedAt),
  respondBy: instant(respondBy),
  conversion: conversion && conversionView(conversion),
});
