//! Everything that crosses to the window, and how it is made from what the till says. The window only draws these.
//!
//! Amounts cross as decimal text, times as RFC 3339 text in UTC, ids as text: nothing here can be rounded on its way.

mod attempt;
mod close;
mod code;
mod convert;
mod event;
mod export;
mod fault;
mod hello;
mod history;
mod open;
mod papers;
mod repair;
mod returns;
mod sale;
mod secret;
mod settings;

pub use attempt::{
    AlarmView, AttemptView, CardView, ContradictionView, Gateway, OutcomeWord, Progress, ReasonView, RefusedBy,
    ReversalKind, ReversalView,
};
pub use close::{
    CloseBy, CloseComparison, CloseDifference, CloseFigure, CloseFile, CloseFinding, CloseGroup, CloseHour, CloseLine,
    CloseMade, CloseOutcome, CloseRow, CloseStanding, CloseSums, CloseView, ClosesPage, ComparingView, SaveClose,
};
pub use code::Code;
pub use convert::Names;
pub(crate) use convert::{
    authority, choice_code, confirmed, lines, money, notes, operator, query, seen, size, understood,
};
pub use event::{BankPageState, BankPageView, DeskEvent, JournalView};
pub use export::{ExportDone, ExportFormat, ExportInput, ExportPlan, ExportProgress};
pub use fault::{Fault, Field};
pub use hello::{
    AccountView, Attention, Hello, LanguageWord, OperatorView, Place, Practice, PracticeCardView, PracticeOrderView,
    Preferences, RoleWord, Session, Span, Theme, UnavailableView,
};
pub use history::{HistoryFilter, HistoryPage, HistoryRow, Line, LineKind, NoteView, PaymentDetail, Understood};
pub use papers::{
    AboutInput, IssuedView, PaperLine, PaperWayWord, PapersInput, PdfInput, PdfPaperWord, PrintJobView, PrintStand,
    PrinterView, ReceiptView, SeenWord,
};
pub use repair::RepairView;
pub use returns::{
    ListedAnswer, ListedInput, ListedOutcome, PortalReturnInput, ReturnSums, ReturnsView, ReversalProves,
    ReversalVerdictWord, ReverseInput, SettleListInput, SettleReversalInput, WayView, WhyNothing, WhyPortal, WhyRefund,
};
pub use sale::{
    AmountRefusal, BlockKind, BlockView, EarlierView, GuardQuestion, MeansInput, MoneyView, OptionView,
    OptionsQuestion, OptionsView, OrderView, PartInput, PayStop, ProgramView, SaleInput, SubjectInput, SupervisorInput,
    TypedAmount,
};
pub use secret::TypedSecret;
pub use settings::{
    AccountInput, CredentialsPlace, LoginInput, OperatorInput, ReturnWay, SettleInput, TryOutWord, VerdictWord,
};

/// A moment: RFC 3339 text in UTC with milliseconds.
pub type Time = String;
