import { describe, expect, it } from 'vitest';
import { commandPath } from './command-name.ts';

describe('commandPath', () => {
  it.each([
    ['AssignLead', 'lead', 'assign'],
    ['MarkLeadDuplicate', 'lead', 'mark-duplicate'],
    ['LogContactAttempt', 'lead', 'log-contact-attempt'],
    ['MergeCustomers', 'customer', 'merge'],
    ['AddContactPoint', 'customer', 'add-contact-point'],
    ['AssignAccountOwner', 'customer', 'assign-account-owner'],
    ['RespondToCase', 'case', 'respond'],
    ['PendOnCustomer', 'case', 'pend-on-customer'],
    ['ConfirmOrder', 'order', 'confirm'],
    ['CompleteFulfilment', 'order', 'complete-fulfilment'],
    ['ReserveReturn', 'order', 'reserve-return'],
    ['ApproveMatch', 'match', 'approve'],
    ['ActivateServiceContract', 'servicecontract', 'activate'],
    ['DenyEntitlement', 'case', 'deny-entitlement'],
    ['WriteOffInvoice', 'invoice', 'write-off'],
    ['MakeRetentionOffer', 'retentioncase', 'make-retention-offer'],
  ])('%s of %s is %s', (command, aggregate, path) => expect(commandPath(command, aggregate)).toBe(path));
});
