// What a stream remembers of its commands: which ids its newest events carry, and what each of them answered.

/** The promise of HTTP §3 covers these newest events of a stream; a stream rarely has a hundred. */
export const REMEMBERED_EVENTS = 10_000;

/** The events of one command: revisions `from`…`revision`, the position of the last one. */
export type Remembered = {
  readonly commandId: string;
  readonly from: number;
  readonly revision: number;
  readonly position: number;
  readonly bodyHash: string | undefined;
};

export interface Memory {
  readonly size: number;
  /** The command that created the stream; kept for ever. */
  readonly first: Remembered | undefined;
  get(commandId: string): Remembered | undefined;
  add(written: Remembered): void;
}

export const createMemory = (limit = REMEMBERED_EVENTS): Memory => {
  const commands = new Map<string, Remembered>();
  let events = 0;
  let first: Remembered | undefined;
  const add = (written: Remembered): void => {
    const before = commands.get(written.commandId);
    const whole = before === undefined ? written : { ...written, from: before.from };
    commands.set(written.commandId, whole);
    if (first === undefined || first.commandId === whole.commandId) first = whole;
    events += written.revision - written.from + 1;
    for (const oldest of commands.values()) {
      const size = oldest.revision - oldest.from + 1;
      if (events - size < limit) break; // without it fewer than `limit` events would be covered
      commands.delete(oldest.commandId);
      events -= size;
    }
  };
  return {
    get size() {
      return commands.size;
    },
    get first() {
      return first;
    },
    get: (commandId) => commands.get(commandId),
    add,
  };
};
