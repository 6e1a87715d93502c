// The customer of a row: registered on first sight, found by his id in the system he comes from.
import { filled } from './body.ts';
import { importedCustomerId, THEN, type BatchLine, type RowIdentity } from './planned.ts';

/** How a mapping registers somebody. */
export type Registration = {
  readonly kind: string;
  readonly name: string;
  readonly locale: string;
  readonly timeZone: string;
  readonly homeCurrency: string;
};

const MAX_NAME = 200;

/** The fields of a registration. */
export const registrationOf = (
  { kind, name, locale, timeZone, homeCurrency }: Registration,
  { values }: RowIdentity,
  customerId: string,
): object => ({
  customerId,
  kind,
  displayName: filled(name, values).slice(0, MAX_NAME),
  source: 'IMPORT',
  locale,
  timeZone,
  homeCurrency,
});

export const customerLine = (
  { system, customer }: { readonly system: string; readonly customer: Registration },
  identity: RowIdentity,
  occurredAt: string,
): BatchLine => {
  const externalId = identity.externalId ?? '';
  const customerId = importedCustomerId(system, externalId);
  return {
    route: '/api/customers',
    key: `customer/${customerId}`,
    customerId,
    body: { ...registrationOf(customer, identity, customerId), occurredAt },
    [THEN]: [{ command: 'link-external-identity', body: { system, externalId, confidence: 100 } }],
  };
};
