// Personal data leaves the house here and nowhere else: references into sealed blocks become values for callers who may
// see them, null for all others. Every opened field is audited.
import {
  decodeBlocks,
  isSealedRef,
  REDACTED,
  type Codec,
  type Sealable,
  type SealedBlock,
} from '@tenure/events';
import type { DataKey } from '@tenure/keys';
import type { StoredDocument } from '@tenure/read-models';
import type { Principal } from './access.ts';
import { auditOf } from './audit.ts';
import type { Kit } from './kit.ts';
import { sightOf, type Sight } from './ownership.ts';
import { forbidden } from './problems.ts';

/** `role`: the caller may not see it · `erased`: nobody can any more. */
export type MaskReason = 'role' | 'erased';

export type Opened = {
  readonly value: unknown;
  /** JSON pointer → why the value there is null. */
  readonly masked: Readonly<Record<string, MaskReason>>;
  /** Pointers of what was opened, by customer, for the audit. */
  readonly opened: ReadonlyMap<string, readonly string[]>;
};

/** Something that holds references, with the blocks they point into. */
export type ToOpen = {
  readonly value: unknown;
  readonly blocks: ReadonlyMap<string, SealedBlock>;
  readonly maySee: boolean;
  /** Where the value stands in the answer: in front of every pointer. */
  readonly at?: string;
};

/** Opens one value. A block that is not there (a damaged document) shows as erased rather than fail the whole answer. */
export const openValue = (
  { value, blocks, maySee, at = '' }: ToOpen,
  keys: ReadonlyMap<string, DataKey>,
  codec: Pick<Codec, 'openFields'>,
): Opened => {
  const masked: Record<string, MaskReason> = {};
  const opened = new Map<string, string[]>();
  const fields = new Map<string, ReturnType<Codec['openFields']>>();

  const fieldsOf = (block: SealedBlock): ReturnType<Codec['openFields']> => {
    const known = fields.get(block.eventId) ?? codec.openFields(block, keys.get(block.customerId));
    fields.set(block.eventId, known);
    return known;
  };
  const resolve = (ref: Sealable<unknown>, pointer: string): unknown => {
    const block = maySee ? blocks.get(ref.$sealed) : undefined;
    const values = block === undefined ? REDACTED : fieldsOf(block);
    if (block === undefined || 'redacted' in values) {
      masked[pointer] = maySee ? 'erased' : 'role';
      return null;
    }
    opened.set(block.customerId, [...(opened.get(block.customerId) ?? []), pointer]);
    return pick(values.get(ref.field), ref.entry);
  };
  const visit = (inner: unknown, pointer: string): unknown => {
    if (typeof inner !== 'object' || inner === null) return inner;
    if (isSealedRef(inner)) return resolve(inner, pointer);
    if (Array.isArray(inner)) return inner.map((item, i) => visit(item, `${pointer}/${i}`));
    const copy: Record<string, unknown> = {};
    for (const [name, item] of Object.entries(inner)) copy[name] = visit(item, `${pointer}/${escaped(name)}`);
    return copy;
  };
  return { value: visit(value, at), masked, opened };
};

const escaped = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1');

const pick = (value: unknown, entry: string | undefined): unknown => {
  if (entry === undefined) return value ?? null;
  const map = value instanceof Map ? (value as ReadonlyMap<string, unknown>) : undefined;
  return map?.get(entry) ?? (value as Readonly<Record<string, unknown>> | undefined)?.[entry] ?? null;
};

/** Who reads, where, for the audit. */
export type Reading = {
  readonly principal: Principal;
  /** Template: `GET /api/orders/{id}`. */
  readonly route: string;
  readonly requestId: string;
};

/** Opens many values with one load of keys, and hands one entry to the audit when anything was opened. */
export const openAll = async (
  items: readonly ToOpen[],
  reading: Reading,
  kit: Pick<Kit, 'keys' | 'codec' | 'audit' | 'wallClock'>,
): Promise<readonly Opened[]> => {
  const persons = new Set<string>();
  for (const item of items)
    if (item.maySee) for (const block of item.blocks.values()) persons.add(block.customerId);
  const keys = persons.size === 0 ? new Map<string, DataKey>() : await kit.keys.load([...persons]);
  const all = items.map((item) => openValue(item, keys, kit.codec));
  const opened = all.flatMap((item) =>
    [...item.opened].map(([customerId, fields]) => ({ customerId, fields })),
  );
  if (opened.length > 0) {
    const who = auditOf(reading.principal, reading.route, reading.requestId);
    await kit.audit.later({ kind: 'opened', at: kit.wallClock(), opened, ...who });
  }
  return all;
};

export type OpenedDocument = {
  readonly slices: Readonly<Record<string, unknown>>;
  readonly summary: unknown;
  readonly masked: Opened['masked'];
};

/**
 * A stored document as this caller may see it: body parsed, personal values opened or null with the reason in `masked`.
 * @throws FORBIDDEN when the caller may not see this customer at all.
 */
export const openDocument = async (
  stored: Pick<StoredDocument, 'key' | 'body' | 'sealed'>,
  reading: Reading,
  kit: Kit,
): Promise<OpenedDocument> => {
  const sight = (await sightOf(reading.principal, [stored.key], kit.ownership))(stored.key);
  requireSight(sight);
  const value = JSON.parse(stored.body) as unknown;
  const blocks = sight === 'open' ? decodeBlocks(stored.sealed) : new Map<string, SealedBlock>();
  const [opened] = await openAll([{ value, blocks, maySee: sight === 'open' }], reading, kit);
  const body = (opened?.value ?? {}) as Partial<Pick<OpenedDocument, 'slices' | 'summary'>>;
  return { slices: body.slices ?? {}, summary: body.summary ?? null, masked: opened?.masked ?? {} };
};

/** @throws FORBIDDEN */
export const requireSight = (sight: Sight): void => {
  if (sight === 'none')
    throw forbidden(['supervisor'], 'This customer belongs to somebody outside your teams.');
};

/** A value with every personal one in it left closed: null. For those who see that something is there, not what. */
export const closedValues = (value: unknown): unknown => {
  if (typeof value !== 'object' || value === null) return value;
  if (isSealedRef(value)) return null;
  if (Array.isArray(value)) return value.map(closedValues);
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, closedValues(inner)]));
};
