// What a write service writes down (ARCHITECTURE §6). `defineService` is the only wiring; service-kit does the rest.
import type { Aggregate, CommandContext, Parts } from '@tenure/core';
import type { DecodedEvent, OpenedFields, Sealable } from '@tenure/events';
import type { ProjectionDefinition } from '@tenure/projections';
import type { Filter, Query, SearchEntry, StoredDocument } from '@tenure/read-models';
import type { z } from 'zod';
import type { PolicyHead, Policies } from './policies.ts';

/** Columns that rows of a table are found by: `{ column, op, value }`, all of them. */
export type TableFilters = readonly Filter[];

export type TableQuery = {
  readonly filters: TableFilters;
  /** Default: by id, ascending. */
  readonly sort?: Query['sort'];
  /** At most MAX_TABLE_ROWS. */
  readonly limit: number;
};

/**
 * Small tables of the service folded from the log, rebuildable like any projection: its lookup tables by the name after
 * the service's (`party`), and its list models by their plural (`orders`).
 */
export interface Lookups {
  get(table: string, id: string): Promise<StoredDocument | undefined>;
  search(table: string, kind: string, hash: string, limit: number): Promise<readonly string[]>;
  /** What a row can be found by: kind and hash of each of its personal values. */
  entries(table: string, id: string): Promise<readonly SearchEntry[]>;
  query(table: string, query: TableQuery): Promise<readonly StoredDocument[]>;
  count(table: string, filters: TableFilters): Promise<number>;
}

/** Another aggregate (or the one that decides) as of now. `revision` −1: it does not exist, `state` is its initial one. */
export type ReadAggregate = {
  readonly state: unknown;
  readonly revision: number;
  /** The key of its events: its customer, or its own id for facts about nobody. Null: it does not exist. */
  readonly key: string | null;
  /** The plain value of a sealed reference in `state`; null when the keys of its person are destroyed, or for null. */
  readonly open: <T>(value: Sealable<T> | null | undefined) => T | null;
};

/** What a service may read beyond a stream or an event: for the contexts of its deciders, and for its reactions. */
export type ContextSources = {
  readonly policies: Policies;
  readonly lookups: Lookups;
  /** An aggregate of the same service, read at decision time. The one that decides: as the decider sees it. */
  readonly read: (aggregate: string, id: string) => Promise<ReadAggregate>;
  /** The personal fields of an event by name; empty when it has none or the keys of its person are destroyed. */
  readonly open: (event: DecodedEvent) => Promise<OpenedFields>;
  /** HMAC with the deployment's pepper of a normalised personal value: the blind index. */
  readonly blindIndex: (kind: string, normalised: string) => string;
};

/** One command of an aggregate on its way in. */
export type CommandSpec = {
  /**
   * The body, strict. Fields as in the domain's event, without what others know better (HTTP §2). `occurredAt`,
   * `customerId` and (creations) the id field belong to the envelope: the kit reads and checks them and hands them on
   * only to a schema that names them.
   */
  readonly body: z.ZodType<object>;
  /** Rule codes (422) the decider may answer with: listed in OpenAPI. */
  readonly rules?: readonly string[];
  /** Beyond the rights of the role table: only these roles (people). */
  readonly roles?: readonly string[];
};

/**
 * Whose a new aggregate is where its id or what it belongs to tells it. `named`: whom the sender named; a customer other
 * than the answer is refused (CUSTOMER_MISMATCH), so one who may be named is answered.
 */
export type CustomerOf = (
  creation: { readonly id: string; readonly named: string | null; readonly body: object },
  sources: ContextSources,
) => string | Promise<string>;

export type AggregateSpec = {
  /** `modelOf(order)`: the kit handles aggregates of any parts, it never looks into their states. */
  readonly model: Aggregate<Parts>;
  /** Path under /api: `orders`. */
  readonly plural: string;
  /** Field of the creating command that may name the id: `orderId`. */
  readonly idField: string;
  /** Source its events are published under; default: the service's name. */
  readonly source?: string;
  /** The creating command (`POST /api/orders`). */
  readonly creates: string;
  readonly commands: Readonly<Record<string, CommandSpec>>;
  /** Commands of a process or timer alone: no route. They have their schema in `commands` like all others. */
  readonly internal?: readonly string[];
  /** Parts of the natural key found in the creating body; null where there is none. The id is then uuid5 of it. */
  readonly naturalKey?: (body: object) => readonly string[] | null;
  /** A fixed id that the creating body alone decides; null: as if there were none. A repetition counts as a known natural key. */
  readonly idOf?: (body: object) => string | null;
  /** 'self': the customer is the id (Customer) · 'body': `customerId` is required · 'none': about nobody · or who it is. */
  readonly customer: 'self' | 'body' | 'none' | CustomerOf;
  /** Who owns the aggregate, for own/team rights; null: its customer's owner counts. */
  readonly ownerOf?: (state: object) => string | null;
  /** What `GET /api/orders/{id}` shows as `state`, and its schema. Sealed values stay references: http opens them. */
  readonly view: {
    readonly schema: z.ZodType<object>;
    readonly of: (state: object, about: ViewedAggregate) => object;
  };
  /** More context for deciders than CommandContext; default: `{ policies }`. */
  readonly context?: (
    sources: ContextSources,
    command: { readonly name: string; readonly data: object; readonly base: CommandContext },
  ) => Promise<object>;
  /** The list model behind `GET /api/orders`: a projection named like the path, `_id` = aggregate id. Absent: another service answers the list. */
  readonly list?: ProjectionDefinition;
  /** Query parameters of the list beyond the common ones → indexed column of the list model. */
  readonly filters?: Readonly<
    Record<string, { readonly column: string; readonly op: 'eq' | 'in' | 'gte' | 'lt' }>
  >;
};

/** What a view may show beyond the state. `zone`: IANA zone of business dates. */
export type ViewedAggregate = { readonly id: string; readonly zone: string };

/** A command that a reaction or a deadline issues. Ids are derived: a redelivered event changes nothing. */
export type IssuedCommand = {
  readonly aggregate: string;
  readonly id: string;
  readonly customerId: string;
  readonly command: string;
  readonly body: object;
  /**
   * An id (UUID) of what the command is done for, where several events may bring it, whichever comes last: then it is the
   * same command, and leads to the same events. Left out: each event brings a command of its own.
   */
  readonly once?: string;
};

/** What a reaction knows beside its event. `zone`: IANA zone of business dates; `gathered`: what `gather` answered, or {}. */
export type ReactionContext<G extends object = object> = {
  readonly policies: Policies;
  readonly zone: string;
  readonly gathered: G;
};

/**
 * Events of other services (and of this one) → commands of this service. `react` is pure; what it needs to know beyond
 * the event, `gather` reads before, when the service's own tables have folded that event. Imported history
 * (`meta.backfill`) is skipped; an import that asks for reactions does not carry that mark. A command's place in the
 * list is part of its id: a list that leaves out what an earlier delivery has done moves the rest, which then counts as
 * done too. Name all commands every time, and let the domain refuse.
 */
export type ReactionOf<G extends object> = {
  readonly name: string;
  readonly on: Readonly<Record<string, readonly string[]>>;
  readonly gather?: (sources: ContextSources, event: DecodedEvent) => Promise<G>;
  readonly react: (event: DecodedEvent, context: ReactionContext<G>) => readonly IssuedCommand[];
};

/** A reaction as the kit takes it: one that gathers is written with `reaction`. */
export type Reaction = ReactionOf<object>;

/** What an event says about deadlines: wake me then with this command, or never mind. `day`: fires when that day has closed. */
export type DeadlineChange =
  | { readonly set: string; readonly at: number; readonly command: IssuedCommand }
  | { readonly set: string; readonly day: string; readonly command: IssuedCommand }
  | { readonly clear: string };

/** A deadline that is set. */
export type DeadlineSet = Exclude<DeadlineChange, { readonly clear: string }>;

type DeadlineContext = { readonly policies: Policies; readonly zone: string };

export type Deadlines = {
  readonly on: Readonly<
    Record<string, (event: DecodedEvent, context: DeadlineContext) => readonly DeadlineChange[]>
  >;
  /**
   * What an aggregate, by its name, waits for as its state says: asked after each of its events, the answer takes the
   * place of the one before. For what no single event tells (which lot of points expires next). `on` is not asked then.
   */
  readonly states?: Readonly<
    Record<
      string,
      (
        state: object,
        context: DeadlineContext & { readonly id: string; readonly customerId: string },
      ) => readonly DeadlineSet[]
    >
  >;
};

export type PolicySpec = {
  readonly policy: string;
  readonly schema: z.ZodType<PolicyHead>;
  /** What only the other policies can tell (a calendar that is named must exist): problems with their JSON pointer. */
  readonly check?: (
    policy: PolicyHead,
    policies: Policies,
  ) => readonly { readonly path: string; readonly reason: string }[];
};

export type ServiceDefinition = {
  readonly name: string;
  readonly aggregates: readonly AggregateSpec[];
  /** Sources whose topics reactions and lookups read. */
  readonly reactions?: readonly Reaction[];
  readonly deadlines?: Deadlines;
  readonly lookups?: readonly ProjectionDefinition[];
  /** Schemas of the policy files this service ships in its `policies/`, and of the shared ones it uses. */
  readonly policies?: readonly PolicySpec[];
  /** Folder of the service's own policy files. */
  readonly policyFolder?: URL;
};
