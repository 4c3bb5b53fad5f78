//! The Sale screen: what is typed, what is offered, what is asked back.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::{CardView, Code, Fault, OutcomeWord, Time, TypedSecret};

/// An amount: decimal text with exactly the currency's decimals (`555.00`), and its ISO 4217 code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct MoneyView {
    /// Decimal text with a dot.
    pub amount: String,
    /// ISO 4217 code.
    pub currency: String,
}

/// An amount as it was typed, read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct TypedAmount {
    /// The amount.
    pub amount: MoneyView,
    /// Whether the account wants amounts as large as this typed a second time.
    pub twice: bool,
}

/// Why a typed amount is not taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct AmountRefusal {
    /// `amount_empty`, `amount_ambiguous`, …
    pub code: Code,
    /// What it may have meant, to be chosen from: both readings of `1.500`.
    pub readings: Vec<MoneyView>,
}

/// What is paid for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum SubjectInput {
    /// A booking number of the desk's own (Finrota).
    Reference {
        /// As typed.
        reference: String,
        /// Which part of it, where one was declared.
        part: Option<PartInput>,
    },
    /// An order (Yolcu360).
    Order {
        /// As typed.
        order: String,
    },
}

/// A further part of one reference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum PartInput {
    /// The rental itself.
    Rental,
    /// The deposit.
    Deposit,
    /// An extra.
    Extra,
    /// Part n, 1 to 99.
    Number {
        /// n.
        number: u8,
    },
}

/// What is asked about options, while a card is typed: nothing of the card but its first six or eight digits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct OptionsQuestion {
    /// The account's id.
    pub account: String,
    /// The card's first 6 digits, or 8 where the account takes 8.
    pub bin: String,
    /// The amount (Finrota); `null` for an order.
    pub amount: Option<MoneyView>,
    /// The order (Yolcu360); `null` for an amount.
    pub order: Option<String>,
}

/// One way to pay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct OptionView {
    /// How many installments; 1 is a single payment.
    pub installments: u8,
    /// What is paid each month.
    pub monthly: MoneyView,
    /// What the cardholder pays in all.
    pub total: MoneyView,
    /// What it costs more than what is owed; `null` where nothing more, or where what is owed is not known.
    pub extra: Option<MoneyView>,
    /// The commission rate in per cent, as the gateway writes it; shown, never calculated with.
    pub commission: Option<String>,
    /// Monthly × installments is more than one minor unit for each installment off the total: show both, and say so.
    pub uneven: bool,
}

/// What a card program offers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct ProgramView {
    /// How the gateway calls it; opaque, named again at Pay.
    pub id: String,
    /// Its name for people.
    pub name: Option<String>,
    /// Whether it is the gateway's first choice for this card.
    pub is_default: bool,
    /// Its options, by number of installments.
    pub options: Vec<OptionView>,
}

/// What the card may pay, and how.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct OptionsView {
    /// Names this answer at Pay.
    pub list: u32,
    /// The BIN that was asked about.
    pub bin: String,
    /// The programs, the default first.
    pub programs: Vec<ProgramView>,
    /// The gateway insists on 3-D Secure.
    pub three_ds_forced: bool,
    /// The issuing bank.
    pub bank: Option<String>,
    /// The card's family or program.
    pub family: Option<String>,
    /// The brand as the gateway sees it.
    pub association: Option<String>,
    /// Credit or debit, as the gateway writes it.
    pub card_type: Option<String>,
    /// The currencies this card may pay in; empty when the gateway doesn't say.
    pub currencies: Vec<String>,
    /// The currency that is to be paid is none of these: said beside the options, and Pay is blocked.
    pub currency_refused: Option<String>,
    /// When it must be asked anew.
    pub good_until: Time,
}

/// An order before it is paid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct OrderView {
    /// The order id.
    pub order: String,
    /// What is owed; `null` where the order does not say.
    pub amount: Option<MoneyView>,
    /// The passenger.
    pub passenger: Option<String>,
    /// The car or product, in the gateway's words.
    pub title: Option<String>,
    /// Why it can't be paid: `order_already_paid`, `order_cancelled`, …; `null` where it can.
    pub blocked: Option<Code>,
    /// The gateway's word for its state.
    pub state: String,
}

/// What is asked of the duplicate guard before anything is sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct GuardQuestion {
    /// The account's id.
    pub account: String,
    /// What would be paid for.
    pub subject: SubjectInput,
    /// What is owed, where it is known.
    pub amount: Option<MoneyView>,
}

/// Why the duplicate guard says no.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum BlockKind {
    /// An attempt on the same order or reference is open or unknown. Nothing but its outcome releases it.
    OpenOrUnknown,
    /// One is contradicted: a supervisor's counter-entry releases it.
    Contradicted,
    /// Paid already: a supervisor, or declaring a further part (references only), releases it.
    AlreadyPaid,
    /// An unknown attempt with this card and amount: a supervisor's override releases it.
    SameCardUnknown,
    /// The attempt that was set aside was with this very card: a supervisor's override releases it.
    SetAsideSameCard,
    /// The same card paid the same amount a moment ago: the cashier says that it is meant.
    Twin,
    /// As many attempts are open as a desk can watch.
    TooManyOpen,
}

/// The guard's answer, with the earlier attempt that is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct BlockView {
    /// Why.
    pub kind: BlockKind,
    /// The earlier attempt; `null` for too many open ones.
    pub earlier: Option<EarlierView>,
    /// What is paid so far on this order or reference, less what went back.
    pub paid: Option<MoneyView>,
    /// Whether a supervisor's override naming the attempt releases it.
    pub can_override: bool,
    /// Whether declaring a further part of the reference releases it.
    pub can_declare_part: bool,
}

/// An earlier attempt: who, when, outcome.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct EarlierView {
    /// The attempt.
    pub attempt: String,
    /// Its payment, to be opened in History.
    pub payment: Option<String>,
    /// When it was opened.
    pub opened: Time,
    /// Since when it stands where it stands.
    pub since: Time,
    /// Its outcome; `null` while it is under way.
    pub outcome: Option<OutcomeWord>,
    /// What was owed.
    pub base: Option<MoneyView>,
    /// What was charged or would have been.
    pub total: Option<MoneyView>,
    /// Its card.
    pub card: Option<CardView>,
    /// The name of whoever sat at the desk.
    pub operator: Option<String>,
    /// The part of the reference that it paid.
    pub part: Option<String>,
    /// It was set aside.
    pub set_aside: bool,
}

/// A supervisor's name, PIN and reason, for one act.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, Type)]
pub struct SupervisorInput {
    /// The name.
    pub name: String,
    /// The PIN.
    pub pin: TypedSecret,
    /// Why.
    pub reason: String,
}

/// What it is paid with.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, Type)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum MeansInput {
    /// The card that was handed over a moment ago.
    Card {
        /// What `hand_card` or `hand_cvc` answered.
        held: String,
        /// The card program; `null` takes the default one.
        program: Option<String>,
        /// How many installments.
        installments: u8,
        /// The total that the button said.
        shown_total: MoneyView,
        /// Which answer the option was chosen from.
        list: u32,
        /// 3-D Secure; without it a supervisor must agree.
        three_ds: bool,
        /// Show the bank's page in the system's browser.
        in_browser: bool,
    },
    /// The agency's credit limit.
    CreditLimit,
}

/// A payment to be taken.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, Type)]
pub struct SaleInput {
    /// The account's id.
    pub account: String,
    /// What is paid for.
    pub subject: SubjectInput,
    /// What is owed; for an order, what was shown.
    pub amount: Option<MoneyView>,
    /// The amount typed a second time.
    pub amount_again: Option<MoneyView>,
    /// What it is paid with.
    pub means: MeansInput,
    /// Who sits at the desk, by id.
    pub operator: Option<String>,
    /// A supervisor's right, where one is needed.
    pub supervisor: Option<SupervisorInput>,
    /// The earlier attempt that the supervisor allows this one beside.
    pub overrides: Option<String>,
    /// The cashier has said that an approved twin is meant.
    pub twin_confirmed: bool,
}

/// Why a payment was not begun. Nothing was sent, and a card that was handed over is still held (until `forget_cards`,
/// or 120 seconds).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum PayStop {
    /// The duplicate guard says no.
    Blocked {
        /// Why, with the earlier attempt.
        block: Box<BlockView>,
    },
    /// The amount must be typed a second time, or the two do not agree.
    TypeAgain {
        /// The account's limit.
        limit: MoneyView,
    },
    /// A supervisor must agree: no 3-D, an override, a span missing.
    Supervisor {
        /// What for.
        code: Code,
    },
    /// The name or the PIN is not a supervisor's.
    NotASupervisor,
    /// A backup was restored, and this may have been paid in the span that is missing: a supervisor must agree.
    SpanMissing {
        /// From when.
        from: Time,
        /// Until when.
        until: Time,
    },
    /// The options are not what was shown any more: they must be asked anew and chosen again.
    Options {
        /// Why.
        fault: Fault,
    },
    /// It can't be paid so.
    Wrong {
        /// Why, and which field.
        fault: Fault,
    },
}
