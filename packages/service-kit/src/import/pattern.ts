// Regular expressions of mappings. Only those are taken that cannot try many ways to match: every repetition ends at a
// character that it cannot itself take. Such a pattern needs one pass over a line, whatever the line holds.

/** One character class of a pattern and how often it may come. */
type Atom = { readonly source: string; readonly least: number; readonly varies: boolean };

/** Characters on which classes are compared: all of Latin-1, and some that stand for the rest. */
const SAMPLE = [
  ...Array.from({ length: 256 }, (_, i) => String.fromCharCode(i)),
  'Ā',
  'я',
  '中',
  '\u2028',
  '\uffff',
];

const GROUP_OPENS = /^\(\?<([A-Za-z][A-Za-z0-9_]{0,63})>/;
const ATOM = /^(?:\\[dDwWsS.*+?^$()[\]{}|\\/"'-]|\\t|\[\^?(?:\\.|[^\]\\])+\]|[^\\^$()[\]{}|*+?])/;
const REPEATS = /^(?:([*+?])|\{(\d{1,4})(,)?(\d{1,4})?\})/;

type Parsed = { readonly atoms: readonly Atom[]; readonly fields: readonly string[] };

/** What is wrong with a pattern; null: nothing. */
export const patternProblem = (pattern: string): string | null => {
  const parsed = parse(pattern);
  return typeof parsed === 'string' ? parsed : ambiguity(parsed.atoms);
};

/** The named groups of a pattern; none of one that is not accepted. */
export const fieldsOfPattern = (pattern: string): readonly string[] => {
  const parsed = parse(pattern);
  return typeof parsed === 'string' ? [] : parsed.fields;
};

const parse = (pattern: string): Parsed | string => {
  if (!pattern.startsWith('^') || !pattern.endsWith('$') || pattern.endsWith('\\$'))
    return 'must match the whole line: ^…$';
  const fields: string[] = [];
  const atoms: Atom[] = [];
  let inside = false;
  let rest = pattern.slice(1, -1);
  while (rest !== '') {
    const opens = GROUP_OPENS.exec(rest);
    if (opens !== null && !inside) {
      if (fields.includes(opens[1] ?? '')) return 'has two groups of one name';
      fields.push(opens[1] ?? '');
      inside = true;
      rest = rest.slice(opens[0].length);
    } else if (rest.startsWith(')') && inside) {
      inside = false;
      rest = rest.slice(1);
      if (REPEATS.test(rest)) return 'repeats a group: repeat the character class inside of it instead';
    } else {
      const taken = takeAtom(rest);
      if (taken === null)
        return 'may hold named groups (?<name>…), character classes and * + ? {n,m} behind a class; no alternatives, look-arounds, references or groups in groups';
      atoms.push(taken.atom);
      ({ rest } = taken);
    }
  }
  if (inside) return 'has a group that does not end';
  return fields.length === 0 ? 'has no named group (?<name>…)' : { atoms, fields };
};

const takeAtom = (text: string): { readonly atom: Atom; readonly rest: string } | null => {
  const source = ATOM.exec(text)?.[0] ?? null;
  if (source === null || !compiles(source)) return null;
  const after = text.slice(source.length);
  const repeats = REPEATS.exec(after);
  if (repeats === null) return { atom: { source, least: 1, varies: false }, rest: after };
  const [whole, sign, low, comma, high] = repeats;
  const least = sign === undefined ? Number(low) : sign === '+' ? 1 : 0;
  const varies = sign !== undefined || (comma !== undefined && high !== low);
  const rest = after.slice(whole.length);
  return /^[?*+{]/.test(rest) ? null : { atom: { source, least, varies }, rest }; // no lazy or doubled repetition
};

const compiles = (source: string): boolean => {
  try {
    return new RegExp(source, 'u') instanceof RegExp;
  } catch {
    return false; // the runtime says that this is no expression
  }
};

/** A repetition must end at a character it cannot take itself; then there is only one way to match. */
const ambiguity = (atoms: readonly Atom[]): string | null => {
  const classes = atoms.map(({ source }) => new RegExp(`^${source}$`, 'su'));
  for (const [i, atom] of atoms.entries()) {
    if (!atom.varies) continue;
    for (let next = i + 1; next < atoms.length; next++) {
      const [mine, others] = [classes[i], classes[next]];
      if (SAMPLE.some((char) => mine?.test(char) === true && others?.test(char) === true))
        return `repeats ${atom.source} before ${atoms[next]?.source ?? ''}, which can take the same characters: use a class that excludes it, such as [^,]*,`;
      if ((atoms[next]?.least ?? 1) > 0) break;
    }
  }
  return null;
};
