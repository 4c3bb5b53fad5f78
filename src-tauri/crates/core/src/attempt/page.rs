//! The bank's page and what comes back from it (`RULES.md` 2): hints, and an end.

use crate::account::PagePlace;
use crate::attempt::event::{Effect, PageEnd, Refusal, ReturnHint};
use crate::attempt::state::{Heard, State};
use crate::attempt::step::{Step, ask_or_settle};
use crate::attempt::{Attempt, Entry, Page, finals};
use crate::limits;
use crate::time::Timestamp;

/// Truth 5: however many come, they can only cause a question (and what section 2 says where nothing can be asked).
pub(super) fn return_arrived(step: &mut Step, hint: &ReturnHint, now: Timestamp) {
    let causes_question = note(step, hint, now);
    let own_page = step.attempt.is_own_page(hint);
    match step.attempt.state {
        State::Ready | State::Sending(_) | State::Reauthorising => {}
        State::AtBank => {
            step.enter(State::Confirming(Heard::Nothing), now);
            if own_page {
                step.close_page(PageEnd::Returned, now);
            }
            ask_or_settle(step, now);
        }
        State::Confirming(_) | State::Unknown(_) | State::SetAside(_) => {
            if own_page {
                step.close_page(PageEnd::Returned, now);
            }
            if causes_question {
                ask_or_settle(step, now);
            }
        }
        State::Approved { .. } | State::Declined { .. } | State::Refused(_) | State::NotSent(_) => {
            finals::contrary_return(step, hint, now);
        }
    }
}

/// Writes the return down, if it still may be, and says whether it is the one in two seconds that may cause a question.
/// One that comes too soon after another, or after a question, is not forgotten: [`crate::attempt::next_due`] asks
/// when the two seconds are over.
fn note(step: &mut Step, hint: &ReturnHint, now: Timestamp) -> bool {
    if !step.attempt.may_note_return(hint) {
        return false;
    }
    let before = step.attempt.returns.question;
    step.write(Entry::Returned(hint.clone()), now);
    let first = step.attempt.returns.question != before;
    let asked_lately =
        step.attempt.asking.last.is_some_and(|last| now >= last && now.since(last) < limits::RETURN_QUESTION_GAP);
    first && !asked_lately
}

/// Somebody says that the bank's page is gone.
pub(super) fn page_gone(step: &mut Step, end: PageEnd, now: Timestamp, refusal: Refusal) -> Result<(), Refusal> {
    let open = match step.attempt.page {
        Page::Open { .. } => true,
        Page::None | Page::Gone { .. } => false,
    };
    if open && speaks_of_the_window(&step.attempt, end) {
        return Ok(());
    }
    let gone = open && proves(&step.attempt, end, now);
    if gone {
        step.write(Entry::PageGone(end), now);
    }
    match step.attempt.state {
        State::Ready | State::Sending(_) | State::Reauthorising => return Err(refusal),
        State::AtBank => {
            step.enter(State::Confirming(Heard::Nothing), now);
            if gone {
                // Closed by the bank's window itself or by hand: in either case it has to go.
                step.act(Effect::CloseBankPage);
            }
            ask_or_settle(step, now);
        }
        State::Confirming(_) | State::Unknown(_) | State::SetAside(_) => {
            if open {
                ask_or_settle(step, now);
            }
        }
        State::Approved { .. } | State::Declined { .. } | State::Refused(_) | State::NotSent(_) => {}
    }
    Ok(())
}

/// "Open in the browser instead": the window is gone, and the customer goes on in the system's browser, whose page has a
/// time of its own from now on. Its return can't reach the desk's own window, so that only asking tells the outcome: where
/// nobody can be asked, the page stays where it is.
pub(super) fn page_moved(step: &mut Step, now: Timestamp, refusal: Refusal) -> Result<(), Refusal> {
    let attempt = &step.attempt;
    match (attempt.page, attempt.place()) {
        (Page::Open { .. }, PagePlace::Window) if attempt.can_be_asked() && !attempt.found_unaskable() => {
            step.write(Entry::PageMoved, now);
            Ok(())
        }
        (Page::Open { .. }, PagePlace::Window | PagePlace::Browser) | (Page::None | Page::Gone { .. }, _) => {
            Err(refusal)
        }
    }
}

/// Whether this is the end of a window that the page has left already: it says nothing of the page.
const fn speaks_of_the_window(attempt: &Attempt, end: PageEnd) -> bool {
    match end {
        PageEnd::ClosedByHand | PageEnd::LoadFailed | PageEnd::TlsFailed | PageEnd::ProcessGone => attempt.moved,
        PageEnd::GaveUp | PageEnd::DeskStopped | PageEnd::Settled | PageEnd::Returned => false,
    }
}

/// Whether the page is gone once this is said of it. A window of ours is. A page in the system's browser is out of our
/// hands: whatever a person says, the customer may still type the code there until its return came or its time is
/// over (`RULES.md` 3); only one that could not be opened was never there.
fn proves(attempt: &Attempt, end: PageEnd, now: Timestamp) -> bool {
    match (attempt.place(), end) {
        (
            PagePlace::Window,
            PageEnd::ClosedByHand
            | PageEnd::GaveUp
            | PageEnd::LoadFailed
            | PageEnd::TlsFailed
            | PageEnd::ProcessGone
            | PageEnd::DeskStopped
            | PageEnd::Settled
            | PageEnd::Returned,
        )
        | (PagePlace::Browser, PageEnd::LoadFailed) => true,
        (
            PagePlace::Browser,
            PageEnd::ClosedByHand
            | PageEnd::GaveUp
            | PageEnd::TlsFailed
            | PageEnd::ProcessGone
            | PageEnd::DeskStopped
            | PageEnd::Settled
            | PageEnd::Returned,
        ) => attempt.page_is_gone(now),
    }
}

/// The desk's own window went with the desk; a page in the system's browser did not.
pub(super) fn desk_stopped(step: &mut Step, now: Timestamp) {
    match step.attempt.page {
        Page::Open { .. } => {
            if proves(&step.attempt, PageEnd::DeskStopped, now) {
                step.write(Entry::PageGone(PageEnd::DeskStopped), now);
            }
        }
        Page::None | Page::Gone { .. } => {}
    }
}
