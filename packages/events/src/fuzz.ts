// Damages encoded events in every way that a seed finds. A damaged body is UNDECODABLE or still the same event; one whose
// checksum was made to fit again is UNDECODABLE or a whole event. Never another error, never a hang.
import { createSecretKey } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { isTenureError } from '@tenure/core';
import type { DataKey } from '@tenure/keys';
import { restampBody } from './body.ts';
import { createCodec } from './codec.ts';
import type { Codec, DecodedEvent, EventToEncode } from './codec-types.ts';
import { createPlans, type EventPlan } from './plans.ts';
import { createRegistry } from './registry.ts';
import { below, sampleOf, sampleUuid, seeded, type Random } from './sample.ts';
import { UNKNOWN_SYMBOL } from './shape.ts';

export type FuzzResult = {
  readonly seed: number;
  readonly runs: number;
  readonly undecodable: number;
  /** Decoded to the event that was encoded: the damage hit nothing, or was undone. */
  readonly equal: number;
  /** Made to fit again, and decoded to another whole event. */
  readonly whole: number;
  /** What must not be, each with the run that shows it. */
  readonly violations: readonly string[];
};

/** Decoding takes microseconds; this is far above any pause of a busy machine. */
const HANG_MS = 2_000;
/** A broken codec would fill the memory with reports. */
const MAX_VIOLATIONS = 20;

/** `runs` damaged bodies from one seed. */
export const fuzzCodec = ({ seed, runs }: { readonly seed: number; readonly runs: number }): FuzzResult => {
  const random = seeded(seed);
  const registry = createRegistry();
  const codec = createCodec({
    registry,
    random: (size) => Uint8Array.from({ length: size }, () => below(random, 256)),
  });
  const plans = [...createPlans(registry).byType.values()];
  const counts = { undecodable: 0, equal: 0, whole: 0 };
  const violations: string[] = [];
  for (let run = 0; run < runs && violations.length < MAX_VIOLATIONS; run++) {
    const plan = plans[below(random, plans.length)];
    if (plan === undefined) break;
    const started = performance.now();
    const outcome = tryOne(codec, plan, random);
    if (performance.now() - started > HANG_MS) violations.push(`run ${run}: ${plan.type} took too long`);
    if (outcome.result === 'violation') violations.push(`run ${run}: ${plan.type}: ${outcome.what}`);
    else counts[outcome.result]++;
  }
  return { seed, runs, ...counts, violations };
};

type Outcome =
  | { readonly result: 'undecodable' | 'equal' | 'whole' }
  | { readonly result: 'violation'; readonly what: string };

const KEY: DataKey = { kid: 'fuzz', key: createSecretKey(Buffer.alloc(32, 7)) };

const tryOne = (codec: Codec, plan: EventPlan, random: Random): Outcome => {
  const event = sampleEvent(plan, random);
  const body = codec.encode(event, KEY);
  const original = decode(codec, plan, body);
  const damaged = mutate(body, random);
  const fits = random() < 0.5;
  if (fits) restampBody(damaged);
  try {
    const decoded = decode(codec, plan, damaged);
    if (isDeepStrictEqual(decoded, original)) return { result: 'equal' };
    return fits ? wholeEvent(codec, decoded) : { result: 'violation', what: 'damage was not seen' };
  } catch (error) {
    return isTenureError(error, 'UNDECODABLE')
      ? { result: 'undecodable' }
      : { result: 'violation', what: `threw ${String(error)}` };
  }
};

/** An event as a decider may write it, with values of any kind its schema allows. */
export const sampleEvent = (plan: EventPlan, random: Random): EventToEncode => ({
  id: sampleUuid(random),
  type: plan.type,
  source: plan.source,
  occurredAt: Math.floor((random() - 0.2) * 2 ** 41),
  recordedAt: Math.floor(random() * 2 ** 41),
  meta: {
    commandId: sampleUuid(random),
    correlationId: sampleUuid(random),
    actor: { kind: 'user', id: 'u1' },
    ...(random() < 0.5 ? { causationId: sampleUuid(random) } : {}),
    ...(random() < 0.3 ? { backfill: true } : {}),
  },
  customerId: plan.about === 'customer' ? CUSTOMER : null,
  data: sampleOf(plan.authored(), random) as object,
});

const CUSTOMER = '6e5bb38a-8de3-5688-b629-4fa13d846ff8';

const decode = (codec: Codec, plan: EventPlan, body: Uint8Array): DecodedEvent =>
  codec.decode(plan.source, { position: 1, stream: `${plan.source}-1`, revision: 0, key: CUSTOMER, body });

/** A body that fits and decodes must be an event that can be written again, and whose block opens or is refused. */
const wholeEvent = (codec: Codec, decoded: DecodedEvent): Outcome => {
  if (decoded.sealed !== null) codec.openFields(decoded.sealed, KEY);
  if (codec.hasPersonalFields(decoded.type) || JSON.stringify(decoded.data).includes(`"${UNKNOWN_SYMBOL}"`))
    return { result: 'whole' };
  const { id, type, source, occurredAt, recordedAt, meta, data } = decoded;
  const again = codec.encode(
    { id, type, source, occurredAt, recordedAt, meta, customerId: null, data: data as object },
    undefined,
  );
  const back = codec.decode(source, { ...decoded, body: again });
  return isDeepStrictEqual(back.data, data) && isDeepStrictEqual(back.meta, meta)
    ? { result: 'whole' }
    : { result: 'violation', what: 'reads another event when it is written again' };
};

const mutate = (body: Uint8Array, random: Random): Buffer => {
  const bytes = Buffer.from(body);
  const at = below(random, bytes.length);
  switch (below(random, 6)) {
    case 0: // one bit
      bytes[at] = (bytes[at] ?? 0) ^ (1 << below(random, 8));
      return bytes;
    case 1: // some bytes
      for (let left = 1 + below(random, 8); left > 0; left--)
        bytes[below(random, bytes.length)] = below(random, 256);
      return bytes;
    case 2: // cut off
      return bytes.subarray(0, at);
    case 3: // something behind it
      return Buffer.concat([bytes, bytes.subarray(at)]);
    case 4: // a number without end, or a huge one
      return bytes.fill(0xff, at, Math.min(bytes.length, at + 1 + below(random, 12)));
    default: // a piece from elsewhere
      bytes.copyWithin(at, below(random, bytes.length), bytes.length);
      return bytes;
  }
};
