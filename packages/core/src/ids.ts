// UUIDs: v5 for everything that can be derived (a repetition gets the same id), v7 for what cannot.
import { hash } from 'node:crypto';

/** RFC 9562 name spaces. */
export const DNS_NAMESPACE = '6ba7b810-9dad-11d1-80b4-00c04fd430c8';
export const URL_NAMESPACE = '6ba7b811-9dad-11d1-80b4-00c04fd430c8';

/** Parts of a derived name are joined by U+001F, which no part contains. */
export const UNIT_SEPARATOR = '\u001f';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Lower-case textual form, any version. */
export const isUuid = (text: string): boolean => UUID.test(text);

export const uuidToBytes = (uuid: string): Buffer => Buffer.from(uuid.replaceAll('-', ''), 'hex');

export const uuidFromBytes = (bytes: Uint8Array, offset = 0): string => {
  const hex = Buffer.from(bytes.buffer, bytes.byteOffset + offset, 16).toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
};

/** Holds the name space and most names: five ids are derived for each command, and a buffer for each would cost more than its hash. */
const scratch = Buffer.allocUnsafeSlow(1_024);
/** UTF-8 takes at most three bytes for a UTF-16 unit. */
const MAX_BYTES_PER_UNIT = 3;
const VARIANT = ['8', '9', 'a', 'b'] as const;

/** Name-based id (SHA-1): the same name space and parts always give the same id. */
export const uuid5 = (namespace: string, ...parts: readonly string[]): string => {
  const name = parts.join(UNIT_SEPARATOR);
  const size = 16 + name.length * MAX_BYTES_PER_UNIT;
  const bytes = size <= scratch.length ? scratch : Buffer.allocUnsafe(size);
  writeUuid(namespace, bytes);
  const end = 16 + bytes.write(name, 16, 'utf8');
  const hex = hash('sha1', bytes.subarray(0, end), 'hex');
  const variant = VARIANT[digitAt(hex, 16) & 3];
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
};

const writeUuid = (uuid: string, target: Buffer): void => {
  let at = 0;
  for (let i = 0; i < uuid.length && at < 16; i += 2) {
    if (uuid.charCodeAt(i) === HYPHEN) i++;
    target[at++] = (digitAt(uuid, i) << 4) | digitAt(uuid, i + 1);
  }
};

const HYPHEN = 45;

/** The value of a lower-case hexadecimal digit. */
const digitAt = (text: string, at: number): number => {
  const code = text.charCodeAt(at);
  return code < 58 ? code - 48 : code - 87;
};

/** Time-ordered id from an instant (ms) and ten random bytes, both given by the caller. */
export const uuid7 = (now: number, random: Uint8Array): string => {
  const bytes = Buffer.alloc(16);
  bytes.writeUIntBE(now, 0, 6);
  bytes.set(random.subarray(0, 10), 6);
  bytes.writeUInt8(((bytes[6] ?? 0) & 0x0f) | 0x70, 6);
  bytes.writeUInt8(((bytes[8] ?? 0) & 0x3f) | 0x80, 8);
  return uuidFromBytes(bytes);
};

/** Name space of ids that Tenure derives from text: uuid5(URL, "tenure:<name>"). */
export const tenureNamespace = (name: string): string => uuid5(URL_NAMESPACE, `tenure:${name}`);
