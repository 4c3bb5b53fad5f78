// Receipts and the printer of the fake desk: a paper drawn here, counted as the real one counts.
import type {
  AboutInput, Fault, IssuedView, LanguageWord, PaperLine, PapersInput, PaperWayWord, PdfInput, ReceiptView, Result, SeenWord,
} from '../backend.ts';
import { fault, no, now, ok } from './answers.ts';
import { Returned } from './returns.ts';

const TITLES: Record<string, Record<LanguageWord, string>> = {
  approved: { en: 'Payment approved', tr: 'Ödeme onaylandı' },
  declined: { en: 'Payment declined', tr: 'Ödeme reddedildi' },
  unknown: { en: 'Outcome not known yet', tr: 'Sonuç henüz bilinmiyor' },
};

const INPUT: PapersInput = {
  header: ['Işık Oto Kiralama A.Ş.', 'Barajyolu Cad. 12, Antalya', '0242 000 00 00'], language: 'screen', after_approval: false, folder: '', pdf: 'a4', way: 'network',
  address: '192.168.1.50:9100', paper: '80', letters: 'cp857', code_page: null, cutter: 'partial', feed: 4, status: true,
};

/** A picture of these lines, as wide as the paper is. */
function picture(lines: string[]): string {
  const text = lines.map((line, place) => `<text x="16" y="${String(48 + 34 * place)}" font-family="sans-serif" font-size="26">${line}</text>`).join('');
  return `data:image/svg+xml,${encodeURIComponent(`<svg xmlns="http://www.w3.org/2000/svg" width="576" height="${String(80 + 34 * lines.length)}"><rect width="100%" height="100%" fill="#fff"/>${text}</svg>`)}`;
}

export class Papers extends Returned {
  protected issued: (PaperLine & { payment: string })[] = [];
  protected papers = INPUT;

  #about(about: AboutInput): { id: string; payment: string; says: string } | null {
    if (about.kind === 'reversal') {
      const found = this.reversals.find((one) => one.reversal === about.reversal);
      return found === undefined ? null : { id: found.reversal, payment: found.payment, says: found.state };
    }
    const found = [...this.known, ...this.past.map((kept) => kept.attempt)].find((one) => one.attempt === about.attempt);
    return found === undefined || found.outcome === null ? null : { id: found.attempt, payment: found.payment, says: found.outcome };
  }

  #drawn(about: AboutInput, language: LanguageWord): ReceiptView | null {
    const of = this.#about(about);
    if (of === null) return null;
    const before = this.issued.filter((line) => line.about === of.id && line.says === of.says).length;
    const title = TITLES[of.says]?.[language] ?? of.says;
    const mark = before === 0 ? [] : [language === 'tr' ? `KOPYA ${String(before)}` : `COPY ${String(before)}`];
    const lines = [...mark, ...this.papers.header, '', title, '555.00 TRY', '', of.id, of.payment];
    return { paper: `${of.id}.${of.says}`, title, language, copy: before === 0 ? null : before, text: lines.join('\n'), picture: picture(lines), width: 576, height: 80 + 34 * lines.length };
  }

  async receipt(about: AboutInput, language: LanguageWord): Promise<Result<ReceiptView, Fault>> {
    const wrong = await this.comes('receipt', [about, language]);
    const drawn = this.#drawn(about, language);
    return wrong !== null || drawn === null ? no(wrong ?? fault('paper_no_outcome')) : ok(drawn);
  }

  #issue(about: AboutInput, language: LanguageWord, way: PaperWayWord): ReceiptView | null {
    const drawn = this.#drawn(about, language);
    const of = this.#about(about);
    if (drawn === null || of === null) return null;
    this.issued.push({ at: now(), about: of.id, says: of.says, copy: drawn.copy, way, language, operator: 'Ayşe', payment: of.payment });
    return drawn;
  }

  async receiptForDialog(about: AboutInput, language: LanguageWord, sits: string | null): Promise<Result<ReceiptView, Fault>> {
    const wrong = await this.comes('receiptForDialog', [about, language, sits]);
    const drawn = wrong === null ? this.#issue(about, language, 'dialog') : null;
    return drawn === null ? no(wrong ?? fault('paper_no_outcome')) : ok(drawn);
  }

  async #leaves(command: 'printReceipt' | 'saveReceipt' | 'mailReceipt', way: PaperWayWord, args: [AboutInput, LanguageWord, string | null], told: unknown[] = args): Promise<Result<IssuedView, Fault>> {
    const wrong = await this.comes(command, told);
    const drawn = wrong === null ? this.#issue(args[0], args[1], way) : null;
    if (drawn === null) return no(wrong ?? fault('paper_no_outcome'));
    return ok({ copy: drawn.copy, path: way === 'printer' ? null : '/srv/vezne/receipts/2026-11-22 1205 REZ-1 Payment-approved.pdf' });
  }

  printReceipt = (about: AboutInput, language: LanguageWord, sits: string | null) => this.#leaves('printReceipt', 'printer', [about, language, sits]);
  saveReceipt = (about: AboutInput, pdf: PdfInput, sits: string | null) => this.#leaves('saveReceipt', 'pdf', [about, pdf.language, sits], [about, pdf, sits]);
  mailReceipt = (about: AboutInput, language: LanguageWord, sits: string | null) => this.#leaves('mailReceipt', 'mail', [about, language, sits]);

  async paymentPapers(payment: string): Promise<Result<PaperLine[], Fault>> {
    const wrong = await this.comes('paymentPapers', [payment]);
    if (wrong !== null) return no(wrong);
    return ok(this.issued.filter((line) => line.payment === payment).map(({ payment: _, ...line }) => line));
  }

  answerPrintJob = (job: number, seen: SeenWord, sits: string | null) => this.does('answerPrintJob', [job, seen, sits], () => {
    if (!this.printer.jobs.some((one) => one.job === job)) return fault('paper_job_gone');
    this.prints({ jobs: this.printer.jobs.filter((one) => one.job !== job) });
    return null;
  });

  cancelPrintJob = (job: number, sits: string | null) => this.does('cancelPrintJob', [job, sits], () => {
    this.prints({ jobs: this.printer.jobs.filter((one) => one.job !== job) });
  });

  hurryPrinter = () => this.does('hurryPrinter', [], () => { this.prints({ jobs: [] }); });

  async papersInput(): Promise<Result<PapersInput, Fault>> {
    const wrong = await this.comes('papersInput', []);
    return wrong === null ? ok(structuredClone(this.papers)) : no(wrong);
  }

  savePapers = (input: PapersInput) => this.does('savePapers', [input], () => {
    if (input.way !== 'none' && input.address.trim() === '') return { ...fault('papers_wrong', 'address'), text: '`address` must be a host with or without a port' };
    this.papers = input;
    this.prints({ set_up: input.way !== 'none', after_approval: input.after_approval });
    return null;
  });

  testPrinter = (input: PapersInput, language: LanguageWord) => this.does('testPrinter', [input, language], () => (input.address.includes('offline') ? fault('printer_not_reachable') : null));
}
