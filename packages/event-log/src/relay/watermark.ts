// How far everything is in the log. Lanes finish out of order: the low watermark counts, not the last acknowledgement.

/** A place in the store: a position, and how many events lie up to it. */
export type Place = { readonly position: number; readonly events: number };

export type LowWatermark = {
  /** The largest place with nothing older unacknowledged on any lane. */
  place(): Place;
  /** A round was read, in store order; it is in the log when its answer was called `parts` times (0: at once). */
  open(end: Place, parts: number): () => void;
};

type Round = { readonly end: Place; missing: number };

/** `moved` is called whenever the low watermark has moved. */
export const lowWatermark = (start: Place, moved: (place: Place) => void): LowWatermark => {
  const rounds: Round[] = []; // bounded by what the relay allows in flight
  let low = start;
  const settle = (): void => {
    const before = low;
    for (let first = rounds[0]; first?.missing === 0; first = rounds[0]) {
      low = first.end;
      rounds.shift();
    }
    if (low !== before) moved(low);
  };
  return {
    place: () => low,
    open(end, parts) {
      const round = { end, missing: parts };
      rounds.push(round);
      if (parts === 0) settle();
      return () => {
        round.missing--;
        if (round === rounds[0]) settle();
      };
    },
  };
};
