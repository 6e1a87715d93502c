// Bodies of commands that people send.
import { randomUUID } from 'node:crypto';

const money = (minor: number) => ({ minor, currency: 'EUR' });

/** One line of one piece. */
export const orderOf = (customerId: string, minor = 1_495): object => ({
  customerId,
  channel: 'WEB_SHOP',
  lines: [
    {
      lineId: randomUUID(),
      productId: randomUUID(),
      qty: 1,
      unitPrice: money(minor),
      discount: money(0),
      tax: money(0),
      total: money(minor),
    },
  ],
  total: money(minor),
});

export const personOf = (displayName: string, more: object = {}): object => ({
  kind: 'PERSON',
  displayName,
  source: 'SELF_SERVICE',
  ...more,
});
