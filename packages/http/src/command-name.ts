// The last segment of a command's path: its name in kebab case without the aggregate's own name (HTTP §1).

const PREPOSITIONS: ReadonlySet<string> = new Set(['To', 'From', 'For', 'Of', 'On', 'With']);

const wordsOf = (command: string): readonly string[] => command.match(/[A-Z][a-z0-9]*/g) ?? [command];

/**
 * `AssignLead` of lead → `assign`, `MarkLeadDuplicate` → `mark-duplicate`, `MergeCustomers` → `merge`, `RespondToCase` →
 * `respond` (a preposition that has lost its noun goes too). Aggregates of several words are one lower-case name.
 */
export const commandPath = (command: string, aggregate: string): string => {
  const words = wordsOf(command);
  for (let from = 0; from < words.length; from++)
    for (let to = from + 1; to <= words.length; to++) {
      const part = words.slice(from, to).join('').toLowerCase();
      if (part !== aggregate && part !== `${aggregate}s`) continue;
      const rest = [...words.slice(0, from), ...words.slice(to)];
      while (PREPOSITIONS.has(rest.at(-1) ?? '')) rest.pop();
      if (rest.length > 0) return kebab(rest);
    }
  return kebab(words);
};

const kebab = (words: readonly string[]): string => words.join('-').toLowerCase();
