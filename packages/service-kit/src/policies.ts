// Versioned reference data (DEFAULTS §0): what decisions depend on beyond their stream.

/** The head of every policy file; the rest is the policy's own. `validFrom`: YYYY-MM-DD, first business date it holds. */
export type PolicyHead = {
  readonly policy: string;
  readonly id?: string | undefined;
  readonly version: number;
  readonly validFrom: string;
};

/** All versions of all policies that a deployment runs with. */
export interface Policies {
  /** The highest version whose validFrom ≤ date. @throws POLICY_MISSING. `id` where a policy comes in several (`sla` standard). */
  at<P extends PolicyHead>(policy: string, date: string, id?: string): P;
  /** One version that a stream has recorded. @throws POLICY_MISSING */
  version<P extends PolicyHead>(policy: string, version: number, id?: string): P;
  /** The first date after `date` from which another version holds; null: none is planned. */
  nextChange(policy: string, date: string, id?: string): string | null;
}
