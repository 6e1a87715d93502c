// How promising a lead is: a sum of factors, each with the class it fell into. Pure, for one version of the model.

export type Role = {
  readonly class: string;
  readonly points: number;
  /** Latin words of a job title, whole and in lower case. */
  readonly words: readonly string[];
  /** Han words, found anywhere in a job title. */
  readonly han: readonly string[];
};

export type ScoringModel = {
  readonly policy: string;
  readonly version: number;
  readonly source: Readonly<Record<string, number>>;
  readonly email: number;
  readonly phone: number;
  /** The first role of which a word is found. */
  readonly roles: readonly Role[];
  readonly otherRole: number;
  readonly company: number;
  /** From the largest: the first bound that is reached. */
  readonly employees: readonly { readonly atLeast: number; readonly points: number }[];
  readonly interests: { readonly each: number; readonly most: number };
  readonly referrer: number;
  /** By the newest contact attempt. */
  readonly engagement: Readonly<Record<string, number>>;
  /** By days since the capture, from the youngest. */
  readonly freshness: {
    readonly days: readonly { readonly upTo: number; readonly points: number }[];
    readonly older: number;
  };
  /** The least score of each grade; below the last one it is D. */
  readonly grades: { readonly A: number; readonly B: number; readonly C: number };
};

/** What a score is made of. Personal values are classes already, except the job title, which becomes one here. */
export type LeadFacts = {
  readonly source: string;
  readonly hasEmail: boolean;
  readonly hasPhone: boolean;
  readonly jobTitle: string | null;
  readonly hasCompany: boolean;
  readonly employees: number | null;
  readonly interests: number;
  readonly isReferred: boolean;
  /** Outcome of the newest contact attempt. */
  readonly outcome: string | null;
  readonly ageDays: number;
};

export type Grade = 'A' | 'B' | 'C' | 'D';
export type Factor = { readonly name: string; readonly value: string; readonly points: number };
export type Score = {
  /** 0–100 */
  readonly score: number;
  readonly grade: Grade;
  readonly modelVersion: string;
  /** Those that gave or took points. */
  readonly factors: readonly Factor[];
};

const MAX_SCORE = 100;

/** Sum of the factors, 0–100. Deterministic for a model version: no clock, no locale. */
export const scoreLead = (lead: LeadFacts, model: ScoringModel): Score => {
  const factors = factorsOf(lead, model).filter(({ points }) => points !== 0);
  const sum = factors.reduce((total, { points }) => total + points, 0);
  const score = Math.min(MAX_SCORE, Math.max(0, sum));
  return { score, grade: gradeOf(score, model), modelVersion: `${model.policy}@${model.version}`, factors };
};

const factorsOf = (lead: LeadFacts, model: ScoringModel): readonly Factor[] => [
  { name: 'source', value: lead.source, points: model.source[lead.source] ?? 0 },
  { name: 'email', value: 'USABLE', points: lead.hasEmail ? model.email : 0 },
  { name: 'phone', value: 'USABLE', points: lead.hasPhone ? model.phone : 0 },
  { name: 'role', ...roleOf(lead.jobTitle, model) },
  { name: 'company', value: 'NAMED', points: lead.hasCompany ? model.company : 0 },
  { name: 'size', ...sizeOf(lead.employees, model) },
  {
    name: 'interests',
    value: String(lead.interests),
    points: Math.min(lead.interests * model.interests.each, model.interests.most),
  },
  { name: 'referrer', value: 'CUSTOMER', points: lead.isReferred ? model.referrer : 0 },
  {
    name: 'engagement',
    value: lead.outcome ?? 'NONE',
    points: lead.outcome === null ? 0 : (model.engagement[lead.outcome] ?? 0),
  },
  { name: 'freshness', ...freshnessOf(lead.ageDays, model) },
];

type Class = Pick<Factor, 'value' | 'points'>;

/** The first list of which a word is in the title: whole Latin words, Han words anywhere. */
const roleOf = (jobTitle: string | null, { roles, otherRole }: ScoringModel): Class => {
  const title = (jobTitle ?? '').normalize('NFKC').toLowerCase();
  if (title.trim() === '') return { value: 'NONE', points: 0 };
  const words = new Set(title.split(/[^\p{L}\p{M}\p{N}]+/u));
  const found = roles.find(
    (role) => role.words.some((word) => words.has(word)) || role.han.some((word) => title.includes(word)),
  );
  return found === undefined
    ? { value: 'OTHER', points: otherRole }
    : { value: found.class, points: found.points };
};

const sizeOf = (employees: number | null, model: ScoringModel): Class => {
  const reached =
    employees === null ? undefined : model.employees.find(({ atLeast }) => employees >= atLeast);
  return reached === undefined
    ? { value: 'UNKNOWN', points: 0 }
    : { value: `>=${reached.atLeast}`, points: reached.points };
};

const freshnessOf = (ageDays: number, { freshness: { days, older } }: ScoringModel): Class => {
  const young = days.find(({ upTo }) => ageDays <= upTo);
  return young === undefined
    ? { value: `>${days.at(-1)?.upTo ?? 0}`, points: older }
    : { value: `<=${young.upTo}`, points: young.points };
};

const gradeOf = (score: number, { grades: { A, B, C } }: ScoringModel): Grade =>
  score >= A ? 'A' : score >= B ? 'B' : score >= C ? 'C' : 'D';
