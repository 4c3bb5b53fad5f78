//! The words of a table, in both languages.

use vezne_core::account::GatewayKind;
use vezne_core::attempt::Outcome;
use vezne_core::reference::Part;
use vezne_core::reversal::Kind;

use crate::row::{EvidenceKind, Means, RefusedBy};

/// The language of titles and words in a table. JSON has the same words in both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Language {
    /// English.
    English,
    /// Turkish.
    Turkish,
}

impl Language {
    /// Each of them.
    pub const EVERY: [Self; 2] = [Self::English, Self::Turkish];

    /// The two-letter code, `en` or `tr`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Turkish => "tr",
        }
    }

    /// The language with this code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::EVERY.into_iter().find(|language| language.code() == code)
    }

    /// The one of two texts, English and Turkish, that is in this language.
    #[must_use]
    pub const fn of<'a>(self, both: &[&'a str; 2]) -> &'a str {
        let [english, turkish] = *both;
        match self {
            Self::English => english,
            Self::Turkish => turkish,
        }
    }
}

/// A word that is the same in every JSON, and is shown in the table's language: English, Turkish.
pub(crate) type Both = [&'static str; 2];

pub(crate) const YES: Both = ["yes", "evet"];
pub(crate) const NO: Both = ["no", "hayır"];
pub(crate) const IN_PROGRESS: Both = ["in progress", "sürüyor"];
pub(crate) const SHEET: Both = ["Payments", "Ödemeler"];
/// The word before a part's number.
pub(crate) const NUMBERED_PART: Both = ["part", "kısım"];

pub(crate) const fn outcome(outcome: Outcome) -> Both {
    match outcome {
        Outcome::Approved => ["approved", "onaylandı"],
        Outcome::Declined => ["declined", "reddedildi"],
        Outcome::Refused => ["refused", "kabul edilmedi"],
        Outcome::Unknown => ["unknown", "bilinmiyor"],
        Outcome::NotSent => ["not sent", "gönderilmedi"],
    }
}

pub(crate) const fn evidence(kind: EvidenceKind) -> Both {
    match kind {
        EvidenceKind::GatewayStatus => ["the gateway, asked", "ödeme kuruluşuna soruldu"],
        EvidenceKind::PayAnswer => ["the gateway's answer", "ödeme kuruluşunun yanıtı"],
        EvidenceKind::ReturnAndProbe => ["the bank's page and a second sign", "banka sayfası ve ikinci bir işaret"],
        EvidenceKind::ReturnAlone => ["the bank's page alone", "yalnızca banka sayfası"],
        EvidenceKind::Supervisor => ["a supervisor", "bir yetkili"],
        EvidenceKind::CounterEntry => ["a supervisor's counter-entry", "bir yetkilinin düzeltmesi"],
        EvidenceKind::ReversalAnswer => ["the gateway's answer to the return", "ödeme kuruluşunun iadeye yanıtı"],
        EvidenceKind::Portal => ["done in the gateway's portal", "ödeme kuruluşunun panelinden yapıldı"],
    }
}

pub(crate) const PAYMENT: Both = ["payment", "ödeme"];

pub(crate) const fn kind(kind: Kind) -> Both {
    match kind {
        Kind::Void => ["void", "iptal"],
        Kind::Refund => ["refund", "iade"],
    }
}

pub(crate) const fn means(means: Means) -> Both {
    match means {
        Means::Card => ["card", "kart"],
        Means::CreditLimit => ["credit limit", "kredi limiti"],
    }
}

pub(crate) const fn refused_by(by: RefusedBy) -> Both {
    match by {
        RefusedBy::Vezne => ["Vezne", "Vezne"],
        RefusedBy::Gateway => ["the gateway", "ödeme kuruluşu"],
    }
}

pub(crate) const fn gateway(kind: GatewayKind) -> Both {
    match kind {
        GatewayKind::Finrota => ["Finrota", "Finrota"],
        GatewayKind::Yolcu360 => ["Yolcu360", "Yolcu360"],
    }
}

pub(crate) const fn part(part: Part) -> Both {
    match part {
        Part::Rental => ["rental", "kiralama"],
        Part::Deposit => ["deposit", "depozito"],
        Part::Extra => ["extra", "ek hizmet"],
        Part::Number(_) => NUMBERED_PART,
    }
}
