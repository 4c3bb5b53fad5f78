//! Receipts of every kind, plain ones and the worst that may come.

use std::num::NonZeroU32;

use jiff::tz::TimeZone;
use vezne_core::account::GatewayKind;
use vezne_core::answers::DeclineReason;
use vezne_core::card::{Bin, CardSummary, LastFour};
use vezne_core::ids::{AttemptReference, PaymentId, ReversalId};
use vezne_core::money::{Currency, Money};
use vezne_core::reference::{Part, PartNumber};
use vezne_core::reversal::Kind;
use vezne_core::text::ForeignText;
use vezne_core::time::Timestamp;
use vezne_receipt::{
    Basis, CopyMark, Doubt, HeaderLine, Language, Marks, Means, Next, NotBack, Numbers, Plan, Proves, Receipt,
    RefusedBy, Secure, Subject, Told,
};

pub(crate) const LANGUAGES: [Language; 2] = [Language::English, Language::Turkish];

pub(crate) fn at() -> Timestamp {
    "2026-11-21T20:55:07Z".parse().unwrap()
}

pub(crate) fn said(text: &str) -> ForeignText {
    ForeignText::filter(text)
}

pub(crate) fn line(text: &str) -> HeaderLine {
    HeaderLine::typed(text).unwrap()
}

pub(crate) fn lira(minor: i64) -> Money {
    Money::from_minor(minor, Currency::TRY)
}

fn card() -> CardSummary {
    let bin = Bin::parse("41556501").unwrap();
    CardSummary { brand: bin.brand(), bin, last_four: LastFour::parse("6111").unwrap() }
}

pub(crate) fn copy(number: u32) -> Option<CopyMark> {
    NonZeroU32::new(number).map(CopyMark::Number)
}

pub(crate) fn reversal() -> ReversalId {
    ReversalId::from_parts(at(), [9; 10])
}

/// An ordinary payment in three installments.
pub(crate) fn plain() -> Receipt {
    Receipt {
        merchant: [
            "Işık Oto Kiralama A.Ş.",
            "Atatürk Bulvarı No: 12, 07100 Antalya",
            "0242 555 00 11 · Üçkapılar V.D. 1234567890",
        ]
        .map(line)
        .to_vec(),
        desk: Some(said("Antalya 2")),
        operator: Some(said("Ayşe Yılmaz")),
        account: "Antalya Finrota".parse().unwrap(),
        gateway: GatewayKind::Finrota,
        subject: Subject::Booking { reference: said("RZV-2026-004711"), part: Some(Part::Deposit) },
        payment: PaymentId::from_parts(at(), [7; 10]),
        attempt: AttemptReference::from_random([5; 16]),
        at: at(),
        settled: None,
        zone: TimeZone::get("Europe/Istanbul").unwrap(),
        means: Means::Card {
            card: card(),
            holder: Some(said("İPEK ŞAĞLAM ÇÖĞÜR")),
            plan: Plan { installments: 3, monthly: Some(lira(18_500)) },
            secure: Some(Secure::Used),
        },
        base: Some(lira(54_500)),
        numbers: Numbers {
            payment: Some(said("9031174")),
            reference: Some(said("FR20261121-88120")),
            authorisation: Some(said("P41907")),
        },
        told: Told::Approved { amount: Some(lira(55_500)), basis: Basis::GatewayStatus, doubt: Doubt::None },
        marks: Marks::default(),
    }
}

/// Everything as long and as large as it can become.
pub(crate) fn worst() -> Receipt {
    let long = "UZUN-REFERANS-".repeat(12);
    Receipt {
        merchant: [
            "Şişli Köyiçi Uluslararası Otomotiv Kiralama, Turizm ve Ticaret Anonim Şirketi Antalya Havalimanı Dış Hatlar Şubesi",
            "Yeşilköy Mahallesi Havalimanı Caddesi Dış Hatlar Terminali Geliş Katı No: 114/B İç Kapı No: 7, 07230 Muratpaşa / Antalya",
            "www.çokuzunbiralanadıylakiralamayapanşirket.example",
        ]
        .map(line)
        .to_vec(),
        desk: Some(said("Antalya Havalimanı Dış Hatlar Geliş Katı Üçüncü Banko")),
        operator: Some(said("Muhammed Abdülkadir Gıyaseddin Karahasanoğlu-Öztürkmen")),
        account: "Antalya Havalimanı Dış Hatlar TL hesabı".parse().unwrap(),
        subject: Subject::Booking { reference: said(&long), part: PartNumber::new(99).map(Part::Number) },
        means: Means::Card {
            card: card(),
            holder: Some(said("MUHAMMED ABDÜLKADİR GIYASEDDİN KARAHASANOĞLU-ÖZTÜRKMEN OĞLU")),
            plan: Plan { installments: 12, monthly: Some(lira(102_880_658_436_213)) },
            secure: Some(Secure::DidWithout),
        },
        base: Some(lira(999_999_999_999_999)),
        numbers: Numbers {
            payment: Some(said(&"9031174-ABCDEFGH-".repeat(5))),
            reference: Some(said(&"FR20261121".repeat(20))),
            authorisation: Some(said("P41907")),
        },
        told: Told::Approved {
            amount: Some(lira(1_234_567_901_234_556)),
            basis: Basis::ReturnAndProbe,
            doubt: Doubt::Unconfirmed,
        },
        marks: Marks { copy: copy(12), training: true },
        ..plain()
    }
}

fn told(told: Told) -> Receipt {
    Receipt { told, numbers: Numbers::default(), ..plain() }
}

/// Every kind of receipt, by name.
pub(crate) fn every() -> Vec<(&'static str, Receipt)> {
    let amount = Some(lira(55_500));
    let declined = Told::Declined {
        amount,
        reason: DeclineReason::InsufficientFunds,
        said: Some(said("Yetersiz bakiye / limit")),
        bank_code: Some(said("51")),
        basis: Basis::Answer,
        doubt: Doubt::None,
    };
    let refused = Told::Refused { amount, by: RefusedBy::Gateway, said: Some(said("returnUrl is not allowed")) };
    let limit = Receipt {
        subject: Subject::Order(said("order_123456789")),
        gateway: GatewayKind::Yolcu360,
        means: Means::CreditLimit,
        base: None,
        told: Told::Approved { amount: Some(lira(250_000)), basis: Basis::Answer, doubt: Doubt::Contradicted },
        ..plain()
    };
    let attempts = vec![
        ("approved", plain()),
        ("worst", worst()),
        ("limit", limit),
        ("declined", told(declined)),
        ("refused", told(refused)),
        ("not-sent", told(Told::NotSent { amount })),
        ("unknown", told(Told::Unknown { amount, next: Next::Asking })),
        ("unknown-person", told(Told::Unknown { amount, next: Next::Person })),
        ("unknown-contradicted", told(Told::Unknown { amount, next: Next::Compared })),
    ];
    attempts.into_iter().chain(reversals(amount)).collect()
}

/// Every kind that speaks of a void or a refund.
fn reversals(amount: Option<Money>) -> Vec<(&'static str, Receipt)> {
    let refund = Told::Returned {
        kind: Kind::Refund,
        amount: lira(12_345),
        paid: amount,
        reversal: reversal(),
        basis: Basis::GatewayStatus,
        proves: Proves::Money,
    };
    let void = Told::Returned {
        kind: Kind::Void,
        amount: lira(55_500),
        paid: amount,
        reversal: reversal(),
        basis: Basis::Answer,
        proves: Proves::Money,
    };
    let cancelled = Told::Returned {
        kind: Kind::Void,
        amount: lira(55_500),
        paid: amount,
        reversal: reversal(),
        basis: Basis::GatewayStatus,
        proves: Proves::Cancellation,
    };
    let stayed = Told::NotReturned {
        kind: Kind::Refund,
        amount: lira(12_345),
        paid: amount,
        reversal: reversal(),
        why: NotBack::Gateway(Some(said("İade süresi geçmiş"))),
    };
    let lost = Told::ReturnUnknown {
        kind: Kind::Refund,
        amount: lira(12_345),
        paid: amount,
        reversal: reversal(),
        next: Next::Asking,
    };
    vec![
        ("refund", Receipt { marks: Marks { copy: copy(2), training: false }, ..told(refund) }),
        ("void", told(void)),
        ("cancelled", told(cancelled)),
        ("not-refunded", told(stayed)),
        ("refund-unknown", told(lost)),
    ]
}
