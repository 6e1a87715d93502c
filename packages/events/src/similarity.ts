// How alike two names are: by the pairs of letters that they share, which can be compared hashed as well as plain.

/** Each pair of neighbouring letters of a normalised name once; its words begin and end with a space. */
export const bigrams = (normalised: string): ReadonlySet<string> => {
  const letters = Array.from(` ${normalised} `);
  return new Set(letters.slice(1).map((letter, i) => `${letters[i] ?? ''}${letter}`));
};

/** Dice's coefficient 2·|A∩B| ÷ (|A|+|B|) of two sets, 0 to 1; two empty sets have nothing in common. */
export const diceSimilarity = (a: Iterable<string>, b: Iterable<string>): number => {
  const [one, other] = [new Set(a), new Set(b)];
  const size = one.size + other.size;
  const common = [...one].filter((each) => other.has(each)).length;
  return size === 0 ? 0 : (2 * common) / size;
};
