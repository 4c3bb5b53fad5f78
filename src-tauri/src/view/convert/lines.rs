//! One payment's steps, each entry of the journal as a line (or two: who settled it, and as what).

use vezne_core::answers::Probe;
use vezne_core::attempt::{self, Heard, PageEnd, Refused, ReturnHint, Round, State};
use vezne_core::evidence::Evidence;
use vezne_core::papers::PaperName;
use vezne_core::record::Record;
use vezne_core::reversal;
use vezne_core::status::{Reading, Seen};
use vezne_core::text::ForeignText;
use vezne_core::time::Timestamp;
use vezne_till::{AlarmView, ReasonView};

use super::Names;
use crate::view::{Code, Line, LineKind};

/// A line without its time and what it is about.
struct Step {
    kind: LineKind,
    detail: Option<String>,
    code: Option<Code>,
}

impl Step {
    const fn plain(kind: LineKind) -> Self {
        Self { kind, detail: None, code: None }
    }

    fn with(kind: LineKind, detail: Option<String>) -> Self {
        Self { kind, detail, code: None }
    }

    fn because(kind: LineKind, reason: Option<ReasonView>) -> Self {
        let code = reason.as_ref().map(|reason| Code::of_till(reason.code));
        Self { kind, detail: reason.and_then(|reason| reason.text), code }
    }

    fn alarm(alarm: AlarmView) -> Self {
        Self { kind: LineKind::Alarmed, code: Some(Code::of_till(alarm.code)), detail: alarm.detail }
    }
}

/// The lines of a payment, oldest first.
pub(crate) fn lines(records: &[(Timestamp, Record)], names: &Names) -> Vec<Line> {
    records.iter().flat_map(|(at, record)| of_record(*at, record, names)).collect()
}

fn of_record(at: Timestamp, record: &Record, names: &Names) -> Vec<Line> {
    let (about, steps) = match record {
        Record::Attempt { attempt, entry, .. } => (attempt.to_string(), of_entry(entry, names)),
        Record::Reversal { reversal, entry, .. } => (reversal.to_string(), of_reversal(entry, names)),
        Record::RightUsed { operator, reason, about, act: _ } => {
            let words = format!("{}: {reason}", names.name(*operator));
            let about = about.map(|attempt| attempt.to_string()).unwrap_or_default();
            (about, vec![Step::with(LineKind::PersonSettled, Some(words))])
        }
        Record::PaperIssued(issued) => {
            let copy = issued.copy.map(|copy| format!(" {copy}")).unwrap_or_default();
            (about_of(&issued.paper), vec![Step::with(LineKind::Paper, Some(format!("{}{copy}", issued.way.word())))])
        }
        Record::PaperWithdrawn(withdrawn) => {
            let copy = withdrawn.copy.map(|copy| copy.to_string());
            (about_of(&withdrawn.paper), vec![Step::with(LineKind::PaperWithdrawn, copy)])
        }
        // A note stands in a place of its own.
        Record::NoteAdded(_) => return Vec::new(),
        // They belong to the desk, not to a payment.
        Record::OperatorAdded(_)
        | Record::EpochStarted { .. }
        | Record::SpanLost { .. }
        | Record::DayClosed(_)
        | Record::CloseCompared(_) => return Vec::new(),
    };
    let line = |Step { kind, detail, code }| Line { at: at.to_string(), about: about.clone(), kind, detail, code };
    steps.into_iter().map(line).collect()
}

/// The attempt or reversal that a paper speaks of: what stands before the word for what it says.
fn about_of(paper: &PaperName) -> String {
    let name = paper.as_str();
    name.rsplit_once('.').map_or(name, |(about, _)| about).to_owned()
}

fn of_entry(entry: &attempt::Entry, names: &Names) -> Vec<Step> {
    use attempt::Entry;
    vec![match entry {
        Entry::Opened(_) => Step::plain(LineKind::WrittenDown),
        Entry::BaselineRead(_) => Step::plain(LineKind::BaselineRead),
        Entry::Entered(state) => return of_state(state, names),
        Entry::Heard(heard) => of_heard(heard),
        Entry::PageOpened => Step::plain(LineKind::PageOpened),
        Entry::PageMoved => Step::plain(LineKind::PageToBrowser),
        Entry::PageGone(end) => Step::with(LineKind::PageGone, Some(end_word(*end).to_owned())),
        Entry::Returned(hint) => Step::with(LineKind::CameBack, said(hint)),
        Entry::ContraryReturnAsked => Step::plain(LineKind::Confirming),
        Entry::Asked { reading, asked: _ } => of_reading(reading),
        Entry::Probed(probe) => Step::with(LineKind::Probed, Some(probe_word(*probe).to_owned())),
        Entry::Contradicted(contradiction) => Step::with(LineKind::Contradicted, word(&contradiction.seen)),
        Entry::Alarmed(alarm) => Step::alarm(AlarmView::of(alarm)),
    }]
}

fn of_state(state: &State, names: &Names) -> Vec<Step> {
    let reason = || ReasonView::of(state);
    vec![match state {
        State::Ready => Step::plain(LineKind::WrittenDown),
        State::Sending(Round::First) => Step::plain(LineKind::Sent),
        State::Sending(Round::Second) => Step::plain(LineKind::SentAgain),
        State::Reauthorising => Step::plain(LineKind::Reauthorising),
        State::AtBank => Step::plain(LineKind::AtBank),
        State::Confirming(_) => Step::plain(LineKind::Confirming),
        State::Unknown(_) => Step::because(LineKind::Unknown, reason()),
        State::SetAside(aside) => Step::with(LineKind::SetAside, Some(names.word(&aside.word))),
        State::Approved { evidence, .. } => return settled(evidence, Step::plain(LineKind::Approved), names),
        State::Declined { evidence, .. } => {
            return settled(evidence, Step::because(LineKind::Declined, reason()), names);
        }
        State::Refused(Refused::Gateway(_) | Refused::Vezne(_)) => Step::because(LineKind::Refused, reason()),
        State::NotSent(_) => Step::because(LineKind::NotSent, reason()),
    }]
}

/// An outcome, after whose word it is where it is a person's.
fn settled(evidence: &Evidence, outcome: Step, names: &Names) -> Vec<Step> {
    match evidence {
        Evidence::Supervisor(word) | Evidence::CounterEntry(word) => {
            vec![Step::with(LineKind::PersonSettled, Some(names.word(word))), outcome]
        }
        Evidence::GatewayStatus(_) | Evidence::PayAnswer | Evidence::ReturnAndProbe(_) | Evidence::ReturnAlone(_) => {
            vec![outcome]
        }
    }
}

fn of_heard(heard: &Heard) -> Step {
    match heard {
        Heard::Success(_) => Step::plain(LineKind::HeardYes),
        Heard::Failure(failure) => Step::because(LineKind::HeardNo, Some(ReasonView::of_failure(failure))),
        Heard::Nothing => Step::plain(LineKind::HeardNothing),
    }
}

fn of_reading(reading: &Reading) -> Step {
    let (kind, seen) = match reading {
        // What our own reversal took back had been paid.
        Reading::Paid(seen) | Reading::PaidPartlyReturned(seen) | Reading::OwnReversal(seen) => {
            (LineKind::AskedPaid, Some(seen))
        }
        Reading::NotPaid(seen) => (LineKind::AskedNotPaid, Some(seen)),
        Reading::Pending(seen) => (LineKind::AskedPending, Some(seen)),
        Reading::NoTrace => (LineKind::AskedNoTrace, None),
        Reading::CouldNotAsk(_) | Reading::CannotBeAsked(_) => (LineKind::AskedNoAnswer, None),
        Reading::Mismatch { seen, what: _ } | Reading::Attention(seen) | Reading::PaidByUnknownCard(seen) => {
            (LineKind::AskedOdd, Some(seen))
        }
    };
    Step::with(kind, seen.and_then(word))
}

fn of_reversal(entry: &reversal::Entry, names: &Names) -> Vec<Step> {
    use reversal::{Entry, Reading};
    let stands = |word: &str| Step::with(LineKind::Reversal, Some(word.to_owned()));
    vec![match entry {
        Entry::Opened(intent) => {
            let word = Step::with(LineKind::PersonSettled, Some(names.word(&intent.word)));
            return vec![word, stands(reversal::State::Ready.word())];
        }
        Entry::BaselineRead(_) => Step::plain(LineKind::BaselineRead),
        Entry::Entered(state) => return of_reversal_state(state, names),
        Entry::Asked { reading, asked: _ } => match &**reading {
            Reading::Done(_) => stands("done"),
            Reading::NotYet(seen) => Step::with(LineKind::AskedPending, word(seen)),
            Reading::OtherAmount { found, .. } => Step::with(LineKind::AskedOdd, Some(found.to_string())),
            Reading::NoAmount => Step::plain(LineKind::AskedOdd),
            Reading::CouldNotAsk(_) | Reading::CannotBeAsked(_) => Step::plain(LineKind::AskedNoAnswer),
        },
        Entry::Alarmed(cause) => Step::alarm(AlarmView::of_reversal(cause)),
        Entry::Acknowledged(word) => Step::with(LineKind::PersonSettled, Some(names.word(word))),
        Entry::Noted(text) => Step::with(LineKind::PersonSettled, Some(text.to_string())),
    }]
}

fn of_reversal_state(state: &reversal::State, names: &Names) -> Vec<Step> {
    use reversal::{Proof, State};
    let code = ReasonView::of_reversal(state).map(|reason| Code::of_till(reason.code));
    let stands = Step { kind: LineKind::Reversal, detail: Some(state.word().to_owned()), code };
    match state {
        State::Done { proof: Proof::Supervisor(word) } | State::NotDone { word } => {
            vec![Step::with(LineKind::PersonSettled, Some(names.word(word))), stands]
        }
        State::Done { proof: Proof::Answer | Proof::Status(_) }
        | State::Ready
        | State::Sending(_)
        | State::Reauthorising
        | State::Refused(_)
        | State::NotSent { .. }
        | State::Unknown { .. } => vec![stands],
    }
}

/// The gateway's own word for what it saw.
fn word(seen: &Seen) -> Option<String> {
    seen.word.as_ref().map(ToString::to_string)
}

/// What a return said, in its own words; the error says most.
fn said(hint: &ReturnHint) -> Option<String> {
    let fields = &hint.fields;
    let told = fields.error.as_ref().or(fields.status.as_ref()).or(fields.success.as_ref());
    told.map(ForeignText::to_string)
}

const fn end_word(end: PageEnd) -> &'static str {
    match end {
        PageEnd::ClosedByHand => "closed_by_hand",
        PageEnd::GaveUp => "gave_up",
        PageEnd::LoadFailed => "load_failed",
        PageEnd::TlsFailed => "tls_failed",
        PageEnd::ProcessGone => "process_gone",
        PageEnd::DeskStopped => "desk_stopped",
        PageEnd::Settled => "settled",
        PageEnd::Returned => "returned",
    }
}

const fn probe_word(probe: Probe) -> &'static str {
    match probe {
        Probe::StillOpen => "still_open",
        Probe::Gone => "gone",
        Probe::NoAnswer => "no_answer",
    }
}

#[cfg(test)]
mod tests {
    use vezne_core::papers::{PaperIssued, PaperLanguage, PaperWay, PaperWithdrawn};

    use super::*;

    #[test]
    fn a_receipt_is_a_step_of_the_attempt_or_reversal_that_it_speaks_of() {
        let names = Names::of(&[]);
        let paper = |name: &str| name.parse::<PaperName>().unwrap();
        let issued = |name: &str| {
            Record::PaperIssued(PaperIssued {
                paper: paper(name),
                copy: None,
                way: PaperWay::Pdf,
                language: PaperLanguage::En,
                payment: None,
                operator: None,
            })
        };
        let taken_back = PaperWithdrawn { paper: paper("att_1.approved"), copy: None, payment: None, operator: None };
        let at = Timestamp::from_millis(0);
        let records = [
            (at, issued("att_1.approved")),
            (at, issued("rev_2.not_done")),
            (at, issued("close-3")),
            (at, Record::PaperWithdrawn(taken_back)),
        ];
        let told: Vec<_> = lines(&records, &names).into_iter().map(|line| (line.about, line.kind)).collect();
        let wanted = [
            ("att_1", LineKind::Paper),
            ("rev_2", LineKind::Paper),
            ("close-3", LineKind::Paper),
            ("att_1", LineKind::PaperWithdrawn),
        ];
        assert_eq!(told, wanted.map(|(about, kind)| (about.to_owned(), kind)));
    }
}
