// Personal data in memory: everywhere but at the edges a sealed value is a reference, so printing it shows nothing.

/**
 * Where a personal value lies: in the sealed block of event `$sealed`, under `field`. Holds no personal data itself.
 * The type parameter says what opening it gives. `entry` names one value of a sealed map.
 */
export type Sealable<T> = {
  readonly $sealed: string;
  readonly field: string;
  readonly entry?: string;
  /** Never set: carries the type of the opened value. */
  readonly opened?: T;
};

/** The encrypted personal fields of one event: AES-256-GCM, AAD = customer id | event id | block version. */
export type SealedBlock = {
  readonly eventId: string;
  readonly customerId: string;
  readonly schemaId: number;
  readonly kid: string;
  readonly iv: Uint8Array;
  /** Ciphertext with the 16-byte tag at its end. */
  readonly ct: Uint8Array;
};

export type Redacted = { readonly redacted: 'erased' };
export const REDACTED: Redacted = { redacted: 'erased' };

/** The value that a reference names among the opened fields of its block. */
export const sealedValue = <T>(
  fields: ReadonlyMap<string, unknown>,
  { field, entry }: Sealable<T>,
): T | undefined => {
  const value = fields.get(field);
  if (entry === undefined) return value as T | undefined;
  if (value instanceof Map) return value.get(entry) as T | undefined;
  return typeof value === 'object' && value !== null && Object.hasOwn(value, entry)
    ? (value as Readonly<Record<string, T>>)[entry]
    : undefined;
};

export const isSealedRef = (value: unknown): value is Sealable<unknown> =>
  typeof value === 'object' && value !== null && '$sealed' in value;
