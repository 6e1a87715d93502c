// The ids of a command: all derived, so that a repetition meets what the first one wrote.
import { hash, type KeyObject } from 'node:crypto';
import { canonicalJson, tenureNamespace, uuid5 } from '@tenure/core';
import type { AggregateSpec } from '../definition.ts';

const COMMAND_NAMESPACE = tenureNamespace('command');
const NATURAL_KEY_NAMESPACE = tenureNamespace('natural-key');

/** `commandId = uuid5(principal, route with the real id, key)` (HTTP §3). */
export const commandIdOf = (principal: string, route: string, key: string): string =>
  uuid5(COMMAND_NAMESPACE, principal, route, key);

/** Id of the event number `index` that a command writes. */
export const eventIdOf = (commandId: string, index: number): string => uuid5(commandId, String(index));

/** The command id of a reaction: the same event, target and place in the list give the same command. */
export const reactionCommandId = (eventId: string, targetStream: string, ordinal: number): string =>
  uuid5(eventId, targetStream, String(ordinal));

/** The command id of a deadline: its key names stream and purpose, `at` is the instant (ms) or the business date. */
export const deadlineCommandId = (key: string, at: number | string): string =>
  uuid5(tenureNamespace('deadline'), key, String(at));

/** Id of an aggregate from its natural key. Equal keys of different aggregates give different ids. */
export const naturalId = (aggregate: string, parts: readonly string[]): string =>
  uuid5(NATURAL_KEY_NAMESPACE, aggregate, ...parts);

/** Where the id of a target came from; it decides how an existing stream answers (HTTP §1, §3). */
export type Target =
  | { readonly origin: 'path' | 'issued' | 'client' | 'natural'; readonly id: string }
  | { readonly origin: 'command' };

/** The id of a creation: the client's, else that of the natural key, else the command's. */
export const targetOfCreation = (spec: AggregateSpec, clientId: string | null, body: object): Target => {
  if (clientId !== null) return { origin: 'client', id: clientId };
  const fixed = spec.idOf?.(body);
  if (fixed !== undefined && fixed !== null) return { origin: 'natural', id: fixed };
  const parts = spec.naturalKey?.(body);
  if (parts !== undefined && parts !== null)
    return { origin: 'natural', id: naturalId(spec.model.name, parts) };
  return { origin: 'command' };
};

/** 22 characters of base64url are more than 128 bit: they tell two bodies apart, and more would only make every event longer. */
const BODY_HASH_LENGTH = 22;
/** Block of SHA-256, to which RFC 2104 pads the key. */
const BLOCK_BYTES = 64;

export type BodyHash = (steps: readonly { readonly command: string; readonly body: unknown }[]) => string;

/**
 * HMAC-SHA-256 of the canonical bodies of a command with its `then`: nobody can try guesses at a body from what is
 * stored. Written out (RFC 2104), because two one-shot hashes take half the time of the runtime's HMAC object.
 */
export const bodyHasher = (key: KeyObject): BodyHash => {
  const secret = key.export();
  const block = Buffer.alloc(BLOCK_BYTES);
  (secret.length > BLOCK_BYTES ? hash('sha256', secret, 'buffer') : secret).copy(block);
  const inner = block.map((byte) => byte ^ 0x36);
  const outer = block.map((byte) => byte ^ 0x5c);
  return (steps) => {
    const text = Buffer.from(canonicalJson(steps.map(({ command, body }) => [command, body])), 'utf8');
    const digest = hash('sha256', Buffer.concat([inner, text]), 'buffer');
    return hash('sha256', Buffer.concat([outer, digest]), 'base64url').slice(0, BODY_HASH_LENGTH);
  };
};
