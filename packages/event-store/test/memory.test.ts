import { memoryEventStore } from '@tenure/event-store';
import { eventStoreContract } from '@tenure/event-store/contract';

const open = async () => {
  const store = memoryEventStore();
  return { store, destroy: () => store.close() };
};

eventStoreContract('memory', open, { volatile: true });
