// What the server's answer to a line means for the row (HTTP §7).

export type LineAnswer = {
  readonly status: number;
  readonly replay?: boolean | undefined;
  readonly problem?:
    | {
        readonly code?: string | undefined;
        readonly detail?: string | undefined;
        /** What is wrong with which field; never what stands there. */
        readonly errors?: readonly { readonly path?: string; readonly message?: string }[] | undefined;
      }
    | undefined;
};

/** again: send it once more with the same key. */
export type RowClass = 'accepted' | 'duplicate' | 'conflict' | 'rejected' | 'again';

const PASSING = new Set([429, 503, 507]);

/** The class of a row by the answer to its main line. */
export const classify = ({ status, replay, problem }: LineAnswer): RowClass => {
  if (status >= 200 && status < 300) return replay === true ? 'duplicate' : 'accepted';
  const code = problem?.code;
  if (PASSING.has(status) || code === 'IN_FLIGHT') return 'again';
  return code === 'IDEMPOTENCY_KEY_REUSED' || code === 'ALREADY_EXISTS' ? 'conflict' : 'rejected';
};

/** The same for the line of a customer: one that is there already, in whatever state, is no conflict. */
export const classifyCustomer = (answer: LineAnswer): 'present' | 'rejected' | 'again' => {
  const found = classify(answer);
  if (found === 'again') return found;
  return found === 'rejected' && answer.problem?.code !== 'ILLEGAL_STATE' ? 'rejected' : 'present';
};
