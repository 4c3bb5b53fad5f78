//! Turkish.

use vezne_core::answers::DeclineReason;
use vezne_core::reference::Part;
use vezne_core::reversal::Kind;

use super::{Labels, Titles, Words};
use crate::receipt::{Basis, CopyMark, Doubt, Next, NotBack, RefusedBy, Secure};

pub(super) static WORDS: Words = Words {
    months: ["Oca", "Şub", "Mar", "Nis", "May", "Haz", "Tem", "Ağu", "Eyl", "Eki", "Kas", "Ara"],
    titles: Titles {
        approved: "Ödeme onaylandı",
        declined: "Ödeme reddedildi",
        refused: "Ödeme kabul edilmedi",
        not_sent: "Ödeme gönderilmedi",
        unknown: "Sonuç henüz bilinmiyor",
        voided: "Ödeme iptal edildi",
        refunded: "İade edildi",
        not_voided: "İptal yapılmadı",
        not_refunded: "İade yapılmadı",
        void_unknown: "İptalin sonucu henüz bilinmiyor",
        refund_unknown: "İadenin sonucu henüz bilinmiyor",
    },
    labels: Labels {
        time: "Zaman",
        settled: "Sonuçlandı",
        desk: "Kasa",
        operator: "Kasiyer",
        account: "Hesap",
        gateway: "Ödeme kuruluşu",
        order: "Sipariş",
        reference: "Referans",
        part: "Kısım",
        means: "Ödeme yolu",
        card: "Kart",
        secure: "3-D Secure",
        holder: "Kart sahibi",
        owed: "Borç tutarı",
        commission: "Komisyon",
        total: "Toplam",
        amount: "Tutar",
        plan: "Taksit",
        paid: "Ödenen",
        gateway_payment: "Ödeme no (kuruluş)",
        gateway_reference: "Referans (kuruluş)",
        authorisation: "Provizyon kodu",
        attempt: "Deneme referansı",
        payment: "Ödeme no",
        returned: |kind| match kind {
            Kind::Void => "İptal tutarı",
            Kind::Refund => "İade tutarı",
        },
        reversal: |kind| match kind {
            Kind::Void => "İptal no",
            Kind::Refund => "İade no",
        },
        basis: "Nereden biliniyor",
        bank_says: "Bankanın açıklaması",
        gateway_says: "Ödeme kuruluşunun açıklaması",
        bank_code: "Banka kodu",
    },
    not_charged: "Çekim yapılmadı",
    nothing_charged: "Çekim yapılmadı",
    single_payment: "Tek çekim",
    credit_limit: "Kredi limiti",
    installments,
    part,
    copy: |mark| match mark {
        CopyMark::Number(number) => format!("KOPYA {number}"),
        CopyMark::Uncounted => "KOPYA (sayılmadı)".to_owned(),
    },
    page: |page, pages| format!("Sayfa {page}/{pages}"),
    training: "EĞİTİM MODU – GEÇERSİZ",
    training_small: "Eğitim modunda düzenlendi. Gerçek para hareketi olmadı.",
    not_fiscal: "Mali değeri yoktur. Fatura veya fiş yerine geçmez.",
    declined,
    refused: |by| match by {
        RefusedBy::Gateway => "Ödeme kuruluşu işleme almadan geri çevirdi.",
        RefusedBy::Vezne => "Kasa göndermedi.",
    },
    not_sent: "Kasadan hiçbir şey çıkmadı. Ödeme güvenle yeniden yapılabilir.",
    basis,
    doubt: |doubt| match doubt {
        Doubt::None => None,
        Doubt::Unconfirmed => Some("Henüz doğrulanmadı: ödeme kuruluşu sonucu ikinci kez bildiremedi."),
        Doubt::OnlyReturn => Some("Doğrulanmadı: bunu yalnızca banka sayfası bildirdi, kimseye sorulamadı."),
        Doubt::Contradicted => Some("Ödeme kuruluşu sonradan farklı bir sonuç bildirdi. Bir yetkili sonuçlandıracak."),
    },
    unknown: "Bu ödemenin çekilip çekilmediği henüz bilinmiyor. Bu belge, çekim yapıldığını da yapılmadığını da göstermez.",
    return_unknown: "Paranın geri gidip gitmediği henüz bilinmiyor. Bu belge, iade yapıldığını da yapılmadığını da göstermez.",
    next: |next| match next {
        Next::Asking => "Kasa, sonucu öğrenene kadar ödeme kuruluşuna sormayı sürdürür.",
        Next::Person => "Kasa bunu ödeme kuruluşuna soramıyor. Bir yetkili, ödeme kuruluşunun panelinden bakacak.",
        Next::Compared => {
            "Ödeme kuruluşu sonradan farklı bir sonuç bildirdi. Bir yetkili, ödeme kuruluşunun panelinden bakacak."
        }
    },
    keep: "Lütfen bu belgeyi saklayın: aşağıdaki ödeme numarasıyla her zaman bulunur.",
    returned: |kind| match kind {
        Kind::Void => "Çekim iptal edildi. Karta ne zaman yansıyacağı bankaya bağlıdır.",
        Kind::Refund => "Para, ödendiği yoldan geri gider. Ne zaman yansıyacağı bankaya bağlıdır.",
    },
    only_cancelled: "Sipariş iptal edildi. Bu, paranın geri gideceğini göstermez: ödeme kuruluşu bunu bildirmedi.",
    nothing_back: "Para geri gitmedi",
    not_back: |why| match why {
        NotBack::Gateway(_) => "Ödeme kuruluşu geri çevirdi. Yapılan çekim geçerli kalır.",
        NotBack::Vezne => "Kasa bunu istemedi. Yapılan çekim geçerli kalır.",
        NotBack::NotSent => "Kasadan hiçbir şey çıkmadı. Yapılan çekim geçerli kalır.",
        NotBack::Supervisor => "Bir yetkili, yapılmadığını belirledi. Yapılan çekim geçerli kalır.",
    },
    secure: |secure| match secure {
        Secure::Used => "istendi",
        Secure::Forced => "istendi: ödeme kuruluşu zorunlu tutuyor",
        Secure::DidWithout => "istendi; ödeme kuruluşu kullanmadı",
        Secure::NotAsked => "istenmedi",
    },
};

fn installments(count: u8) -> String {
    format!("{count} taksit")
}

fn part(part: Part) -> String {
    match part {
        Part::Rental => "kiralama".to_owned(),
        Part::Deposit => "depozito".to_owned(),
        Part::Extra => "ek hizmet".to_owned(),
        Part::Number(number) => format!("kısım {}", number.get()),
    }
}

const fn declined(reason: DeclineReason) -> &'static str {
    match reason {
        DeclineReason::CardDeclined => "Banka kartı reddetti.",
        DeclineReason::InsufficientFunds => "Kart bakiyesi veya limiti yetersiz.",
        DeclineReason::ExpiredCard => "Bankaya göre kartın süresi dolmuş.",
        DeclineReason::InvalidCardNumber => "Banka bu kart numarasını tanımıyor.",
        DeclineReason::InvalidCvc => "Güvenlik kodu hatalı.",
        DeclineReason::ThreeDsFailed => "Banka, kart sahibini 3-D Secure sayfasında doğrulayamadı.",
        DeclineReason::LimitExceeded => "Limit bu tutar için yetersiz.",
        DeclineReason::Other => "Banka ödemeyi reddetti.",
    }
}

const fn basis(basis: Basis) -> &'static str {
    match basis {
        Basis::GatewayStatus => "Ödeme kuruluşu doğruladı.",
        Basis::Answer => "Ödeme kuruluşunun yanıtı böyle.",
        Basis::ReturnAndProbe => "Banka sayfası böyle bildirdi, ödeme kuruluşundaki ikinci bir işaret de destekliyor.",
        Basis::ReturnAlone => "Yalnızca banka sayfası böyle bildirdi.",
        Basis::Supervisor => "Bir yetkili sonuçlandırdı.",
        Basis::CounterEntry => "Bir yetkili düzeltti.",
    }
}
