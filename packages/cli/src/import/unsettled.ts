// Lines without a final answer: those that wait, those under way, those that the server has put off.

/** A line that was given to a lane. `order`: its place in the file. */
export type Item = {
  readonly order: number;
  readonly row: number;
  /** Whether the row is classed by it: the line of the order, not the one of its customer. */
  readonly main: boolean;
  readonly text: string;
};

export type Unsettled = {
  readonly add: (item: Item) => void;
  /** The next ones in order, at most `most`; they are under way from now on. */
  readonly take: (most: number) => readonly Item[];
  /** The item of the n-th line of this connection; it is not under way any more. Undefined: there is no such line. */
  readonly answered: (line: number) => Item | undefined;
  readonly putOff: (item: Item) => void;
  /** Everything waits again, in the order of the file. */
  readonly again: () => void;
  /** Lines of the next connection are counted from 1. */
  readonly newConnection: () => void;
  readonly size: () => number;
  readonly waiting: () => number;
  readonly underWay: () => number;
  /** Whether the server has put lines off: nothing new may overtake them. */
  readonly held: () => boolean;
  readonly clear: () => void;
};

export const createUnsettled = (): Unsettled => {
  let waiting: Item[] = [];
  let underWay = new Map<number, Item>();
  let later: Item[] = [];
  let lines = 0;
  return {
    add: (item) => void waiting.push(item),
    take: (most) => {
      const taken = waiting.splice(0, most);
      for (const item of taken) underWay.set(++lines, item);
      return taken;
    },
    answered: (line) => {
      const item = underWay.get(line);
      underWay.delete(line);
      return item;
    },
    putOff: (item) => void later.push(item),
    again: () => {
      waiting = [...underWay.values(), ...later, ...waiting].toSorted((a, b) => a.order - b.order);
      underWay = new Map();
      later = [];
    },
    newConnection: () => {
      lines = 0;
    },
    size: () => waiting.length + underWay.size + later.length,
    waiting: () => waiting.length,
    underWay: () => underWay.size,
    held: () => later.length > 0,
    clear: () => {
      waiting = [];
      underWay = new Map();
      later = [];
    },
  };
};
