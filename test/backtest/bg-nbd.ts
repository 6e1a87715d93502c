// The lifetime model BG/NBD (Fader, Hardie and Lee 2005): the chance that a customer buys nothing for a while.

/** Fitted parameters, all positive. Times are in weeks. */
export type BgNbd = {
  readonly model: 'bg-nbd';
  readonly unit: 'weeks';
  readonly r: number;
  readonly alpha: number;
  readonly a: number;
  readonly b: number;
};

const NAMES = ['r', 'alpha', 'a', 'b'] as const;

/** Reads parameters as a file gives them. Throws what is wrong with them. */
export const bgNbdOf = (value: unknown): BgNbd => {
  const given = (typeof value === 'object' && value !== null ? value : {}) as Readonly<
    Record<string, unknown>
  >;
  if (given['model'] !== 'bg-nbd' || given['unit'] !== 'weeks')
    throw new Error('it names neither the model bg-nbd nor the unit weeks');
  const [r, alpha, a, b] = NAMES.map((name) => {
    const one = given[name];
    if (typeof one !== 'number' || !(one > 0)) throw new Error(`${name} must be a positive number`);
    return one;
  });
  return { model: 'bg-nbd', unit: 'weeks', r: r ?? 0, alpha: alpha ?? 0, a: a ?? 0, b: b ?? 0 };
};

/** Repeat purchases (days after the first one), weeks from the first to the last, weeks from the first to now. */
export type Purchases = { readonly repeats: number; readonly last: number; readonly age: number };

/** ln(eˣ + eʸ) without overflow. */
const logAddExp = (x: number, y: number): number => {
  const larger = Math.max(x, y);
  return larger === -Infinity ? larger : larger + Math.log1p(Math.exp(Math.min(x, y) - larger));
};

/** The part of the log-likelihood that depends on how long the customer was watched: the rest is the same for all ages. */
const watchedFor = ({ r, alpha, a, b }: BgNbd, { repeats, last }: Purchases, weeks: number): number => {
  const alive = -(r + repeats) * Math.log(alpha + weeks);
  if (repeats === 0) return alive;
  const gone = Math.log(a) - Math.log(b + repeats - 1) - (r + repeats) * Math.log(alpha + last);
  return logAddExp(alive, gone);
};

/** P(no purchase in the next weeks) = exp(LL(x, tₓ, T + t) − LL(x, tₓ, T)): to have been watched longer and seen nothing more. */
export const silence = (parameters: BgNbd, purchases: Purchases, weeks: number): number =>
  Math.exp(
    watchedFor(parameters, purchases, purchases.age + weeks) -
      watchedFor(parameters, purchases, purchases.age),
  );
