// Read models whose commits fail as told: before they took effect, or after it with the answer lost.
import type { Generation, ReadModels } from '@tenure/read-models';

/** `half`: the documents were written and their checkpoints not, as where there is no transaction. */
export type Fault = 'none' | 'lost' | 'half' | 'lost-answer';

/** `next` is asked before each commit of an open generation. */
export const faultyReadModels = (inner: ReadModels, next: () => Fault): ReadModels => {
  const faulty = (generation: Generation): Generation => ({
    ...generation,
    async commit(commit) {
      const fault = next();
      if (fault === 'lost') throw new Error('the store was away');
      if (fault === 'half') {
        await generation.commit({ ...commit, checkpoints: [] });
        throw new Error('the store went away half-way');
      }
      await generation.commit(commit);
      if (fault === 'lost-answer') throw new Error('the answer was lost');
    },
  });
  return {
    ...inner,
    create: async (...args) => faulty(await inner.create(...args)),
    openWriter: async (...args) => faulty(await inner.openWriter(...args)),
  };
};
