// The answers in a stream of text: one JSON object per line.
import type { LineAnswer } from '@tenure/service-kit/import';

export type NumberedAnswer = LineAnswer & { readonly line: number };

/** No result is longer; more without an end of line is something else. */
const MAX_ANSWER = 1_048_576;

export const answersIn = () => {
  let rest = '';
  return {
    /** Answers that are complete with this chunk. `{"done":n}` is none. */
    take(chunk: string): readonly (NumberedAnswer | 'malformed')[] {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      const answers = lines.map(parse).filter((answer) => answer !== null);
      return rest.length > MAX_ANSWER ? [...answers, 'malformed'] : answers;
    },
    /** Forgets a line that was begun: its connection is gone. */
    reset(): void {
      rest = '';
    },
  };
};

const parse = (text: string): NumberedAnswer | 'malformed' | null => {
  if (text === '' || text.startsWith('{"done":')) return null;
  try {
    const value: unknown = JSON.parse(text);
    return isAnswer(value) ? value : 'malformed';
  } catch {
    return 'malformed'; // the only thing JSON.parse throws for
  }
};

const isAnswer = (value: unknown): value is NumberedAnswer =>
  typeof value === 'object' &&
  value !== null &&
  'line' in value &&
  typeof value.line === 'number' &&
  'status' in value &&
  typeof value.status === 'number';
