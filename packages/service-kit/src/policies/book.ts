// All versions of all policies, ready to be asked.
import { TenureError } from '@tenure/core';
import type { Policies, PolicyHead } from '../policies.ts';

const seriesOf = (policy: string, id: string | undefined): string =>
  id === undefined ? policy : `${policy}.${id}`;

/** Policies that were parsed already. Also for specs. */
export const policyBook = (heads: readonly PolicyHead[]): Policies => {
  const series = new Map<string, PolicyHead[]>();
  for (const head of heads) {
    const name = seriesOf(head.policy, head.id);
    series.set(name, [...(series.get(name) ?? []), head]);
  }
  for (const versions of series.values()) versions.sort((a, b) => b.version - a.version);
  const find = (
    policy: string,
    id: string | undefined,
    holds: (head: PolicyHead) => boolean,
    when: string,
  ) => {
    const found = series.get(seriesOf(policy, id))?.find(holds);
    if (found === undefined)
      throw new TenureError('POLICY_MISSING', `The policy ${seriesOf(policy, id)} has no version ${when}.`, {
        policy,
        ...(id !== undefined && { id }),
      });
    return found;
  };
  // A policy's name stands for its type: the loader has parsed it with that schema.
  return {
    at: <P extends PolicyHead>(policy: string, date: string, id?: string) =>
      find(policy, id, ({ validFrom }) => validFrom <= date, `that holds on ${date}`) as P,
    version: <P extends PolicyHead>(policy: string, version: number, id?: string) =>
      find(policy, id, (head) => head.version === version, String(version)) as P,
    nextChange: (policy, date, id) =>
      (series.get(seriesOf(policy, id)) ?? [])
        .map(({ validFrom }) => validFrom)
        .filter((validFrom) => validFrom > date)
        .toSorted()[0] ?? null,
  };
};
