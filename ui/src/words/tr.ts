/** Every word on the screens, in Turkish. */

import { codesTr } from './codes.tr.ts';
import type { Words } from './en.ts';
import { sale } from './sale.tr.ts';

export const tr: Words = {
  shell: {
    training: 'EĞİTİM MODU',
    trainingSays: 'gerçek para hareketi yok · deneme bankası',
    sale: 'Satış',
    history: 'Geçmiş',
    attention: 'Dikkat',
    attentionCount: (n) => `${String(n)} kayıt dikkat istiyor`,
    close: 'Gün sonu',
    dayClose: 'Gün sonu',
    settings: 'Ayarlar',
    navigation: 'Ekranlar',
    opening: 'Vezne açılıyor…',
    openFailed: 'Vezne açılamadı',
    again: 'Yeniden dene',
    account: 'Üye iş yeri hesabı',
    chooseAccount: 'Üye iş yeri hesabı seçin',
    unavailable: 'Şu anda kullanılamıyor',
    notWritten: 'Bir sonuç henüz deftere yazılamadı. Vezne’yi kapatmayın. Bu sırada ödeme alınmaz.',
    missingSpan: (from, until) =>
      `Bir yedek geri yüklendi. ${from} ile ${until} arasındaki ödemeler defterde yok: bu aralıkta ödenmiş olabilecekler için yetkili onayı gerekir.`,
    parked: 'Diğer müşteriler',
    show: 'Göster',
    dismiss: 'Kapat',
    answered: 'Bu arada ödeme kuruluşu yanıt verdi.',
    notSettled: 'Elle sonuçlandırma yapılmadı.',
  },
  parts: {
    close: 'Kapat',
    cancel: 'Vazgeç',
    required: 'Lütfen bu alanı doldurun.',
    working: 'Çalışıyor…',
    pin: {
      title: 'Yetkili onayı gerekiyor',
      name: 'Yetkili',
      pin: 'PIN',
      reason: 'Gerekçe',
      agree: 'Onayla',
      choose: 'Yetkili seçin',
      doing: 'PIN denetleniyor, sonra yapılacak. Artık geri alınamaz.',
      practice: (pin) => `Eğitimde: ${pin}`,
      nobody: 'Bu kasada henüz yetkili yok. Ayarlar, Kullanıcılar bölümünden ekleyin.',
    },
  },
  outcome: {
    approved: 'Onaylandı',
    declined: 'Reddedildi',
    refused: 'Kabul edilmedi',
    unknown: 'Henüz bilinmiyor',
    not_sent: 'Gönderilmedi',
    set_aside: 'Kenara ayrıldı',
    under_way: 'Sürüyor',
  },
  progress: {
    preparing: 'Hazırlanıyor',
    sending: 'Ödeme kuruluşuna gönderildi',
    at_bank: 'Banka sayfasında',
    confirming: 'Ödeme kuruluşuna soruluyor',
    over: 'Bitti',
  },
  gateway: { finrota: 'Finrota', yolcu360: 'Yolcu360' },
  codes: codesTr,
  sale,
};
