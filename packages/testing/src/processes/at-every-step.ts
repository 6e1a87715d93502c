// A story told again for every step at which its processes can die.
import type { World } from './world.ts';

/**
 * Tells a story in a new world once for every command at which its processes can die, before it is carried out and after;
 * starts them again, lets them come to rest and checks what came of it. The last time nobody dies. Answers how many deaths
 * there were: a story whose processes do nothing proves nothing.
 */
export const atEveryStep = async (
  anew: () => Promise<World>,
  story: (world: World) => Promise<unknown>,
  check: (world: World) => Promise<void>,
): Promise<number> => {
  let deaths = 0;
  for (const when of ['before', 'after'] as const)
    for (let steps = 0; ; steps++) {
      const world = await anew();
      await story(world);
      world.dieAt(steps, when);
      const died = await world.dead();
      await world.restart();
      await world.settle();
      await check(world);
      if (!died) break;
      deaths++;
    }
  return deaths;
};
