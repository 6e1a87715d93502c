// Exact numbers for rules: what money is divided by and multiplied with must not pick up binary noise.

/** A fraction; `over` is positive. */
export type Rational = { readonly units: bigint; readonly over: bigint };

/** A number as the decimal it is written as: 0.1 is a tenth. Null for what is no finite number. */
export const rationalOf = (value: number): Rational | null => {
  if (!Number.isFinite(value)) return null;
  if (Number.isInteger(value)) return { units: BigInt(value), over: 1n };
  const [mantissa = '0', exponent = '0'] = String(value).split('e');
  const [whole = '0', fraction = ''] = mantissa.split('.');
  const places = fraction.length - Number(exponent);
  const units = BigInt(`${whole}${fraction}`);
  return places >= 0
    ? { units, over: 10n ** BigInt(places) }
    : { units: units * 10n ** BigInt(-places), over: 1n };
};

const PLACES = 20; // more than the 17 digits that tell two doubles apart

/** The number next to it; null beyond ±2⁵³, where whole numbers are no longer exact. */
export const numberOf = ({ units, over }: Rational): number | null => {
  const whole = units / over;
  if (whole > Number.MAX_SAFE_INTEGER || whole < Number.MIN_SAFE_INTEGER) return null;
  if (units % over === 0n) return Number(whole);
  return Number(`${(units * 10n ** BigInt(PLACES)) / over}e-${PLACES}`);
};

export const compareRationals = (a: Rational, b: Rational): number => {
  const [left, right] = [a.units * b.over, b.units * a.over];
  return left === right ? 0 : left < right ? -1 : 1;
};

export const plus = (a: Rational, b: Rational): Rational => ({
  units: a.units * b.over + b.units * a.over,
  over: a.over * b.over,
});

export const minus = (a: Rational, b: Rational): Rational => plus(a, { units: -b.units, over: b.over });

export const times = (a: Rational, b: Rational): Rational => ({
  units: a.units * b.units,
  over: a.over * b.over,
});

/** Null for a division by nothing. */
export const dividedBy = (a: Rational, b: Rational): Rational | null => {
  if (b.units === 0n) return null;
  const sign = b.units < 0n ? -1n : 1n;
  return { units: sign * a.units * b.over, over: sign * b.units * a.over };
};

/** The whole number at or below it. */
export const floored = ({ units, over }: Rational): Rational => {
  const whole = units / over;
  return { units: units < 0n && units % over !== 0n ? whole - 1n : whole, over: 1n };
};
