// What each kind of file makes, and what may have happened to it since: the one place to add a kind.

type About = {
  /** Where one is created. */
  readonly route: string;
  /** Commands that may stand in `afterwards`. */
  readonly commands: readonly string[];
};

/** What each kind of file makes, and what may have happened to it since. */
export const KINDS = {
  customers: {
    route: '/api/customers',
    commands: [
      'add-contact-point',
      'add-related-contact',
      'assign-account-owner',
      'change-profile',
      'grant-consent',
      'link-external-identity',
      'set-custom-attributes',
      'withdraw-consent',
    ],
  },
  leads: {
    route: '/api/leads',
    commands: ['enrich', 'score', 'assign', 'log-contact-attempt', 'nurture', 'qualify', 'disqualify'],
  },
  cases: {
    route: '/api/cases',
    commands: [
      'verify-entitlement',
      'assign',
      'respond',
      'pend-on-customer',
      'record-customer-reply',
      'resolve',
      'close',
    ],
  },
  loyalty: { route: '/api/loyalty-accounts', commands: ['adjust-points', 'suspend-membership'] },
} satisfies Readonly<Record<string, About>>;
