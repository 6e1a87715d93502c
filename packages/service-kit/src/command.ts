// The way into a write service: the same for HTTP, the batch route, reactions and deadlines (HTTP §2–§3).
import type { Actor } from '@tenure/core';
import type { SealedBlock } from '@tenure/events';

/** Who sends a command. `sub` is the principal of its idempotency keys. */
export type Caller = {
  readonly sub: string;
  readonly roles: readonly string[];
  readonly agent?: string | undefined;
  readonly teams: readonly string[];
  readonly actor: Actor;
};

/** One command of `then`, on the same aggregate. `command` is the full name (`ConfirmOrder`). */
export type Step = { readonly command: string; readonly body: unknown };

export type CommandRequest = {
  readonly service: string;
  readonly aggregate: string;
  /** First the command itself, then those of `then`: decided one after the other, written in one append. */
  readonly steps: readonly [Step, ...Step[]];
  /** The aggregate's id, from the path or issued by a process; absent for a creation (then the body's id, the natural key or the command decides). */
  readonly id?: string | undefined;
  /** Idempotency-Key, 1–200 printable ASCII characters. */
  readonly key: string;
  /** Principal of the command ids: the token's `sub`, or the system of an import. */
  readonly principal: string;
  /** Route without the id: `/api/orders`, `/api/orders/{id}/confirm`. */
  readonly route: string;
  readonly caller: Caller;
  /**
   * 'own': only what the caller or his teams own, or nobody. Default: by roles (`agent` and no wider one). Set it where
   * the role table knows better (a privacy officer who is an agent too, giving a consent).
   */
  readonly scope?: 'all' | 'own';
  /** null: not sent; '*': any. */
  readonly ifMatch: number | '*' | null;
  readonly backfill: boolean;
  readonly reactions: boolean;
  readonly causationId?: string;
  readonly correlationId?: string;
  readonly traceparent?: string;
  /** Set by reactions and deadlines: the command id is derived, not built from principal, route and key. */
  readonly commandId?: string;
};

/** `created` and `replay` are what the status line and Idempotent-Replay say; `position` is null when nothing was written. */
export type CommandResult = {
  readonly id: string;
  readonly customerId: string | null;
  readonly revision: number;
  readonly position: number | null;
  readonly source: string;
  readonly created: boolean;
  readonly replay: boolean;
};

export type AggregateView = {
  readonly id: string;
  readonly customerId: string | null;
  readonly status: string;
  readonly revision: number;
  readonly allowedCommands: readonly string[];
  /** Sealed values are still references; `sealed` holds the blocks they point into, by event id. */
  readonly state: object;
  readonly sealed: ReadonlyMap<string, SealedBlock>;
};

export interface CommandBus {
  /**
   * Refusals are TenureErrors with the codes of HTTP §4; those with `data.rule` are 422. `data.step` (1, 2, …) names the
   * command of `then` that was refused. Resolves after the flush.
   */
  submit(request: CommandRequest): Promise<CommandResult>;
  /**
   * Says that this very request will be submitted in a moment: its stream is read meanwhile, so that the command waits
   * for its flush alone. Never throws: what is wrong with it is told by `submit`.
   */
  expect(request: CommandRequest): void;
  /**
   * From the stream, never behind. `scope` as in a request. `allowedCommands`: what the state allows and has a route (rights are the edge's).
   * @throws NOT_FOUND, FORBIDDEN (own/team), CUSTOMER_ERASED, CUSTOMER_ABSORBED (data.survivorId) for a customer himself
   */
  read(
    service: string,
    aggregate: string,
    id: string,
    caller: Caller,
    scope?: CommandRequest['scope'],
  ): Promise<AggregateView>;
}
