import type { ReversalWords } from './reversals.en.ts';

/** What is said of voids and refunds, and of amounts that differ, in Turkish. */
export const reversalsTr: ReversalWords = {
  unknown: {
    timed_out: 'Ödeme kuruluşu zamanında yanıt vermedi.',
    connection_lost: 'Yanıt gelmeden bağlantı koptu.',
    server_error: 'İşlem sırasında ödeme kuruluşunda hata oluştu.',
    unexpected_status: 'Ödeme kuruluşu beklenmeyen bir yanıt verdi.',
    unreadable_answer: 'Ödeme kuruluşunun yanıtı okunamıyor.',
    contradictory_answer: 'Ödeme kuruluşunun yanıtı kendi içinde çelişiyor.',
    bank_timeout: 'Banka, ödeme kuruluşuna zamanında yanıt vermedi.',
    not_found_or_processed: 'Ödeme kuruluşuna göre kayıt ya yok ya da işlem daha önce yapılmış.',
    unknown_word: 'Ödeme kuruluşu tanınmayan bir yanıt verdi.',
    restarted: 'Bu işlem sürerken program kapandı.',
    other_amount: 'Ödeme kuruluşunda kalan tutar olması gerekenden farklı.',
  },
  mayBeBack: 'Para iade edilmiş olabilir. Yeniden iade etmeyin.',
  differs: (expected, found) => `Beklenen ${expected}, ödeme kuruluşundaki ${found}.`,
  has: (found) => `Ödeme kuruluşunda kalan ${found}.`,
  left: (expected, found) => `Kalması gereken ${expected}, ödeme kuruluşundaki ${found}.`,
};
