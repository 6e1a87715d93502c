// What became of the rows: counted by the main line of each (HTTP §7), and told in the report.
import { classify, classifyCustomer, type LineAnswer, type RowProblem } from '@tenure/service-kit/import';
import type { Item } from './unsettled.ts';

export type Counts = {
  readonly accepted: number;
  readonly duplicates: number;
  readonly rejected: number;
  readonly conflicts: number;
  /** Rows with data that were read. */
  readonly rows: number;
};

export type Tally = {
  readonly counts: () => Counts;
  readonly read: () => void;
  /** A row that could not be planned. */
  readonly refuse: (problem: RowProblem) => void;
  /** Takes the server's answer to a line; false: to be sent again. */
  readonly settle: (item: Pick<Item, 'row' | 'main'>, answer: LineAnswer) => boolean;
};

/** `tell` gets every row that neither became nor already was what the file says. */
export const openTally = (tell: (problem: RowProblem) => void): Tally => {
  let [accepted, duplicates, rejected, conflicts, rows] = [0, 0, 0, 0, 0];
  return {
    counts: () => ({ accepted, duplicates, rejected, conflicts, rows }),
    read: () => void rows++,
    refuse: (problem) => {
      rejected++;
      tell(problem);
    },
    settle: ({ row, main }, answer) => {
      if (!main) {
        const found = classifyCustomer(answer);
        if (found === 'rejected') tell({ row, column: null, reason: `customer: ${reasonOf(answer)}` });
        return found !== 'again';
      }
      const found = classify(answer);
      switch (found) {
        case 'accepted':
          accepted++;
          return true;
        case 'duplicate':
          duplicates++;
          return true;
        case 'conflict':
          conflicts++;
          tell({ row, column: null, reason: `conflict: ${reasonOf(answer)}` });
          return true;
        case 'rejected':
          rejected++;
          tell({ row, column: null, reason: reasonOf(answer) });
          return true;
        case 'again':
          return false;
        default:
          return found satisfies never;
      }
    },
  };
};

const reasonOf = ({ status, problem }: LineAnswer): string =>
  [problem?.code ?? `HTTP ${status}`, problem?.detail ?? '', ...(problem?.errors ?? []).map(faultOf)]
    .filter((part) => part !== '')
    .join(' ');

const faultOf = ({
  path = '',
  message = '',
}: {
  readonly path?: string;
  readonly message?: string;
}): string => `${path} ${message}`.trim();
