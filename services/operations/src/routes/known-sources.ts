// Sources that a question names have to be there.
import { TenureError } from '@tenure/core';

/** @throws NOT_FOUND */
export const checkSources = (asked: readonly string[], known: readonly string[]): void => {
  if (!asked.every((source) => known.includes(source)))
    throw new TenureError('NOT_FOUND', `There is no such source; there are ${known.join(', ')}.`, {
      sources: known,
    });
};
