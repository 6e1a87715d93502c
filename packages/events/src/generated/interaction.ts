// Generated from schemas/ by tools/generate.ts: change the schemas, then run it.
import type { Sealable } from '../sealed.ts';

export const surveyInstrumentSymbols = ['CSAT', 'NPS', 'CES', 'CSI'] as const;
/** Kind of survey. A reader may also meet UNKNOWN, which stands for a newer symbol. */
export type SurveyInstrument = (typeof surveyInstrumentSymbols)[number];

/** Score of a question. */
export type SurveyAnswer = {
  /** The question. */
  readonly questionId: string;
  /** The score. */
  readonly score: number;
};

/** What a survey is about. */
export type SurveyCause = {
  /** Kind of thing. */
  readonly kind: string;
  /** The thing. */
  readonly id: string;
};

/** The customer answered a survey. */
export type SurveyResponded = {
  /** The survey. */
  readonly surveyId: string;
  /** Kind of survey. */
  readonly instrument: SurveyInstrument | 'UNKNOWN';
  /** Version of its questions. */
  readonly instrumentVersion: number;
  /** Score of each question. */
  readonly answers: readonly SurveyAnswer[];
  /** What the customer wrote. */
  readonly verbatim: Sealable<string> | null;
  /** What the survey was about. */
  readonly cause: SurveyCause;
};

/** `SurveyResponded` as it is written. */
export type NewSurveyResponded = {
  readonly surveyId: string;
  readonly instrument: SurveyInstrument;
  readonly instrumentVersion: number;
  readonly answers: readonly SurveyAnswer[];
  readonly verbatim?: string | null | undefined;
  readonly cause: SurveyCause;
};

/** Events of `interaction` as they are read, by name. */
export type InteractionEvents = {
  readonly SurveyResponded: SurveyResponded;
};

/** Facts of `interaction` as deciders write them, by name. */
export type InteractionFacts = {
  readonly SurveyResponded: NewSurveyResponded;
};
