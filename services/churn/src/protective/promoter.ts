// The customer would recommend us. Surveys are not written yet: specifications feed it.
import { recent, type ProtectiveFactor } from './factor.ts';

/** By definition of the Net Promoter Score. */
const PROMOTER = 9;

export const promoter: ProtectiveFactor = {
  code: 'PROMOTER',
  zh: '推荐者',
  en: 'Would recommend us',
  evidence: ({ interaction: { nps } }, at, rules) =>
    nps !== null && nps.score >= PROMOTER ? recent(nps, at, rules) : [],
};
