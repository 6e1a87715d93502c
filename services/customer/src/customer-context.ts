// What the customer's deciders may know beyond their stream: the deployment, other parties, matches, schemas.
import { isTenureError, type CommandContext } from '@tenure/core';
import { matchKey } from '@tenure/events';
import type { ContextSources, DeploymentPolicy, Policies } from '@tenure/service-kit';
import { checkAttributes, type AttributesPolicy } from './attribute-schema.ts';
import type { CustomerContext, CustomerState, MergeBasis, OtherParty } from './customer.ts';
import { matchIdOf, type MatchState } from './match.ts';

/** A longer chain of survivors is a loop. */
const MAX_CHAIN = 50;

/** Lower-case mail; null for what is no address. */
const mailAddress = (value: string): string | null => {
  const address = value.normalize('NFKC').trim().toLowerCase();
  return /^[^\s@]+@[^\s@]+$/.test(address) ? address : null;
};

/** The form in which a contact point is kept; null for what is no address of its channel. */
const normaliseFor =
  (region: string) =>
  (channel: string, value: string): string | null => {
    switch (channel) {
      case 'EMAIL':
        return mailAddress(value);
      case 'PHONE':
      case 'SMS':
        return matchKey('PHONE', value, region);
      default:
        return value.trim() === '' ? null : value.trim();
    }
  };

type Asked = { readonly name: string; readonly data: object; readonly base: CommandContext };

export const customerContext = async (sources: ContextSources, asked: Asked): Promise<CustomerContext> => {
  const { policies } = sources;
  const { today } = asked.base;
  const deployment = policies.at<DeploymentPolicy>('deployment', today);
  return {
    deployment,
    normalise: normaliseFor(deployment.telephoneRegion),
    others: await othersOf(sources, asked),
    match: asked.name === 'MergeCustomers' ? await matchOf(sources, asked) : null,
    schema: asked.name === 'SetCustomAttributes' ? schemaOf(policies, today, asked.data) : null,
  };
};

const NOBODY: ReadonlyMap<string, OtherParty> = new Map();

const othersOf = async (
  sources: ContextSources,
  { name, data, base }: Asked,
): Promise<ReadonlyMap<string, OtherParty>> => {
  switch (name) {
    case 'MergeCustomers':
      return partiesOf(sources, (data as { absorbedIds: readonly string[] }).absorbedIds);
    case 'AbsorbCustomer':
      return chainFrom(sources, (data as { survivorId: string }).survivorId);
    case 'UnmergeCustomer':
      return ownMerges(sources, base.id, (data as { mergeId: string }).mergeId);
    case 'RequestErasure':
      return ownMerges(sources, base.id);
    default:
      return NOBODY;
  }
};

const partyOf = async ({ read }: ContextSources, id: string): Promise<OtherParty> => {
  const { status, survivorId, absorbed, merges } = (await read('customer', id)).state as CustomerState;
  return { id, status, survivorId, mergeId: absorbed?.mergeId ?? null, merges };
};

const partiesOf = async (
  sources: ContextSources,
  ids: readonly string[],
): Promise<ReadonlyMap<string, OtherParty>> =>
  new Map(await Promise.all(ids.map(async (id) => [id, await partyOf(sources, id)] as const)));

/** Whom a customer has absorbed, by one merge or by all, and those above him. */
const ownMerges = async (
  sources: ContextSources,
  id: string,
  mergeId?: string,
): Promise<ReadonlyMap<string, OtherParty>> => {
  const { merges, survivorId } = (await sources.read('customer', id)).state as CustomerState;
  const wanted = mergeId === undefined ? merges : merges.filter((merge) => merge.mergeId === mergeId);
  const above = survivorId === null ? NOBODY : await chainFrom(sources, survivorId);
  const below = wanted.flatMap(({ absorbedIds }) => absorbedIds);
  return new Map([...above, ...(await partiesOf(sources, below))]);
};

/** A survivor, his survivor and so on. */
const chainFrom = async (
  sources: ContextSources,
  survivorId: string,
): Promise<ReadonlyMap<string, OtherParty>> => {
  const chain = new Map<string, OtherParty>();
  for (let next: string | null = survivorId; next !== null && !chain.has(next) && chain.size < MAX_CHAIN;) {
    const party: OtherParty = await partyOf(sources, next);
    chain.set(next, party);
    next = party.survivorId;
  }
  return chain;
};

/** A merge of two rests on their match, where one was approved for this survivor. */
const matchOf = async ({ read }: ContextSources, { data, base }: Asked): Promise<MergeBasis | null> => {
  const { absorbedIds } = data as { absorbedIds: readonly string[] };
  const [absorbedId] = absorbedIds;
  if (absorbedId === undefined || absorbedIds.length > 1) return null;
  const found = (await read('match', matchIdOf(base.id, absorbedId))).state as MatchState;
  const { status, survivorId, ruleId, ruleVersion, score, decidedBy } = found;
  if (status !== 'Approved' || survivorId !== base.id || ruleId === null || decidedBy === null) return null;
  return { ruleId, ruleVersion, score, approvedBy: decidedBy };
};

const schemaOf = (policies: Policies, today: string, data: object): CustomerContext['schema'] => {
  try {
    const { schemaId } = data as { schemaId: string };
    const { version, schema } = policies.at<AttributesPolicy>('attributes', today, schemaId);
    return { version, check: (attributes) => checkAttributes(schema, attributes) };
  } catch (error) {
    if (isTenureError(error, 'POLICY_MISSING')) return null;
    throw error;
  }
};
