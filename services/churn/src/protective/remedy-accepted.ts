// A complaint ended well: service recovery.
import { recent, type ProtectiveFactor } from './factor.ts';

export const remedyAccepted: ProtectiveFactor = {
  code: 'REMEDY_ACCEPTED',
  zh: '接受补救',
  en: 'Accepted a remedy',
  evidence: ({ service }, at, rules) => recent(service.remedyAccepted, at, rules),
};
