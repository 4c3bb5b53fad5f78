//! What a window that was just loaded, or loaded again, needs to be right.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::{
    AttemptView, BankPageView, Fault, Gateway, JournalView, MoneyView, PrinterView, ReturnWay, ReversalView, Time,
};

/// Everything.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct Hello {
    /// The program's version.
    pub version: String,
    /// What this person prefers.
    pub preferences: Preferences,
    /// Where the desk stands.
    pub place: Place,
}

/// Where the desk stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Place {
    /// No account is configured yet: the first start.
    FirstStart,
    /// A till is open.
    Open {
        /// It.
        session: Box<Session>,
    },
    /// No till can be opened: why, and what to do.
    Broken {
        /// Why.
        fault: Fault,
    },
    /// The sealed file's passphrase is needed before a till can be opened.
    Locked,
}

/// A language of the screens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum LanguageWord {
    /// English.
    En,
    /// Turkish.
    Tr,
}

/// A theme.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    /// As the system has it.
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

/// What a person prefers. Kept in the home folder; nothing of a sale is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Preferences {
    /// The language; `null` until someone has chosen one.
    pub language: Option<LanguageWord>,
    /// The theme.
    pub theme: Theme,
    /// The merchant account that was used last, by id.
    pub account: Option<String>,
    /// Who sits at the desk, by id.
    pub operator: Option<String>,
}

/// An open till.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct Session {
    /// The practice gateways' cards and orders, in training mode; `null` on a real desk.
    pub training: Option<Practice>,
    /// The desk's id.
    pub desk: String,
    /// The desk's time zone (IANA): days are local.
    pub time_zone: String,
    /// The merchant accounts that can be used.
    pub accounts: Vec<AccountView>,
    /// Those that are configured and can't be used now.
    pub unavailable: Vec<UnavailableView>,
    /// The operators.
    pub operators: Vec<OperatorView>,
    /// Attempts under way, newest first.
    pub open: Vec<AttemptView>,
    /// What needs attention.
    pub attention: Attention,
    /// How the journal does.
    pub journal: JournalView,
    /// What a restored backup does not hold.
    pub missing_span: Option<Span>,
    /// The bank's pages that are open.
    pub bank_pages: Vec<BankPageView>,
    /// The receipt printer.
    pub printer: PrinterView,
}

/// Everything unknown, set aside, alarmed or contradicted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct Attention {
    /// Attempts.
    pub attempts: Vec<AttemptView>,
    /// Reversals.
    pub reversals: Vec<ReversalView>,
}

/// A span of time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct Span {
    /// From when.
    pub from: Time,
    /// Until when.
    pub until: Time,
}

/// A merchant account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct AccountView {
    /// Its stable id.
    pub id: String,
    /// What staff see.
    pub name: String,
    /// Its gateway: `finrota` takes references and amounts, `yolcu360` orders.
    pub gateway: Gateway,
    /// The host its calls go to.
    pub host: String,
    /// The currencies it takes; the first is the usual one.
    pub currencies: Vec<String>,
    /// Orders may be paid from the credit limit.
    pub credit_limit: bool,
    /// The options are asked again at the 8th digit (else only at the 6th).
    pub eight_digits: bool,
    /// Above this the amount is typed twice.
    pub confirm_above: Option<MoneyView>,
    /// The gateway can be asked what became of a payment.
    pub status_query: bool,
    /// An explicit return settles, unconfirmed: the owner's choice.
    pub return_settles: bool,
    /// How the bank's page comes back.
    pub return_way: ReturnWay,
}

/// An account that can't be used now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct UnavailableView {
    /// Its name.
    pub name: String,
    /// Why.
    pub fault: Fault,
}

/// What an operator may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum RoleWord {
    /// Takes payments.
    Cashier,
    /// Answers for what can cost or return money.
    Supervisor,
}

/// An operator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct OperatorView {
    /// The id.
    pub id: String,
    /// The name.
    pub name: String,
    /// The role.
    pub role: RoleWord,
}

/// What there is to practise with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct Practice {
    /// Cards.
    pub cards: Vec<PracticeCardView>,
    /// Orders.
    pub orders: Vec<PracticeOrderView>,
    /// The code that the practice bank wants.
    pub bank_code: String,
    /// The practice supervisor's name.
    pub supervisor: String,
    /// The practice supervisor's PIN.
    pub supervisor_pin: String,
}

/// A practice card: typing it chooses the scene.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct PracticeCardView {
    /// The number.
    pub number: String,
    /// `MM/YYYY`.
    pub expiry: String,
    /// The security code.
    pub cvc: String,
    /// The brand.
    pub brand: String,
    /// The scene's name: the window's tables say in both languages what happens.
    pub scene: String,
    /// What happens, in English.
    pub text: String,
}

/// A practice order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct PracticeOrderView {
    /// The order id.
    pub order: String,
    /// What it costs.
    pub amount: MoneyView,
    /// The scene's name.
    pub scene: String,
    /// What happens, in English.
    pub text: String,
}
