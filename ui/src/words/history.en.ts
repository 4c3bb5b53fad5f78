/** The words of History and of one payment's page. */

export const historyEn = {
  hint: 'ayşe 545,00 declined today',
  filters: 'Filters',
  account: 'Merchant account', operator: 'Operator', plan: 'Plan', from: 'From', until: 'Until', any: 'Any', dayHint: '21.11.2026', dayWrong: 'A day is written like 21.11.2026.',
  times: (n: number) => (n === 1 ? 'One payment' : `${String(n)} installments`),
  remove: (what: string) => `Remove: ${what}`,
  understood: 'Read from your search:',
  card: (digits: string) => `Card •••• ${digits}`,
  days: (from: string | null, until: string | null) => (from !== null && until !== null ? (from === until ? from : `${from} – ${until}`) : from !== null ? `from ${from}` : `until ${until ?? ''}`),
  list: 'Payments, newest first',
  position: (n: number) => `Payment ${String(n)}`,
  reading: 'Reading on…',
  fresh: (n: number) => (n === 1 ? '1 new payment – read again' : `${String(n)} new payments – read again`),
  notFound: 'This payment is not in this desk’s journal',
  notFoundText: 'The link may come from another desk, or from training.',
  link: { copy: 'Copy link', copied: 'Copied', select: 'Select and press Ctrl+C' },
  copy: (what: string) => `Copy: ${what}`,
  copied: 'Copied.',
  notes: {
    title: 'Notes', add: 'Add the note', label: 'A note for colleagues', hint: 'It stays as it is: a note can’t be changed or removed.', by: (name: string | null) => name ?? 'nobody chosen',
    none: 'No notes yet.', added: 'The note is written down.',
  },
  attempts: 'Attempts', took: (n: number) => (n === 1 ? '1 attempt' : `${String(n)} attempts`),
  offered: { title: 'A link to a payment was opened', text: 'What you are doing here stays as it is.', show: 'Show the payment', later: 'Not now' },
};

export type HistoryWords = typeof historyEn;
