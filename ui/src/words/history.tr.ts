import type { HistoryWords } from './history.en.ts';

export const historyTr: HistoryWords = {
  hint: 'ayşe 545,00 reddedildi bugün',
  filters: 'Süzgeçler',
  account: 'Üye iş yeri hesabı', operator: 'Kasiyer', plan: 'Taksit', from: 'Başlangıç', until: 'Bitiş', any: 'Hepsi', dayHint: '21.11.2026', dayWrong: 'Günü 21.11.2026 gibi yazın.',
  times: (n) => (n === 1 ? 'Tek çekim' : `${String(n)} taksit`),
  remove: (what) => `Kaldır: ${what}`,
  understood: 'Aramanızdan anlaşılan:',
  card: (digits) => `Kart •••• ${digits}`,
  days: (from, until) => (from !== null && until !== null ? (from === until ? from : `${from} – ${until}`) : from !== null ? `${from} ve sonrası` : `${until ?? ''} ve öncesi`),
  list: 'Ödemeler, en yenisi üstte',
  position: (n) => `${String(n)}. ödeme`,
  reading: 'Devamı okunuyor…',
  fresh: (n) => `${String(n)} yeni ödeme – yeniden oku`,
  notFound: 'Bu ödeme bu kasanın defterinde yok',
  notFoundText: 'Bağlantı başka bir kasadan veya eğitim modundan gelmiş olabilir.',
  link: { copy: 'Bağlantıyı kopyala', copied: 'Kopyalandı', select: 'Seçili: Ctrl+C’ye basın' },
  copy: (what) => `Kopyala: ${what}`,
  copied: 'Kopyalandı.',
  notes: {
    title: 'Notlar', add: 'Notu ekle', label: 'Çalışma arkadaşlarına not', hint: 'Yazıldığı gibi kalır: not değiştirilemez ve silinemez.', by: (name) => name ?? 'kimse seçili değil',
    none: 'Henüz not yok.', added: 'Not yazıldı.',
  },
  attempts: 'Denemeler', took: (n) => `${String(n)} deneme`,
  offered: { title: 'Bir ödemenin bağlantısı açıldı', text: 'Burada yaptığınız olduğu gibi kalır.', show: 'Ödemeyi göster', later: 'Şimdi değil' },
};
