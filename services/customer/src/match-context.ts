// What the deciders of a match know: the pair as of now, and what the rules say of it.
import type { CommandContext } from '@tenure/core';
import type { ContextSources } from '@tenure/service-kit';
import { assessPair, candidatesOf, groupOf, matchParty, type Group } from './assessing.ts';
import type { CustomerState } from './customer.ts';
import { partiesOf, type MatchContext } from './match.ts';
import type { MatchPolicy } from './policy.ts';

type Asked = { readonly name: string; readonly base: CommandContext };

export const matchContext = async (sources: ContextSources, { name, base }: Asked): Promise<MatchContext> => {
  const policy = sources.policies.at<MatchPolicy>('match', base.today);
  const { ruleId, version, propose, autoApprove } = policy;
  const rule = { ruleId, version, propose, autoApprove };
  const [leftId, rightId] = partiesOf(base.id);
  const stateOf = async (id: string): Promise<CustomerState> =>
    (await sources.read('customer', id)).state as CustomerState;
  const parties = [
    matchParty(leftId, await stateOf(leftId)),
    matchParty(rightId, await stateOf(rightId)),
  ] as const;
  const byProcess = name === 'ApproveMatch' && base.actor.kind === 'process';
  if (name !== 'ProposeMatch' && !byProcess) return { rule, parties, assessed: null, candidates: 0 };
  const [left, right] = [await groupOf(sources, leftId), await groupOf(sources, rightId)];
  const assessed = await assessPair(sources, left, right, policy);
  const candidates = byProcess ? await candidatesOfBoth(sources, [left, right], policy) : 0;
  return { rule, parties, assessed, candidates };
};

/** Neither of the two may be somebody else as well. */
const candidatesOfBoth = async (
  sources: ContextSources,
  groups: readonly Group[],
  policy: MatchPolicy,
): Promise<number> => {
  const found = await Promise.all(groups.map((group) => candidatesOf(sources, group, policy)));
  return Math.max(...found.map(({ length }) => length));
};
