//! What stands in a record, in one word.

use vezne_core::attempt;
use vezne_core::record::Record;
use vezne_core::reversal;

/// One word for a record: the state's, where one is entered.
pub(crate) fn word(record: &Record) -> &'static str {
    match record {
        Record::Attempt { entry, .. } => match entry {
            attempt::Entry::Opened(_) => "ready",
            attempt::Entry::BaselineRead(_) => "baseline",
            attempt::Entry::Entered(state) => state.word(),
            attempt::Entry::Heard(_) => "heard",
            attempt::Entry::PageOpened => "page opened",
            attempt::Entry::PageGone(_) => "page gone",
            attempt::Entry::PageMoved => "page moved",
            attempt::Entry::Returned(_) => "returned",
            attempt::Entry::ContraryReturnAsked => "contrary return asked",
            attempt::Entry::Asked { .. } => "asked",
            attempt::Entry::Probed(_) => "probed",
            attempt::Entry::Contradicted(_) => "contradicted",
            attempt::Entry::Alarmed(_) => "alarmed",
        },
        Record::Reversal { entry, .. } => match entry {
            reversal::Entry::Opened(_) => "reversal ready",
            reversal::Entry::BaselineRead(_) => "reversal baseline",
            reversal::Entry::Entered(state) => match &**state {
                reversal::State::Ready => "reversal ready",
                reversal::State::Sending(_) => "reversal sending",
                reversal::State::Reauthorising => "reversal reauthorising",
                reversal::State::Done { .. } => "reversal done",
                reversal::State::Refused(_) => "reversal refused",
                reversal::State::NotDone { .. } => "reversal not done",
                reversal::State::NotSent { .. } => "reversal not sent",
                reversal::State::Unknown { .. } => "reversal unknown",
            },
            reversal::Entry::Asked { .. } => "reversal asked",
            reversal::Entry::Alarmed(_) => "reversal alarmed",
            reversal::Entry::Acknowledged(_) => "reversal seen",
            reversal::Entry::Noted(_) => "reversal noted",
        },
        Record::NoteAdded(_) => "note",
        Record::OperatorAdded(_) => "operator",
        Record::RightUsed { .. } => "right used",
        Record::EpochStarted { .. } | Record::SpanLost { .. } => "epoch",
        Record::DayClosed(_) => "day closed",
        Record::CloseCompared(_) => "close compared",
        Record::PaperIssued(_) => "paper",
        Record::PaperWithdrawn(_) => "paper withdrawn",
    }
}
