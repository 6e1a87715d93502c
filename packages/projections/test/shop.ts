// Definitions whose folds depend on order and whose summary depends on time.
import { column, merges, projection, slice, type ProjectionDefinition } from '../src/definition.ts';

type OrderState = { count: number; trace: number; lastOn: string | null };
type Orders = { OrderPlaced: { x: number; on?: string; poison?: boolean }; OrderCancelled: { x: number } };
type People = { CustomerRegistered: { name: string }; CustomerRenamed: { name: string } };

/** Depends on the order of events: swapping two of them changes it. */
const mixed = (trace: number, x: number): number => (trace * 3 + x) % 1_000_003;

export const orderSlice = slice<OrderState, Orders>({
  init: () => ({ count: 0, trace: 1, lastOn: null }),
  on: {
    OrderPlaced(state, { data }) {
      state.count++; // before the poison: a handler that fails half-way must leave nothing behind
      if (data.poison) throw new RangeError('an order that cannot be folded');
      return { ...state, trace: mixed(state.trace, data.x), lastOn: data.on ?? state.lastOn };
    },
    OrderCancelled: (state, { data }) => ({ ...state, trace: mixed(state.trace, data.x + 7) }),
  },
});

const peopleSlice = slice<{ names: unknown[]; trace: number }, People>({
  init: () => ({ names: [], trace: 1 }),
  on: {
    CustomerRegistered: (state, event) => ({
      names: [...state.names, { $sealed: event.id, field: 'name' }].slice(-2),
      trace: mixed(state.trace, event.data.name.length),
    }),
    CustomerRenamed: (state, event) => ({
      names: [...state.names, { $sealed: event.id, field: 'name' }].slice(-2),
      trace: mixed(state.trace, event.data.name.length + 1),
    }),
  },
});

const DAY = 86_400_000;
/** A customer is quiet when the last order is seven days ago. */
const QUIET_DAYS = 7;

export const shop: ProjectionDefinition = projection({
  name: 'shop',
  version: 1,
  slices: { customer: peopleSlice, order: orderSlice },
  summarise: (slices, today) => {
    const { lastOn, count } = slices['order'] as OrderState;
    const days = lastOn === null ? null : (Date.parse(today.date) - Date.parse(lastOn)) / DAY;
    return { quiet: days !== null && days >= QUIET_DAYS, size: count > 3 ? 'large' : 'small' };
  },
  wakeAt: ({ slices }, today) => {
    const { lastOn } = slices['order'] as OrderState;
    if (lastOn === null) return null;
    const quietOn = Date.parse(lastOn) + QUIET_DAYS * DAY;
    return quietOn > Date.parse(today.date) ? quietOn + DAY : null; // the end of that day
  },
  search: ({ slices }) =>
    (slices['customer'] as { names: { $sealed: string; field: string }[] }).names
      .slice(-1)
      .map((value) => ({ kind: 'NAME' as const, value })),
  columns: [
    column('orders', 'integer', ({ slices }) => (slices['order'] as OrderState).count, {
      en: 'Orders',
      zh: '订单数',
    }),
    column('quiet', 'integer', ({ summary }) => ((summary as { quiet: boolean } | null)?.quiet ? 1 : 0), {
      en: 'Quiet',
      zh: '沉默',
    }),
  ],
});

type Merging = {
  CustomersMerged: { absorbedIds: readonly string[] };
  CustomersUnmerged: { restoredIds: readonly string[] };
  CustomerAbsorbed: { survivorId: string };
  CustomerRestored: object;
};

/** The shop in which customers are merged. */
export const mergingShop: ProjectionDefinition = projection({
  ...shop,
  merges: merges<Merging>({
    source: 'customer',
    on: {
      CustomersMerged: ({ data }) => ({ absorbs: data.absorbedIds }),
      CustomersUnmerged: ({ data }) => ({ restores: data.restoredIds }),
    },
    own: { CustomerAbsorbed: ({ data }) => data.survivorId, CustomerRestored: () => null },
  }),
});

/** A list model: one document per order stream. */
export const orders: ProjectionDefinition = projection({
  name: 'orders',
  version: 1,
  slices: { order: orderSlice },
  documentId: (event) => event.stream,
  columns: [],
});
