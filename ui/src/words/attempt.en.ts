import type { BankPageState, Gateway, LineKind } from '../ipc/backend.ts';

/** How each gateway is called. */
export const gatewayNames: Record<Gateway, string> = { finrota: 'Finrota', yolcu360: 'Yolcu360' };

const lines: Record<LineKind, string> = {
  written_down: 'Written down',
  baseline_read: 'Read what the gateway had before',
  sent: 'Sent to the gateway',
  sent_again: 'Signed in anew and sent',
  reauthorising: 'The gateway wants a new sign-in; nothing processed',
  heard_yes: 'The gateway answered: yes',
  heard_no: 'The gateway answered: no',
  heard_nothing: 'No answer that says anything',
  at_bank: 'The customer goes to the bank',
  page_opened: "Bank’s page opened",
  page_to_browser: "Bank’s page moved to the browser",
  page_gone: "Bank’s page closed",
  came_back: 'The customer came back from the bank',
  confirming: 'Asking the gateway for the outcome',
  asked_paid: 'Asked: paid',
  asked_not_paid: 'Asked: not paid',
  asked_pending: 'Asked: not final yet',
  asked_no_trace: 'Asked: the gateway knows of nothing so far',
  asked_no_answer: 'Asked: no answer',
  asked_odd: 'Asked: a person must judge the answer',
  probed: 'Looked for a second sign',
  approved: 'Approved',
  declined: 'Declined',
  refused: 'Refused',
  not_sent: 'Nothing was sent',
  unknown: 'Not known',
  set_aside: 'Set aside for another card',
  person_settled: 'A supervisor decided',
  contradicted: 'The gateway contradicts the outcome',
  alarmed: 'Alarm',
  reversal: 'Void or refund',
};

const evidence = {
  gateway_status: 'The gateway confirms it.',
  pay_answer: "The gateway’s answer to the payment says so.",
  return_and_probe: "The bank’s page says so, and a second sign at the gateway agrees.",
  return_alone: "Only the bank’s page says so.",
  supervisor: 'A supervisor settled it.',
  counter_entry: 'A supervisor corrected it.',
};

const gone: Record<string, string> = {
  closed_by_hand: 'closed by hand',
  gave_up: 'the customer gave up',
  load_failed: 'it could not be loaded',
  tls_failed: 'its certificate can’t be trusted',
  process_gone: 'it stopped working',
  desk_stopped: 'the desk was stopped',
  settled: 'there is an outcome',
  returned: 'the customer came back',
};

const probes: Record<string, string> = {
  still_open: 'the order is still open for payment', gone: 'the order is no longer open for payment', no_answer: 'no answer',
};

const states: Record<string, string> = {
  ready: 'being prepared', sending: 'on its way', reauthorising: 'a new sign-in is needed', done: 'done', not_done: 'not done', refused: 'refused', not_sent: 'not sent', unknown: 'not known yet',
};

const page: Record<BankPageState, string> = {
  loading: 'The page is loading.',
  shown: 'The page is open in front of the customer.',
  parked: 'The page is put aside and goes on working.',
  close_asked: 'Someone wants to close the page.',
  in_browser: 'The page is open in the browser.',
  gone: 'The page is closed.',
};

function duration(seconds: number): string {
  if (seconds < 60) return `${String(seconds)} s`;
  if (seconds < 3600) return `${String(Math.floor(seconds / 60))} min ${String(seconds % 60)} s`;
  if (seconds < 172_800) return `${String(Math.floor(seconds / 3600))} h ${String(Math.floor((seconds % 3600) / 60))} min`;
  return `${String(Math.floor(seconds / 86_400))} days ${String(Math.floor((seconds % 86_400) / 3600))} h`;
}

/** Everything that the screen of one attempt says, in English. */
export const attemptEn = {
  titles: {
    preparing: 'Getting ready', sending: 'On its way', at_bank: 'At the bank', confirming: 'Asking the gateway', approved: 'Approved',
    declined: 'Declined', refused: 'Refused', not_sent: 'Not sent', unknown: 'Not known yet', set_aside: 'Set aside', lost: 'Payment not found',
  },
  happened: 'What happened',
  happenedLoading: 'Reading what happened…',
  happenedFailed: 'What happened can’t be shown right now.',
  lines, evidence, gone, states, page,
  probes,
  pageSays: (text: string) => `its page says “${text}”`,
  answerCode: (code: string) => `Answer code ${code}`,
  tryAgain: 'Try again',
  installments: (n: number) => (n === 1 ? 'single payment' : `${String(n)} installments`),
  plan: (n: number | null) => (n === null ? 'credit limit' : n === 1 ? 'single payment' : `${String(n)} installments`),
  seconds: (n: number) => (n === 1 ? '1 second' : `${String(n)} seconds`),
  duration,
  nextSale: 'Next sale',
  nextCustomer: 'Next customer',
  back: 'Back',
  cancel: 'Cancel',
  close: 'Close',
  under: {
    preparing: 'Nothing has been sent yet.',
    slot: (wait: string) => `The gateway takes only so many payments a minute. Yours goes in ${wait}.`,
    cancel: 'Cancel the payment',
    sending: (gateway: string) => `${gateway} has the payment. Its answer usually takes a few seconds.`,
    slow: 'The bank is slow today. Up to 2 minutes is normal. Please do not charge again.',
    confirming: (gateway: string) => `${gateway} is asked what became of the payment.`,
    confirmingWait: 'This takes up to 30 seconds. Please do not charge again.',
    elapsed: (time: string) => `${time} so far`,
    cancelling: 'Cancelling…',
  },
  bank: {
    instruction: 'The customer now confirms the payment on the bank’s page.',
    browser: 'The customer confirms the payment in the browser of this computer. Vezne asks the gateway for the outcome.',
    noHost: 'The bank’s page is on its way',
    secure: 'Encrypted connection',
    insecure: 'Not encrypted (practice bank on this computer)',
    elapsed: 'Time so far',
    left: 'Time left',
    show: 'Show the bank’s page',
    next: 'Serve the next customer',
    toBrowser: 'Open in the browser instead',
    gaveUp: 'The customer gave up',
    openYourself: 'No browser could be opened. Open this address once, on this computer:',
    copy: 'Copy the address',
    copied: 'Copied',
    gaveUpTitle: 'Has the customer given up?',
    gaveUpText: 'The bank’s page is closed. The payment may still have gone through, so Vezne asks the gateway. Until it answers, do not charge again.',
    gaveUpYes: 'Close the page and ask',
    gaveUpNo: 'Keep the page',
    closeTitle: 'Close the bank’s page?',
    closeText: 'The payment may still go through. Vezne will ask the gateway what became of it.',
    closeYes: 'Close and ask',
    closeNo: 'Keep it open',
  },
  facts: {
    account: 'Account', order: 'Order', reference: 'Reference', part: 'Part', card: 'Card', limit: 'Credit limit', gatewayPayment: 'Gateway payment no.',
    gatewayReference: 'Gateway reference', attemptReference: 'Attempt reference', authorisation: 'Authorisation code', operator: 'Operator', evidence: 'How it is known', base: 'Owed',
  },
  unconfirmed: 'Not confirmed yet: the gateway has not been able to repeat it.',
  without3ds: '3-D Secure was asked for, but the gateway went without it.',
  parts: (part: string) => ({ rental: 'rental', deposit: 'deposit', extra: 'extra' })[part] ?? `part ${part}`,
  cardEnding: (last: string) => `card ending in ${last.split('').join(' ')}`,
  declined: {
    bankSays: 'The bank’s words',
    gatewaySays: 'The gateway’s words',
    bankCode: 'Bank code',
    sameCard: 'Same card again',
    sameCardLeft: (time: string) => `Only the security code is needed, for ${time} more.`,
    anotherCard: 'Another card',
    byCard: 'Pay this order by card',
    tryAgain: 'Try again',
    correct: 'Correct it in Sale',
    cvc: 'Security code',
    cvcHint: (n: number) => `${String(n)} digits`,
    payAgain: (total: string, plan: string) => `Take ${total}, ${plan}`,
    changed: (total: string) => `The total for this plan is now ${total}. Say it to the customer before you go on.`,
    gone: 'This plan is no longer offered for the card.',
    preparing: 'Checking the plan…',
    toSale: 'Go on in Sale',
    atFirst: 'What was said at first:',
  },
  refused: {
    byGateway: (gateway: string) => `Refused by ${gateway} before processing. Nothing was charged.`,
    byVezne: 'Vezne did not send it. Nothing was charged.',
  },
  notSent: { text: 'Nothing left this desk, so nothing was charged. It is safe to try again.' },
  unknown: {
    order: 'Do not charge this card again.',
    orderLimit: 'Do not pay this order again.',
    why: 'The customer may have been charged.',
    asking: 'Vezne is asking the gateway and tells you here as soon as it knows.',
    nobody: 'The gateway can’t be asked about this account, so a supervisor must look in its portal.',
    asked: (n: number) => (n === 0 ? 'not asked yet' : n === 1 ? 'asked once so far' : `asked ${String(n)} times so far`),
    next: (time: string) => `next question in ${time}`,
    now: 'asking now',
    askNow: 'Ask now',
    askedNow: 'Asked.',
    blocked: 'A second payment for this is blocked until it is settled. A supervisor can set it aside for another card, or settle it with what the gateway’s portal shows.',
    asideText: 'Set aside: another card may be charged. This one still counts as unknown, and Vezne goes on asking.',
    anotherCard: 'Another card now',
    settle: 'Settle it',
    questions: 'Questions asked',
    nextLabel: 'Next question',
    since: 'Not known for',
    none: 'none',
    goOn: 'Pay with another card',
  },
  aside: {
    title: 'Another card now',
    statement: 'The customer was told that this card may still be charged, and that it is given back if it turns out to be.',
    text: 'This payment stays unknown and Vezne goes on asking. Another card may then be charged for the same thing.',
    act: 'Set this payment aside',
    need: 'It takes three answers of the gateway, the last one at least 30 seconds after the bank’s page was gone, and none of them “paid”.',
    needPortal: 'It takes the portal’s reference, and 10 minutes since the bank’s page was gone.',
    saw: 'Reference in the gateway’s portal',
    sawHint: 'Nobody can be asked about this account: write down what the portal shows.',
  },
  settle: {
    title: 'Settle this payment',
    titleContradicted: 'Correct this payment',
    correct: 'Correct it',
    text: 'Look the payment up in the gateway’s portal first. What you say here counts from now on.',
    verdict: 'What the portal shows',
    approved: 'Paid',
    approvedText: 'Money moved: it counts as approved.',
    declined: 'Not paid',
    declinedText: 'No money moved: it may be charged again.',
    saw: 'What you saw',
    sawHint: 'The portal’s reference, or the bank’s slip',
    sure: (verdict: string) => `Yes, I looked in the portal: ${verdict.toLowerCase()}.`,
    act: 'Settle it',
    actAs: (verdict: string) => `Settle as ${verdict.toLowerCase()}`,
  },
  who: {
    supervisor: 'Supervisor', pin: 'PIN', reason: 'Reason', choose: 'Choose a supervisor',
    nobody: 'There is no supervisor at this desk yet. Add one in Settings, Operators.',
  },
  contradicted: 'The gateway now contradicts this outcome. A supervisor must look in its portal and correct it.',
  alarm: 'Alarm',
  notWritten: 'Not written down. Do not close Vezne.',
  notWrittenText: 'The outcome shown here could not be saved yet. Vezne keeps it and tries again; make room on the disk.',
  say: {
    outcome: (title: string, amount: string) => `${title}. ${amount}.`,
    refusedGateway: 'Refused by the gateway.',
  },
};

/** The shape of these words, which every language fills. */
export type AttemptWords = typeof attemptEn;
