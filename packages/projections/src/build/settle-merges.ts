// The end of a build: merged customers lie in several partitions, so they are folded when all of these are there.
import { breathe } from '../exclusive.ts';
import { customerOf, standingOf } from '../fresh.ts';
import { commit, openModel } from '../model.ts';
import { commitOf, settleCustomer, together, type Settled } from '../settle-customer.ts';
import type { Building } from './run-build.ts';

/** Groups per transaction and per breath: some ten milliseconds. */
const PAGE = 50;

/** Writes the documents of survivors and the redirects to them. A build that ends in between does it again. */
export const settleMerges = async (building: Building): Promise<void> => {
  const { rules, generation, job } = building;
  if (rules.definition.merges === undefined) return;
  const model = await openModel(building, rules, generation);
  const engine = { ...building, clock: { now: () => job.now } };
  const standing = standingOf(model);
  const roots = model.absorptions.roots();
  for (let from = 0; from < roots.length; from += PAGE) {
    building.read(0);
    const parts: Settled[] = [];
    for (const key of roots.slice(from, from + PAGE).flatMap(model.absorptions.groupOf))
      parts.push(
        await settleCustomer(model, engine, customerOf(engine, key), {
          row: model.parked.get(key),
          standing,
        }),
      );
    const { written, rest } = commitOf(together(parts));
    await commit(model, written, rest);
    await breathe();
  }
};
