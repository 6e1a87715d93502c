// Queues are named by a code in the policies; their id follows from it.
import { tenureNamespace, uuid5 } from '@tenure/core';

const POLICY_NAMESPACE = tenureNamespace('policy');

export const queueIdOf = (code: string): string => uuid5(POLICY_NAMESPACE, code);
