/** Every word on the screens, in English. The other language has exactly the same shape. */

import { codesEn } from './codes.en.ts';
import { sale } from './sale.en.ts';

export const en = {
  shell: {
    training: 'TRAINING MODE',
    trainingSays: 'no real money moves · practice bank',
    sale: 'Sale',
    history: 'History',
    attention: 'Attention',
    attentionCount: (n: number) => (n === 1 ? '1 needs attention' : `${String(n)} need attention`),
    close: 'Close',
    dayClose: 'Day close',
    settings: 'Settings',
    navigation: 'Screens',
    opening: 'Opening the desk…',
    openFailed: 'The desk could not be opened',
    again: 'Try again',
    account: 'Merchant account',
    chooseAccount: 'Choose a merchant account',
    unavailable: 'Cannot be used now',
    notWritten: 'An outcome is not written down yet. Do not close the desk. No payments are taken meanwhile.',
    missingSpan: (from: string, until: string) =>
      `A backup was restored. Payments between ${from} and ${until} are missing from the journal: a supervisor must agree where one may have been paid then.`,
    parked: 'Other customers',
    show: 'Show',
    dismiss: 'Dismiss',
    answered: 'The gateway has answered meanwhile.',
    notSettled: 'Nothing was settled by hand.',
  },
  parts: {
    close: 'Close',
    cancel: 'Cancel',
    required: 'Please fill this in.',
    working: 'Working…',
    pin: {
      title: 'A supervisor must agree',
      name: 'Supervisor',
      pin: 'PIN',
      reason: 'Reason',
      agree: 'Agree',
      choose: 'Choose a supervisor',
      doing: 'The PIN is checked, then it is done. This can’t be taken back any more.',
      practice: (pin: string) => `In training: ${pin}`,
      nobody: 'There is no supervisor at this desk yet. Add one in Settings, Operators.',
    },
  },
  outcome: {
    approved: 'Approved',
    declined: 'Declined',
    refused: 'Refused',
    unknown: 'Not known yet',
    not_sent: 'Not sent',
    set_aside: 'Set aside',
    under_way: 'Under way',
  },
  progress: {
    preparing: 'Getting ready',
    sending: 'Sent to the gateway',
    at_bank: 'At the bank',
    confirming: 'Asking the gateway',
    over: 'Done',
  },
  gateway: { finrota: 'Finrota', yolcu360: 'Yolcu360' },
  codes: codesEn,
  sale,
};

/** The shape of a language. */
export type Words = typeof en;
