import type { CloseBy, CloseFinding, CloseOutcome, CloseStanding } from '../ipc/backend.ts';

const standing: Record<CloseStanding, { title: string; text: string }> = {
  unknown: { title: 'Not known yet', text: 'They are asked about on and on, and stand in the close in which they are settled.' },
  set_aside: { title: 'Not known yet, set aside', text: 'The customer paid with another card. They are asked about.' },
  contradicted: { title: 'Contradicted', text: 'The gateway says otherwise: a supervisor must settle them.' },
  alarmed: { title: 'An alarm stands', text: 'A supervisor must look at them.' },
  in_progress: { title: 'In progress', text: 'Nobody waits for them: they stand in the close in which they are settled.' },
};

const outcome: Record<CloseOutcome, string> = {
  approved: 'approved', declined: 'declined', refused: 'refused', not_sent: 'not sent', reversed: 'returned', not_reversed: 'not returned',
};

const by: Record<CloseBy, string> = { account: 'By account', operator: 'By operator', plan: 'By plan' };

const finding: Record<CloseFinding, { what: string; next: string }> = {
  missing_there: { what: 'Approved here, not known there', next: 'Look in the gateway’s portal with the attempt’s reference, and call the gateway.' },
  not_paid_there: { what: 'Approved here, not paid there', next: 'It is contradicted: a supervisor settles it in Attention.' },
  returned_there: { what: 'Returned there, not here', next: 'Find out in the portal who returned it.' },
  not_returned_there: { what: 'Cancelled here, still standing there', next: 'Look in the gateway’s portal, and call the gateway.' },
  other_amount: { what: 'Another amount there', next: 'Compare it with the portal; a supervisor settles it in Attention.' },
  amount_unreadable: { what: 'The amount there can’t be read', next: 'Compare it with the portal.' },
  other_card: { what: 'Another card there', next: 'Compare it with the portal.' },
  paid_there: { what: 'Not paid here, paid there', next: 'It is contradicted: a supervisor settles it in Attention.' },
  not_final_there: { what: 'Final here, not yet there', next: 'Compare again later.' },
  attention: { what: 'A state there that a person must judge', next: 'Look in the gateway’s portal.' },
  paid_by_unknown_card: { what: 'Paid there, by which card is not known', next: 'Look in the gateway’s portal.' },
  settled_there: { what: 'Was open here, final there', next: 'It is settled now, and stands in the next close.' },
  still_open: { what: 'Open here, and not final there', next: 'It is asked about on and on.' },
};

/** The words of the day close, in English. */
export const closeEn = {
  now: 'Now',
  nowText: (number: number) => `What day close no. ${String(number)} would say`,
  title: (number: number) => `Day close no. ${String(number)}`,
  act: (number: number) => `Close the day: no. ${String(number)}`,
  closed: (number: number) => `Day close no. ${String(number)} is made.`,
  unchangeable: 'A close never changes. Payments go on: what is settled later stands in the next one.',
  opensOf: (n: number) => (n === 1 ? '1 payment is not settled: it is listed, not waited for.' : `${String(n)} payments are not settled: they are listed, not waited for.`),
  earlier: 'Earlier closes',
  none: 'No day has been closed yet.',
  more: 'Show more',
  failed: 'The day close can’t be read right now.',
  day: 'Day',
  zone: 'Time zone',
  since: 'Covers since',
  beginning: 'the beginning',
  until: 'until',
  untilNow: 'now',
  by: 'Closed by',
  nobody: 'nobody chosen',
  missing: (from: string, until: string) => `A backup was restored: what was written between ${from} and ${until} is missing here and in these sums.`,
  missingLifts: 'From this close on, references of that time need no supervisor any more.',
  nothing: 'Nothing was recorded.',
  cameIn: 'Came in',
  noAmount: 'Amount not known',
  columns: { what: 'Outcome', count: 'Count', amount: 'Amount' },
  sums: {
    approved: 'Approved', reversed: 'Returned', withdrawn: 'Taken back of earlier closes', reinstated: 'Returns taken back of earlier closes',
    declined: 'Declined', refused: 'Refused', not_sent: 'Not sent',
  },
  groups: by,
  single: 'Single payment',
  installments: (n: number) => `${String(n)} installments`,
  limit: 'Credit limit',
  planNotKnown: 'Not known',
  standing,
  outcome,
  late: { title: 'Settled since the last close', text: 'They were open when the last close was made. They are in these sums.' },
  corrected: { title: 'Corrected', text: 'A supervisor’s counter-entry changed what an earlier close had counted.' },
  reversal: 'Return',
  picture: {
    title: 'By hour', approved: 'Approved', declined: 'Declined', not_sent: 'Refused or not sent', unknown: 'Not known', reversed: 'Returned',
    hour: 'Hour', again: 'second time', says: (n: number, hours: number) => `${String(n)} outcomes in ${hours === 1 ? '1 hour' : `${String(hours)} hours`}`,
  },
  anchor: 'Anchor',
  anchorSays: 'Keep it on paper: as long as the journal gives this anchor, it still says what it said then. Check it with “veznectl journal verify --anchor”.',
  print: 'Print',
  printer: 'Print on the receipt printer',
  copy: (n: number) => `COPY no. ${String(n)}`,
  practice: 'TRAINING: no money moved',
  agree: 'Close the day',
  overMissing: 'A backup was restored. This close ends the rule that references of that time need a supervisor.',
  pdf: 'Save as PDF',
  csv: 'Save as table (CSV)',
  jsonl: 'Save for programs (JSON)',
  saved: (path: string) => `Saved: ${path}`,
  compare: {
    title: 'Compared with the gateway', act: 'Compare with the gateway', again: 'Compare again', stop: 'Stop',
    text: 'Each payment of this close is asked about, at the gateway’s pace. Payments go on meanwhile.',
    progress: (done: number, of: number) => `${String(done)} of ${String(of)} payments`,
    found: (n: number) => (n === 0 ? 'no difference so far' : n === 1 ? '1 difference so far' : `${String(n)} differences so far`),
    other: (number: number) => `Day close no. ${String(number)} is being compared. One at a time.`,
    notKept: 'The comparison could not be kept',
    agrees: (n: number) => (n === 1 ? '1 payment: both say the same.' : `${String(n)} payments: both say the same.`),
    differs: (n: number) => (n === 1 ? '1 difference' : `${String(n)} differences`),
    nothing: 'Nothing to compare.',
    unanswered: (n: number) => `${String(n)} not answered`,
    cannotBeAsked: (n: number) => (n === 1 ? '1 can’t be asked about' : `${String(n)} can’t be asked about`),
    nothingSent: (n: number) => `${String(n)} never sent`,
    left: (n: number) => `${String(n)} not asked: it was stopped`,
    here: 'here', there: 'there',
  },
  finding,
};

/** The shape of these words. */
export type CloseWords = typeof closeEn;
