// Most calls answer at once: some thirty projections read the log, and a schedule has only so many steps.
import type { Life } from '../../faults.ts';

/** Of the calls meet the scheduler and its faults; the others have their effect without a step. */
const MET = 0.12;

const never = <T>(): Promise<T> => new Promise<T>(() => {});

/** A life of which only some calls can go wrong. A dead one does nothing more either way. */
export const swift = (life: Life): Life => ({
  ...life,
  async call(what, effect, kind) {
    if (!life.alive()) return never();
    if (life.scheduler.random.chance(MET)) return life.call(what, effect, kind);
    const result = await effect();
    return life.alive() ? result : never();
  },
});
