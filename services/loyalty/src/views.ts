// What `GET /api/loyalty-programs/{id}`, `…/loyalty-accounts/{id}` and `…/retention-cases/{id}` show.
import { formatInstant } from '@tenure/core';
import { fields, shownNumber, type ViewedAggregate } from '@tenure/service-kit';
import { z } from 'zod';
import { pointsOfAccount, type AccountState } from './account-state.ts';
import { isLive } from './lots.ts';
import type { ProgramState } from './program.ts';
import type { RetentionCaseState } from './retention-case.ts';

const instant = (at: number | null): string | null => (at === null ? null : formatInstant(at));
const nullable = z.string().nullable();

export const ProgramView = z.object({
  name: z.string(),
  pointsName: z.string(),
  autoEnrol: z.boolean(),
  earning: z.array(
    z.object({
      version: z.int(),
      effectiveFrom: z.string(),
      rules: z.array(z.object({ ruleId: z.string(), when: z.unknown(), points: z.unknown(), cap: z.int() })),
      lotPolicy: z.object({ availableAfterDays: z.int(), expiry: z.string(), expiryAfter: z.int() }),
    }),
  ),
  ladders: z.array(
    z.object({
      version: z.int(),
      tiers: z.array(z.object({ tierId: z.string(), name: z.string(), threshold: z.int() })),
      metric: z.string(),
      period: z.string(),
    }),
  ),
  rewards: z.array(
    z.object({
      rewardId: fields.id,
      name: z.string(),
      kind: z.string(),
      cost: z.int(),
      value: fields.money.any.nullable(),
      retired: z.boolean(),
    }),
  ),
  endsOn: nullable,
});

export const programView = (state: ProgramState): z.infer<typeof ProgramView> => ({
  name: state.name,
  pointsName: state.pointsName,
  autoEnrol: state.autoEnrol,
  endsOn: state.endsOn,
  earning: state.earning.map(({ effectiveFrom, rules, ...version }) => ({
    ...version,
    effectiveFrom: formatInstant(effectiveFrom),
    rules: rules.map(({ ruleId, when, points, cap }) => ({
      ruleId,
      when: JSON.parse(when) as unknown,
      points: JSON.parse(points) as unknown,
      cap,
    })),
  })),
  ladders: state.ladders.map((ladder) => ({ ...ladder, tiers: [...ladder.tiers] })),
  rewards: [...state.rewards],
});

const Allocations = z.array(z.object({ lotId: fields.id, points: z.int() }));

export const AccountView = z.object({
  programId: fields.id,
  tierId: z.string(),
  enrolledAt: z.string(),
  /** Points that may be spent, those that wait, and those that were taken back after they were spent. */
  available: z.int(),
  pending: z.int(),
  debt: z.int(),
  /** Lots with points in them, in the order in which they came. */
  lots: z.array(
    z.object({
      lotId: fields.id,
      points: z.int(),
      left: z.int(),
      locked: z.boolean(),
      availableAt: z.string(),
      expiresOn: nullable,
      sourceType: nullable,
      sourceId: nullable,
    }),
  ),
  redemptions: z.array(
    z.object({
      redemptionId: fields.id,
      rewardId: fields.id,
      points: z.int(),
      reversed: z.boolean(),
      allocations: Allocations,
    }),
  ),
  transfers: z.array(
    z.object({
      transferId: fields.id,
      toAccountId: fields.id,
      points: z.int(),
      at: z.string(),
      returned: z.boolean(),
    }),
  ),
});

export const accountView = (state: AccountState): z.infer<typeof AccountView> => ({
  programId: state.programId,
  tierId: state.tier.tierId,
  enrolledAt: formatInstant(state.enrolledAt),
  ...pointsOfAccount(state),
  debt: state.debt,
  lots: state.lots.filter(isLive).map(({ lotId, points, left, locked, availableAt, expiresOn, source }) => ({
    lotId,
    points,
    left,
    locked,
    availableAt: formatInstant(availableAt),
    expiresOn,
    sourceType: source?.type ?? null,
    sourceId: source?.id ?? null,
  })),
  redemptions: state.redemptions.map((one) => ({ ...one, allocations: [...one.allocations] })),
  transfers: state.transfers.map(({ transferId, toAccountId, points, at, returned }) => ({
    transferId,
    toAccountId,
    points,
    at: formatInstant(at),
    returned,
  })),
});

export const RetentionCaseView = z.object({
  /** For eyes: RC-260512-7ZQ3M0. */
  number: nullable,
  riskLevel: nullable,
  signalIds: z.array(fields.id),
  ownerId: nullable,
  queueId: nullable,
  openedAt: nullable,
  closedAt: nullable,
  offers: z.array(z.object({ kind: z.string(), cost: fields.money.any, at: z.string() })),
  byEventId: nullable,
  lostReason: nullable,
  policyVersion: z.int().nullable(),
});

export const retentionCaseView = (
  { openedAt, closedAt, offers, signalIds, ...state }: RetentionCaseState,
  { id, zone }: ViewedAggregate,
): z.infer<typeof RetentionCaseView> => ({
  riskLevel: state.riskLevel,
  ownerId: state.ownerId,
  queueId: state.queueId,
  byEventId: state.byEventId,
  lostReason: state.lostReason,
  policyVersion: state.policyVersion,
  number: openedAt === null ? null : shownNumber('RC', id, openedAt, zone),
  signalIds: [...signalIds],
  openedAt: instant(openedAt),
  closedAt: instant(closedAt),
  offers: offers.map((offer) => ({ ...offer, at: formatInstant(offer.at) })),
});
