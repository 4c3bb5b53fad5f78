import type { CloseBy, CloseFinding, CloseOutcome, CloseStanding } from '../ipc/backend.ts';
import type { CloseWords } from './close.en.ts';

const standing: Record<CloseStanding, { title: string; text: string }> = {
  unknown: { title: 'Henüz bilinmiyor', text: 'Sorulmaya devam edilir; sonuçlandıkları gün sonunda yer alırlar.' },
  set_aside: { title: 'Henüz bilinmiyor, kenara ayrıldı', text: 'Müşteri başka bir kartla ödedi. Sorulmaya devam edilir.' },
  contradicted: { title: 'Çelişkili', text: 'Ödeme kuruluşu başka bir şey söylüyor: bir yetkili sonuçlandırmalı.' },
  alarmed: { title: 'Uyarı sürüyor', text: 'Bir yetkili bakmalı.' },
  in_progress: { title: 'Sürüyor', text: 'Beklenmezler: sonuçlandıkları gün sonunda yer alırlar.' },
};

const outcome: Record<CloseOutcome, string> = {
  approved: 'onaylandı', declined: 'reddedildi', refused: 'kabul edilmedi', not_sent: 'gönderilmedi', reversed: 'geri verildi', not_reversed: 'geri verilmedi',
};

const by: Record<CloseBy, string> = { account: 'Hesaba göre', operator: 'Görevliye göre', plan: 'Taksite göre' };

const finding: Record<CloseFinding, { what: string; next: string }> = {
  missing_there: { what: 'Burada onaylı, orada bilinmiyor', next: 'Denemenin referansıyla ödeme kuruluşunun paneline bakın ve kuruluşu arayın.' },
  not_paid_there: { what: 'Burada onaylı, orada ödenmemiş', next: 'Çelişkili: bir yetkili Dikkat ekranında sonuçlandırır.' },
  returned_there: { what: 'Orada geri verilmiş, burada değil', next: 'Kimin geri verdiğini panelden öğrenin.' },
  other_amount: { what: 'Orada başka bir tutar', next: 'Panelle karşılaştırın; bir yetkili Dikkat ekranında sonuçlandırır.' },
  amount_unreadable: { what: 'Oradaki tutar okunamıyor', next: 'Panelle karşılaştırın.' },
  other_card: { what: 'Orada başka bir kart', next: 'Panelle karşılaştırın.' },
  paid_there: { what: 'Burada ödenmemiş, orada ödenmiş', next: 'Çelişkili: bir yetkili Dikkat ekranında sonuçlandırır.' },
  not_final_there: { what: 'Burada kesin, orada henüz değil', next: 'Daha sonra yeniden karşılaştırın.' },
  attention: { what: 'Oradaki durumu bir kişi değerlendirmeli', next: 'Ödeme kuruluşunun paneline bakın.' },
  paid_by_unknown_card: { what: 'Orada ödenmiş, hangi kartla bilinmiyor', next: 'Ödeme kuruluşunun paneline bakın.' },
  settled_there: { what: 'Burada açıktı, orada kesin', next: 'Artık sonuçlandı; bir sonraki gün sonunda yer alır.' },
  still_open: { what: 'Burada açık, orada da kesin değil', next: 'Sorulmaya devam edilir.' },
};

/** The words of the day close, in Turkish. */
export const closeTr: CloseWords = {
  now: 'Şimdi',
  nowText: (number) => `${String(number)} no’lu gün sonu ne derdi`,
  title: (number) => `Gün sonu no. ${String(number)}`,
  act: (number) => `Gün sonunu al: no. ${String(number)}`,
  closed: (number) => `Gün sonu no. ${String(number)} alındı.`,
  unchangeable: 'Bir gün sonu hiç değişmez. Ödemeler sürer: sonra sonuçlanan bir sonrakinde yer alır.',
  opensOf: (n) => `${String(n)} ödeme sonuçlanmadı: listelenir, beklenmez.`,
  earlier: 'Önceki gün sonları',
  none: 'Henüz gün sonu alınmadı.',
  more: 'Daha fazla göster',
  failed: 'Gün sonu şu anda okunamıyor.',
  day: 'Gün',
  zone: 'Saat dilimi',
  since: 'Başlangıç',
  beginning: 'en baştan beri',
  until: 'bitiş',
  untilNow: 'şimdi',
  by: 'Alan',
  nobody: 'kimse seçilmemiş',
  missing: (from, until) => `Bir yedek geri yüklendi: ${from} ile ${until} arasında yazılanlar burada ve bu toplamlarda yok.`,
  missingLifts: 'Bu gün sonundan itibaren o zamana ait referanslar için yetkili gerekmez.',
  nothing: 'Kaydedilen bir şey yok.',
  cameIn: 'Giren',
  noAmount: 'Tutar bilinmiyor',
  columns: { what: 'Sonuç', count: 'Adet', amount: 'Tutar' },
  sums: {
    approved: 'Onaylandı', reversed: 'Geri verildi', withdrawn: 'Önceki gün sonlarından düşülen', reinstated: 'Önceki gün sonlarından düşülen iadeler',
    declined: 'Reddedildi', refused: 'Kabul edilmedi', not_sent: 'Gönderilmedi',
  },
  groups: by,
  single: 'Tek çekim',
  installments: (n) => `${String(n)} taksit`,
  limit: 'Kredi limiti',
  planNotKnown: 'Bilinmiyor',
  standing,
  outcome,
  late: { title: 'Son gün sonundan beri sonuçlanan', text: 'Son gün sonu alındığında açıktılar. Bu toplamların içindedirler.' },
  corrected: { title: 'Düzeltilen', text: 'Bir yetkilinin düzeltmesi, önceki bir gün sonunun saydığını değiştirdi.' },
  reversal: 'İade',
  picture: {
    title: 'Saatlere göre', approved: 'Onaylandı', declined: 'Reddedildi', not_sent: 'Kabul edilmedi ya da gönderilmedi', unknown: 'Bilinmiyor', reversed: 'Geri verildi',
    hour: 'Saat', again: 'ikinci kez', says: (n, hours) => `${String(hours)} saatte ${String(n)} sonuç`,
  },
  anchor: 'Çapa',
  anchorSays: 'Kâğıtta saklayın: günlük bu çapayı verdikçe o gün ne diyorsa hâlâ onu diyor demektir. “veznectl journal verify --anchor” ile denetlenir.',
  print: 'Yazdır',
  pdf: 'PDF olarak kaydet',
  csv: 'Tablo olarak kaydet (CSV)',
  jsonl: 'Programlar için kaydet (JSON)',
  saved: (path) => `Kaydedildi: ${path}`,
  compare: {
    title: 'Ödeme kuruluşuyla karşılaştırma', act: 'Ödeme kuruluşuyla karşılaştır', again: 'Yeniden karşılaştır', stop: 'Durdur',
    text: 'Bu gün sonundaki her ödeme, ödeme kuruluşunun hızında sorulur. Bu sırada ödemeler sürer.',
    progress: (done, of) => `${String(of)} ödemeden ${String(done)}`,
    found: (n) => (n === 0 ? 'şimdiye dek fark yok' : `şimdiye dek ${String(n)} fark`),
    other: (number) => `${String(number)} no’lu gün sonu karşılaştırılıyor. Aynı anda yalnız biri.`,
    notKept: 'Karşılaştırma saklanamadı',
    agrees: (n) => (n === 0 ? 'Karşılaştırılacak bir şey yok.' : `${String(n)} ödeme: ikisi de aynı şeyi söylüyor.`),
    differs: (n) => `${String(n)} fark`,
    unanswered: (n) => `${String(n)} yanıtlanmadı`,
    nothingSent: (n) => `${String(n)} hiç gönderilmemiş`,
    left: (n) => `${String(n)} sorulmadı: durduruldu`,
    here: 'burada', there: 'orada',
  },
  finding,
};
