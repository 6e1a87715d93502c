// The desk's attempts to keep a customer, as the document shows them.

export type RetentionCase = {
  readonly eventId: string;
  readonly offers: number;
  /** Business date. */
  readonly openedOn: string;
  readonly ownerId: string | null;
  readonly retentionCaseId: string;
  readonly riskLevel: string;
  readonly status: 'Opened' | 'Offered' | 'Saved' | 'Lost' | 'FalseAlarm';
};

/** `open`: one at most (a rule of the domain). */
export type Retention = {
  readonly cases: number;
  readonly last: RetentionCase | null;
  readonly open: RetentionCase | null;
};

export const noRetention: Retention = { cases: 0, last: null, open: null };

export const retentionChanged = (
  retention: Retention,
  { eventId, retentionCaseId }: { readonly eventId: string; readonly retentionCaseId: string },
  change: Partial<RetentionCase>,
): Retention => {
  const { open } = retention;
  if (open?.retentionCaseId !== retentionCaseId) return retention;
  const changed = { ...open, ...change, eventId };
  const isOver = changed.status !== 'Opened' && changed.status !== 'Offered';
  return isOver ? { ...retention, last: changed, open: null } : { ...retention, open: changed };
};
