import type { PaperWayWord, ReversalKind } from '../ipc/backend.ts';

const ways: Record<PaperWayWord, string> = {
  printer: 'Printed', pdf: 'Saved as PDF', mail: 'Mail drafted', dialog: 'Print dialog', bytes: 'Saved for a printer',
};

/** What a paper says, by the word in its name. */
const says: Record<string, string> = {
  approved: 'Payment approved', declined: 'Payment declined', refused: 'Payment refused', not_sent: 'Payment not sent', unknown: 'Outcome not known yet',
  contradicted: 'Outcome not known yet', done: 'Refund or void', not_done: 'Refund or void: not done',
};

/** What a void or refund came to, by its state; every other state is one that did not take place. */
const back: Record<ReversalKind, { done: string; unknown: string; notDone: string }> = {
  void: { done: 'Payment voided', unknown: 'Void: not known yet', notDone: 'Void: not done' },
  refund: { done: 'Refunded', unknown: 'Refund: not known yet', notDone: 'Refund: not done' },
};

/** What is said of receipts and the printer, in English. */
export const papersEn = {
  ways, says, back,
  attempt: (n: number) => `Attempt ${String(n)}`,
  receipt: 'Receipt',
  print: 'Print',
  look: 'Receipt…',
  copyIs: (number: number) => `This will be copy ${String(number)}.`,
  firstIs: 'Nothing has been issued yet: this will be the original.',
  language: 'Language of the paper',
  english: 'English', turkish: 'Turkish',
  savePdf: 'Save as PDF',
  pdfFor: 'PDF for',
  pdfPapers: { a4: 'A4', '80': '80 mm', '58': '58 mm' },
  dialog: 'Print dialog…',
  mail: 'E-mail draft',
  noPrinter: 'No receipt printer is set up. Settings, Receipts and printer.',
  ordered: (copy: number | null) => (copy === null ? 'It goes to the printer.' : `Copy ${String(copy)} goes to the printer.`),
  saved: (path: string) => `Saved: ${path}`,
  mailed: (path: string) => `The draft is open in your mail program. The PDF to attach: ${path}`,
  toDialog: 'The system’s print dialog was opened.',
  noDialog: 'The system’s print dialog did not open. Save it as PDF and print that.',
  making: 'Making the receipt…',
  issued: 'Receipts issued',
  none: 'No receipt yet.',
  copy: (number: number) => `copy ${String(number)}`,
  original: 'original',
  by: (name: string) => `by ${name}`,
  queue: {
    printing: (n: number) => (n === 1 ? 'A receipt is being printed.' : `${String(n)} receipts are being printed.`),
    waits: (n: number) => (n === 1 ? 'One receipt waits.' : `${String(n)} receipts wait.`),
    goesOn: 'It goes on by itself when the printer is ready.',
    tryNow: 'Try now',
    takeBack: 'Do not print',
    asked: (what: string) => `Did the receipt come out whole? ${what}`,
    askedWhy: 'What is printed again says that it is a copy.',
    cameOut: 'It came out',
    printCopy: 'Print a copy',
    drop: 'Not needed',
    outdated: (what: string) => `Not printed: ${what}`,
    printCurrent: 'Print the current one',
    label: 'Printer',
  },
  settings: {
    section: 'Receipts and printer',
    header: 'Merchant header',
    headerHint: 'Up to 6 lines: name, address, telephone. The first line is bold.',
    language: 'Language of receipts',
    languages: { screen: 'As the screen', en: 'English', tr: 'Turkish' },
    after: 'Print after each approval',
    afterText: 'The receipt comes out by itself, without a question.',
    pdf: 'PDF receipts are made for',
    pdfText: { a4: 'A4 sheets', '80': 'A roll of 80 mm', '58': 'A roll of 58 mm' },
    folder: 'Folder for PDF receipts',
    folderHint: 'Empty: the folder “receipts” in Vezne’s own folder.',
    way: 'How the printer is connected',
    ways: { none: 'No printer', network: 'Network', device: 'USB device file', spooler: 'Printer of this system' },
    wayText: {
      none: 'Receipts are saved as PDF, mailed, or printed by the print dialog.',
      network: 'A receipt printer with an address of its own, port 9100.',
      device: 'A receipt printer at a device file, such as /dev/usb/lp0.',
      spooler: 'A print queue that this system knows by name.',
    },
    address: { network: 'Address', device: 'Device file', spooler: 'Name of the queue', none: '' },
    addressHint: { network: 'For example 192.168.1.50 or 192.168.1.50:9100', device: 'For example /dev/usb/lp0', spooler: 'As the system’s printer settings show it', none: '' },
    paper: 'Paper',
    papers: { '80': '80 mm, 48 letters in a line', '80_narrow': '80 mm, 42 letters in a line', '58': '58 mm, 32 letters in a line', a4: 'A4 sheets' },
    letters: 'Letters',
    lettersHint: 'If the test page shows wrong Turkish letters, try another one. “Drawn” always works and is slower.',
    letterKinds: { cp857: 'Code page 857', windows1254: 'Windows 1254', ascii: 'Plain; Turkish lines drawn', drawn: 'Drawn' },
    codePage: 'Number of the code page',
    codePageHint: 'Only if the printer needs another than Epson’s: 13 for 857, 48 for 1254.',
    cutter: 'Cut',
    cutters: { none: 'None', partial: 'Partly', full: 'Fully' },
    feed: 'Lines before the cut',
    status: 'Ask the printer how it does',
    statusText: 'Turn it off for a printer that prints odd characters before a receipt.',
    test: 'Print a test page', tested: 'The test page was sent. Look at the letters and the cut.', notTested: 'The test page is no receipt and is not counted.',
    inTraining: 'In training, these settings can’t be changed. Practice receipts are printed as the desk says, and marked.',
  },
};

/** The shape of these words. */
export type PaperWords = typeof papersEn;
