// The programmes a customer may be a member of, and the accounts he has in them.
import type { ContextSources, Lookups } from '@tenure/service-kit';
import { accountIdOf } from './account-id.ts';
import type { AccountState } from './account-state.ts';
import { readAccount, readProgram } from './context.ts';
import type { ProgramState } from './program.ts';

/** A deployment has one or two; this many are more than a member could tell apart. */
const MAX_PROGRAMS = 100;

export type Membership = {
  readonly programId: string;
  readonly program: ProgramState;
  readonly accountId: string;
  readonly account: AccountState;
};

const programIds = async (lookups: Lookups): Promise<readonly string[]> => {
  const rows = await lookups.query('loyalty-programs', {
    filters: [{ column: 'status', op: 'in', value: ['Live', 'Ended'] }],
    limit: MAX_PROGRAMS,
  });
  return rows.map(({ id }) => id);
};

/** Every programme that is or was live, with the customer's account in it, whether there is one or not yet. */
export const membershipsOf = async (
  sources: Pick<ContextSources, 'lookups' | 'read'>,
  customerId: string,
): Promise<readonly Membership[]> =>
  Promise.all(
    (await programIds(sources.lookups)).map(async (programId) => {
      const accountId = accountIdOf(customerId, programId);
      const [program, account] = await Promise.all([
        readProgram(sources, programId),
        readAccount(sources, accountId),
      ]);
      return { programId, program, accountId, account };
    }),
  );
