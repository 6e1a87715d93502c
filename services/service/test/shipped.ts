// The policies that ship, parsed, and the book that deciders are given.
import { readFileSync } from 'node:fs';
import { policyBook, SHARED_POLICIES, type Policies, type PolicyHead } from '@tenure/service-kit';
import { deskPolicies, type DeskPolicy, type SlaPolicy } from '../src/policy.ts';

const FILES = [
  '../policies/sla.standard.v1.json',
  '../policies/sla.premium.v1.json',
  '../policies/desk.v1.json',
  '../../../policies/calendar.business.v1.json',
  '../../../policies/calendar.always.v1.json',
  '../../../policies/deployment.v1.json',
  '../../../policies/agents.v1.json',
];

const parsed = (path: string): PolicyHead => {
  const content = JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8')) as PolicyHead;
  const spec = [...deskPolicies, ...SHARED_POLICIES].find(({ policy }) => policy === content.policy);
  if (spec === undefined) throw new Error(`${path} has no schema`);
  return spec.schema.parse(content);
};

export const heads: readonly PolicyHead[] = FILES.map(parsed);
export const policies: Policies = policyBook(heads);

/** The same with other versions beside them. */
export const policiesWith = (...more: readonly PolicyHead[]): Policies => policyBook([...heads, ...more]);

export const desk = policies.version<DeskPolicy>('desk', 1);
export const sla = (id: string): SlaPolicy => policies.version<SlaPolicy>('sla', 1, id);
