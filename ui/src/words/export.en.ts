/** What is said of exports, in English. */
export const exportEn = {
  open: 'Export',
  title: 'Export payments',
  text: 'One line for each attempt, and one for each void and refund. Only the first and last digits of a card are in it, and names.',
  format: 'Format',
  formats: { xlsx: 'Excel', csv: 'CSV', jsonl: 'JSON lines' },
  formatText: {
    xlsx: 'A workbook: numbers are numbers, days are days. Best for a person.',
    csv: 'Opens in Excel with the separators and decimal signs of the language chosen below.',
    jsonl: 'Exact and the same in both languages. For programs.',
  },
  language: 'Language of the table',
  languages: { en: 'English', tr: 'Türkçe' },
  from: 'From', to: 'To and including',
  outcome: 'Outcome', account: 'Account', operator: 'Operator', installments: 'Plan', all: 'All',
  search: (text: string) => `What is typed into the search (“${text}”) does not choose what is exported. What is chosen below does.`,
  reversals: 'With a line for each void and refund',
  plan: (rows: string, folder: string) => `${rows} lines to look at. It is written into ${folder}.`,
  make: 'Write the file',
  making: (at: string, of: string) => `${at} of ${of}`,
  working: 'Writing the file',
  cancel: 'Stop',
  done: (rows: string) => `Written: ${rows} lines.`,
  where: 'It stands here:',
  copy: 'Copy the path',
  copied: 'Copied',
  close: 'Close',
};

/** The shape of these words. */
export type ExportWords = typeof exportEn;
