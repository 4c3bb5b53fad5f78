import type { ExportWords } from './export.en.ts';

/** What is said of exports, in Turkish. */
export const exportTr: ExportWords = {
  open: 'Dışa aktar',
  title: 'Ödemeleri dışa aktar',
  text: 'Her deneme, her iptal ve her iade için bir satır. İçinde kartların yalnızca ilk ve son haneleri ile adlar bulunur.',
  format: 'Biçim',
  formats: { xlsx: 'Excel', csv: 'CSV', jsonl: 'JSON satırları' },
  formatText: {
    xlsx: 'Çalışma kitabı: sayılar sayı, günler gündür. Bir kişi için en uygunu.',
    csv: 'Aşağıda seçilen dilin ayraçları ve ondalık işaretleriyle Excel’de açılır.',
    jsonl: 'Tam ve iki dilde de aynıdır. Programlar için.',
  },
  language: 'Tablonun dili',
  languages: { en: 'English', tr: 'Türkçe' },
  from: 'Başlangıç', to: 'Bitiş (dahil)',
  outcome: 'Sonuç', account: 'Hesap', operator: 'Kasiyer', installments: 'Taksit', all: 'Hepsi',
  search: (text) => `Aramaya yazılan (“${text}”) dışa aktarılanları seçmez. Aşağıda seçilenler seçer.`,
  reversals: 'Her iptal ve iade için bir satırla',
  plan: (rows, folder) => `${rows} satıra bakılacak. Dosya ${folder} klasörüne yazılır.`,
  make: 'Dosyayı yaz',
  making: (at, of) => `${at} / ${of}`,
  working: 'Dosya yazılıyor',
  cancel: 'Durdur',
  done: (rows) => `Yazıldı: ${rows} satır.`,
  where: 'Dosya burada:',
  copy: 'Yolu kopyala',
  copied: 'Kopyalandı',
  close: 'Kapat',
};
