// Histories for specifications: events by name and date, folded by the real slices, assessed by the rules that ship.
import { globSync, readFileSync } from 'node:fs';
import { addDays, dayNumber, startOfDate } from '@tenure/core';
import type { DecodedEvent } from '@tenure/events';
import type { Slice } from '@tenure/projections';
import { idOf } from '@tenure/testing';
import { assessmentOf, type Assessment } from '../src/assessment.ts';
import { momentOf } from '../src/moment.ts';
import { ChurnRules, type RuleBook } from '../src/rules.ts';
import type { AnySignal, Evidence } from '../src/signals/signal.ts';
import { assessedSlices, foldedSlices, type AssessedSlices } from '../src/slices.ts';
import { interactionSlice } from '../src/slices/interaction-slice.ts';

export const ZONE = 'UTC';
export { idOf };

const policies = new URL('../policies/', import.meta.url);

/** The policy as it ships, every version, the newest last. */
export const versions: readonly ChurnRules[] = globSync('rules.v*.json', { cwd: policies })
  .map((file) => ChurnRules.parse(JSON.parse(readFileSync(new URL(file, policies), 'utf8'))))
  .toSorted((a, b) => a.version - b.version);

/** What holds unless a company has rules of its own. */
export const shipped: ChurnRules = versions.at(-1)!;

export const book: RuleBook = {
  rules: () => shipped,
  nextRules: () => null,
  version: () => shipped,
  homeCurrency: 'CNY',
};

/** Day 0 is 2026-01-01. */
export const day = (offset: number): string => addDays('2026-01-01', offset);

export type Happened = {
  readonly source: string;
  readonly type: string;
  /** YYYY-MM-DD or an instant. */
  readonly on: string;
  readonly data: object;
  /** Name of the event; its id is `idOf(name)`. Default: type and date. */
  readonly name?: string;
};

export const cny = (minor: number) => ({ minor, currency: 'CNY' });

const instant = (on: string): number => (on.length === 10 ? startOfDate(on, ZONE) : Date.parse(on));

export const SELF = idOf('customer');

export const eventOf = (
  { source, type, on, data, name }: Happened,
  position: number,
  key = SELF,
): DecodedEvent => ({
  id: idOf(name ?? `${type} ${on}`),
  type,
  stream: `${source}-${key}`,
  revision: position,
  source,
  position,
  key,
  occurredAt: instant(on),
  recordedAt: instant(on),
  schemaId: 1,
  meta: {
    commandId: idOf('command'),
    correlationId: idOf('command'),
    actor: { kind: 'user', id: 'agent-1' },
  },
  data,
  sealed: null,
});

const folds: Readonly<Record<string, Slice>> = {
  ...foldedSlices(ZONE),
  interaction: interactionSlice(ZONE),
};

/** The slices after these events, in this order. */
export const after = (...happened: readonly Happened[]): AssessedSlices => {
  const slices = Object.fromEntries(Object.entries(folds).map(([source, { init }]) => [source, init()]));
  for (const [i, one] of happened.entries()) {
    const event = eventOf(one, i + 1);
    const handler = folds[one.source]?.on[one.type];
    if (handler === undefined) throw new Error(`no slice folds ${one.source}/${one.type}`);
    slices[one.source] = handler(slices[one.source], event, SELF);
  }
  return assessedSlices(slices);
};

/** What a signal says at the close of a day. */
export const seen = (
  signal: AnySignal,
  on: string,
  ...happened: readonly Happened[]
): (Omit<Evidence, 'events'> & { readonly events: readonly string[] }) | null => {
  const around = { rhythm: shipped.rhythm, currency: 'CNY' };
  const found = signal.evaluate(after(...happened), momentOf(on), shipped.signals[signal.code], around);
  return found && { ...found, events: found.events.map(({ eventId }) => eventId) };
};

/** Its severity; 0: silent. */
export const severity = (signal: AnySignal, on: string, ...happened: readonly Happened[]): number =>
  seen(signal, on, ...happened)?.severity ?? 0;

export const assessed = (on: string, ...happened: readonly Happened[]): Assessment =>
  assessmentOf(after(...happened), { date: on, zone: ZONE }, book);

// Events, by what the rules read of them.
const orderData = (order: string) => ({ orderId: idOf(order), lines: [], total: cny(0) });
export const placed = (on: string, order = `order ${on}`): Happened => ({
  source: 'order',
  type: 'OrderPlaced',
  on,
  data: orderData(order),
  name: `placed ${order}`,
});
export const cancelled = (on: string, order: string): Happened => ({
  source: 'order',
  type: 'OrderCancelled',
  on,
  data: { orderId: idOf(order) },
});
export const fulfilled = (
  on: string,
  minor: number,
  more: { onTime?: boolean; categories?: readonly string[]; currency?: string; name?: string } = {},
): Happened => ({
  source: 'order',
  type: 'OrderFulfilled',
  on,
  name: more.name ?? `fulfilled ${on}`,
  data: {
    orderId: idOf(more.name ?? `order ${on}`),
    lines: (more.categories ?? []).map((category) => ({ category })),
    total: { minor, currency: more.currency ?? 'CNY' },
    onTime: more.onTime ?? true,
  },
});
export const refunded = (on: string, minor: number, returned = `return ${on}`): Happened => ({
  source: 'order',
  type: 'RefundIssued',
  on,
  data: { returnId: idOf(returned), amount: cny(minor) },
});
export const received = (on: string, returned = `return ${on}`): Happened => ({
  source: 'order',
  type: 'ReturnReceived',
  on,
  data: { returnId: idOf(returned) },
});
export const happened = (
  source: string,
  type: string,
  on: string,
  data: object,
  name?: string,
): Happened => ({
  source,
  type,
  on,
  data,
  ...(name !== undefined && { name }),
});
export const caseOf = (type: string, on: string, name = 'case', data: object = {}): Happened => ({
  source: 'service',
  type,
  on,
  data: { caseId: idOf(name), ...data },
  name: `${type} ${name} ${on}`,
});
export const complaint = (type: string, on: string, data: object = {}, name = 'complaint'): Happened => ({
  source: 'service',
  type,
  on,
  data: { complaintId: idOf(name), severity: 'MEDIUM', ...data },
  name: `${type} ${name} ${on}`,
});
export const deal = (type: string, on: string, kind = 'RENEWAL', name = 'deal'): Happened => ({
  source: 'opportunity',
  type,
  on,
  data: { opportunityId: idOf(name), kind },
  name: `${type} ${name} ${on}`,
});
export const points = (type: string, on: string, data: object = {}): Happened => ({
  source: 'loyalty',
  type,
  on,
  data: { accountId: idOf('account'), ...data },
});

export const daysSince = (from: string, to: string): number => dayNumber(to) - dayNumber(from);
