// DuplicateWatch: whenever something new is known that a person is recognised by, who may be the same is proposed; one
// who certainly is, is approved.
import { reaction, type IssuedCommand, type Reaction } from '@tenure/service-kit';
import { candidatesOf, groupOf, type Candidate, type Group } from './assessing.ts';
import { matchIdOf, survivorOf } from './match.ts';
import { matchPolicyAt } from './policy.ts';

type Found = {
  readonly group: Group;
  readonly candidates: readonly Candidate[];
  readonly autoApprove: number;
};

export const duplicateWatch: Reaction = reaction<Found>({
  name: 'DuplicateWatch',
  on: {
    lead: ['LeadCaptured'],
    customer: ['ContactPointAdded', 'ContactPointVerified', 'ExternalIdentityLinked'],
  },
  async gather(sources, event) {
    const group = await groupOf(sources, event.key);
    const policy = matchPolicyAt(sources.policies, event.occurredAt);
    const candidates = await candidatesOf(sources, group, policy);
    return { group, candidates, autoApprove: policy.autoApprove };
  },
  react(_, { gathered: { group, candidates, autoApprove } }) {
    return candidates.flatMap(({ group: other, assessed }) => {
      const pair = [group.party.id, other.party.id].toSorted() as [string, string];
      const certain =
        candidates.length === 1 &&
        assessed.score >= autoApprove &&
        !assessed.conflict &&
        survivorOf([group.party, other.party]) !== null;
      return commandsFor(pair, certain);
    });
  },
});

const commandsFor = (
  [leftId, rightId]: readonly [string, string],
  certain: boolean,
): readonly IssuedCommand[] => {
  const to = { aggregate: 'match', id: matchIdOf(leftId, rightId), customerId: leftId };
  const proposed = { ...to, command: 'ProposeMatch', body: { leftId, rightId } };
  // One that stands proposed already is refused, and the approval goes on from there.
  return certain ? [proposed, { ...to, command: 'ApproveMatch', body: {} }] : [proposed];
};
