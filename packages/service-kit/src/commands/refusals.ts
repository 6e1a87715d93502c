// The refusals of command handling, in the words of HTTP §4. Status codes are packages/http's business.
import { NOTHING, ruleViolated, TenureError } from '@tenure/core';
import type { AggregateSpec } from '../definition.ts';

/** What a refusal says about the aggregate as it is now. */
export type Current = { readonly id: string; readonly status: string; readonly revision: number };

export const notFound = (what: string): TenureError =>
  new TenureError('NOT_FOUND', `There is no ${what} with this id.`);

/** Commands that the state allows and that have a route, in the order of the domain's table. */
export const routedCommands = (spec: AggregateSpec, status: string): readonly string[] =>
  Object.entries<readonly string[]>(spec.model.transitions)
    .filter(([name, from]) => from.includes(status) && !spec.internal?.includes(name))
    .map(([name]) => name);

export const illegalState = (spec: AggregateSpec, command: string, current: Current): TenureError =>
  new TenureError(
    'ILLEGAL_STATE',
    current.status === NOTHING
      ? `${command} needs an existing ${spec.model.name}; there is none with this id.`
      : `${command} is not allowed while the ${spec.model.name} is ${current.status}.`,
    { current, allowedCommands: routedCommands(spec, current.status) },
  );

export const alreadyExists = (spec: AggregateSpec, current: Current): TenureError =>
  new TenureError(
    'ALREADY_EXISTS',
    `There is a ${spec.model.name} with this natural key already, and it was created with another body.`,
    { current, allowedCommands: routedCommands(spec, current.status) },
  );

export const staleRevision = (current: Current): TenureError =>
  new TenureError('STALE_REVISION', 'It has changed since it was read. Read it again, then decide anew.', {
    current,
  });

export const ifMatchRequired = (current: Current): TenureError =>
  new TenureError('IF_MATCH_REQUIRED', 'Send If-Match with the revision that was read (its ETag).', {
    current,
  });

export const keyReused = (): TenureError =>
  ruleViolated(
    'IDEMPOTENCY_KEY_REUSED',
    'This Idempotency-Key was used for another command. Send a fresh key with a new command.',
  );

export const inFlight = (): TenureError =>
  new TenureError(
    'IN_FLIGHT',
    'The first command with this Idempotency-Key is still running. Send it again.',
    {},
    { retriable: true },
  );

export const overloaded = (limit: number): TenureError =>
  new TenureError(
    'OVERLOADED',
    'Too many commands are in flight. Send it again later.',
    { limit },
    { retriable: true },
  );

export const customerErased = (): TenureError =>
  new TenureError('CUSTOMER_ERASED', 'This customer was erased; no command is accepted any more.');

export const customerAbsorbed = (survivorId: string | null): TenureError =>
  new TenureError('CUSTOMER_ABSORBED', 'This customer was merged into another. Use the survivor.', {
    survivorId,
  });

export const notYours = (): TenureError =>
  new TenureError('FORBIDDEN', 'It belongs to somebody outside your teams. Ask its owner or a supervisor.', {
    needs: ['supervisor'],
  });

export const roleNeeded = (roles: readonly string[]): TenureError =>
  new TenureError('FORBIDDEN', 'This command needs another role.', { needs: roles });
