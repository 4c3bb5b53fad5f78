//! What a receipt says, as plain data: made from what the till shows of an attempt or a reversal.

use std::num::NonZeroU32;

use jiff::tz::TimeZone;
use vezne_core::account::GatewayKind;
use vezne_core::answers::DeclineReason;
use vezne_core::card::CardSummary;
use vezne_core::ids::{AccountName, AttemptReference, PaymentId, ReversalId};
use vezne_core::money::Money;
use vezne_core::reference::Part;
use vezne_core::reversal::Kind;
use vezne_core::text::{ForeignText, contains_card_number, looks_like_track_data};
use vezne_core::time::Timestamp;

use crate::block::Text;

/// A line of the merchant's header, as the desk's owner wrote it: telephone, tax and account numbers are printed as they are. What
/// the settings refuse is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeaderLine(Text);

impl HeaderLine {
    /// The line; `None` for one with a card number or what a card reader types, which is printed nowhere.
    #[must_use]
    pub fn typed(line: &str) -> Option<Self> {
        let line = Text::new(line);
        let holds_card = contains_card_number(line.as_str()) || looks_like_track_data(line.as_str());
        (!holds_card).then_some(Self(line))
    }
}

impl From<&HeaderLine> for Text {
    fn from(line: &HeaderLine) -> Self {
        line.0.clone()
    }
}

/// What is charged for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// An order of Yolcu360, by its id.
    Order(ForeignText),
    /// The desk's own booking number.
    Booking {
        /// The number.
        reference: ForeignText,
        /// The part of it that this payment is for.
        part: Option<Part>,
    },
}

/// In how many installments, and of how much each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    /// How many; one is a single payment.
    pub installments: u8,
    /// What one of them is, where the gateway said so.
    pub monthly: Option<Money>,
}

/// What is paid with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Means {
    /// A card.
    Card {
        /// Its BIN and last four digits; there is no more of it anywhere.
        card: CardSummary,
        /// The name on it.
        holder: Option<ForeignText>,
        /// The chosen installments.
        plan: Plan,
        /// What became of 3-D Secure; none where it does not matter: nothing was processed, or money goes back.
        secure: Option<Secure>,
    },
    /// The agency's credit limit.
    CreditLimit,
}

/// The gateway's own numbers for it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Numbers {
    /// Its payment number.
    pub payment: Option<ForeignText>,
    /// Its reference.
    pub reference: Option<ForeignText>,
    /// An authorisation code, only if an answer carried one.
    pub authorisation: Option<ForeignText>,
}

/// How an outcome is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Basis {
    /// The gateway was asked.
    GatewayStatus,
    /// The gateway's answer to the call itself.
    Answer,
    /// The bank's page, and a second sign.
    ReturnAndProbe,
    /// The bank's page alone.
    ReturnAlone,
    /// A supervisor settled it.
    Supervisor,
    /// A supervisor corrected it.
    CounterEntry,
}

impl Basis {
    /// The basis of a view's evidence word, such as `gateway_status`; None for a word that there is not.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Some(match word {
            "gateway_status" => Self::GatewayStatus,
            "pay_answer" | "reversal_answer" => Self::Answer,
            "return_and_probe" => Self::ReturnAndProbe,
            "return_alone" => Self::ReturnAlone,
            "supervisor" => Self::Supervisor,
            "counter_entry" => Self::CounterEntry,
            _ => return None,
        })
    }
}

/// What speaks against an outcome. The paper says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Doubt {
    /// Nothing.
    None,
    /// It stands on weaker evidence.
    Unconfirmed,
    /// Only the bank's page said so, and nobody could be asked: a return is unsigned.
    OnlyReturn,
    /// The gateway said something else since.
    Contradicted,
}

/// What became of 3-D Secure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Secure {
    /// Asked for, and nothing speaks against it.
    Used,
    /// The gateway insists on it, although it had been turned off.
    Forced,
    /// Asked for, and the gateway did without.
    DidWithout,
    /// Turned off by a supervisor.
    NotAsked,
}

/// What a finished reversal proves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Proves {
    /// That the money goes back.
    Money,
    /// That the order is cancelled; of the money the gateway says nothing.
    Cancellation,
}

/// Why money did not go back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotBack {
    /// The gateway turned it away, in its own words.
    Gateway(Option<ForeignText>),
    /// The desk did not ask for it.
    Vezne,
    /// Nothing left the desk.
    NotSent,
    /// A supervisor found that it did not happen.
    Supervisor,
}

/// Who refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RefusedBy {
    /// The gateway, before processing.
    Gateway,
    /// Vezne, before sending.
    Vezne,
}

/// What happens next about an outcome that is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Next {
    /// The gateway is asked until it says.
    Asking,
    /// Nobody can be asked: a person looks it up.
    Person,
    /// The gateway contradicts what was told before: a person looks it up.
    Compared,
}

/// What a receipt tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told {
    /// The money was charged.
    Approved {
        /// How much: the total, with commission; none where the order's amount could not be read.
        amount: Option<Money>,
        /// How that is known.
        basis: Basis,
        /// What speaks against it.
        doubt: Doubt,
    },
    /// The bank said no. Nothing was charged.
    Declined {
        /// What was to be charged.
        amount: Option<Money>,
        /// Why.
        reason: DeclineReason,
        /// The bank's or gateway's own words.
        said: Option<ForeignText>,
        /// The bank's code.
        bank_code: Option<ForeignText>,
        /// How that is known.
        basis: Basis,
        /// What speaks against it.
        doubt: Doubt,
    },
    /// Not processed. Nothing was charged.
    Refused {
        /// What was to be charged.
        amount: Option<Money>,
        /// By whom.
        by: RefusedBy,
        /// The gateway's own words.
        said: Option<ForeignText>,
    },
    /// Nothing left the desk. Nothing was charged.
    NotSent {
        /// What was to be charged.
        amount: Option<Money>,
    },
    /// Not known yet. The paper claims neither.
    Unknown {
        /// What is or is not charged.
        amount: Option<Money>,
        /// What happens next.
        next: Next,
    },
    /// The money went back.
    Returned {
        /// By which way.
        kind: Kind,
        /// How much went back.
        amount: Money,
        /// What had been charged.
        paid: Option<Money>,
        /// The void or refund.
        reversal: ReversalId,
        /// How that is known.
        basis: Basis,
        /// What that proves.
        proves: Proves,
    },
    /// The money did not go back.
    NotReturned {
        /// By which way it was to.
        kind: Kind,
        /// How much was to.
        amount: Money,
        /// What had been charged.
        paid: Option<Money>,
        /// The void or refund.
        reversal: ReversalId,
        /// Why.
        why: NotBack,
    },
    /// It is not known whether the money went back. The paper claims neither.
    ReturnUnknown {
        /// By which way.
        kind: Kind,
        /// How much goes back or does not.
        amount: Money,
        /// What had been charged.
        paid: Option<Money>,
        /// The void or refund.
        reversal: ReversalId,
        /// What happens next.
        next: Next,
    },
}

/// That a paper is a copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CopyMark {
    /// The copy of this number.
    Number(NonZeroU32),
    /// A copy that nobody counted: made beside the desk, from what its journal says.
    Uncounted,
}

/// What is said of the paper itself.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Marks {
    /// Whether this is a copy; none on the first paper.
    pub copy: Option<CopyMark>,
    /// Made in training mode: no real money.
    pub training: bool,
}

/// One receipt. Text from outside is [`ForeignText`], which masks whatever looks like a card number, the header is
/// [`HeaderLine`]s, which hold none, and the card is a [`CardSummary`], so nothing here can hold more of a card than
/// its BIN and last four digits.
#[derive(Debug, Clone, PartialEq)]
pub struct Receipt {
    /// The lines of the merchant's header: name, address, telephone.
    pub merchant: Vec<HeaderLine>,
    /// The desk's name.
    pub desk: Option<ForeignText>,
    /// Who sat at it.
    pub operator: Option<ForeignText>,
    /// The merchant account.
    pub account: AccountName,
    /// Its gateway.
    pub gateway: GatewayKind,
    /// What is charged for.
    pub subject: Subject,
    /// The payment.
    pub payment: PaymentId,
    /// What the gateway knows the attempt by.
    pub attempt: AttemptReference,
    /// When it was begun: the payment's, the void's or the refund's own time.
    pub at: Timestamp,
    /// When what it tells became so, if that was another minute.
    pub settled: Option<Timestamp>,
    /// The desk's time zone.
    pub zone: TimeZone,
    /// What is paid with.
    pub means: Means,
    /// What was owed before commission, where it is known.
    pub base: Option<Money>,
    /// The gateway's numbers.
    pub numbers: Numbers,
    /// What the receipt tells.
    pub told: Told,
    /// What is said of the paper.
    pub marks: Marks,
}
