//! An open till as a window is shown it.

use vezne_core::ports::Journal as _;
use vezne_till::JournalState;

use super::Unfinished;
use crate::session::Session;
use crate::view::{
    AccountView, AttemptView, Attention, OperatorView, PrinterView, ReversalView, Session as SessionView,
};

/// What is under way or not written down.
pub(super) async fn unfinished(session: &Session) -> Unfinished {
    let open = session.till.open_attempts().await;
    let written = match session.till.journal_state().await {
        JournalState::Written | JournalState::Refusing { .. } => true,
        JournalState::NotWritten(_) => false,
    };
    let not_written_down = !written || open.iter().any(|attempt| attempt.not_written_down);
    Unfinished { open: u32::try_from(open.len()).unwrap_or(u32::MAX), not_written_down }
}

/// Everything of it. An account that can't be used is not in here: the till knows nothing of it.
pub(super) async fn view(session: &Session) -> SessionView {
    let unreadable = |error: vezne_core::ports::JournalFault| {
        tracing::error!(%error, "the journal could not be read for the window");
    };
    let operators = session.journal.operators().await.map_err(unreadable).unwrap_or_default();
    let missing_span = session.journal.missing_span().await.map_err(unreadable).unwrap_or_default();
    let (attempts, reversals) = session.till.attention().await;
    let open = session.till.open_attempts().await;
    let of = |settings: &vezne_settings::AccountSettings| {
        let account = session.accounts.values().find(|account| account.reference.id.as_str() == settings.id);
        account.map(|account| AccountView::of(account, settings))
    };
    SessionView {
        training: session.training.clone(),
        desk: session.settings.desk.id.clone(),
        time_zone: session.settings.desk.timezone.clone(),
        accounts: session.settings.accounts.iter().filter_map(of).collect(),
        unavailable: Vec::new(),
        operators: operators.iter().map(OperatorView::from).collect(),
        open: open.iter().map(AttemptView::from).collect(),
        attention: Attention {
            attempts: attempts.iter().map(AttemptView::from).collect(),
            reversals: reversals.iter().map(ReversalView::from).collect(),
        },
        journal: (&session.till.journal_state().await).into(),
        missing_span: missing_span.map(Into::into),
        bank_pages: session.windows.as_ref().map(|windows| windows.views()).unwrap_or_default(),
        printer: PrinterView::of(&session.papers),
    }
}
