//! Notes by staff: written down beside whatever a payment stands in, and nothing else.

use vezne_core::ids::PaymentId;
use vezne_core::note::Note;
use vezne_core::record::Record;
use vezne_till::SettleError;

use crate::support::*;

fn note(payment: PaymentId, text: &str) -> Note {
    Note { payment, operator: None, text: text.parse().unwrap() }
}

#[tokio::test(start_paused = true)]
async fn a_note_is_written_down_at_any_time_and_changes_nothing_about_the_payment() {
    let rig = Rig::start().await;
    rig.finrota.pay.then(|_| challenge());
    rig.finrota.status.always(pending_transaction);
    let open = rig.pay_until(booking("R-1", 100), "at_bank").await;
    let asked = rig.asked_at(open.attempt);
    rig.till().add_note(note(open.payment, "müşteri telefonda")).await.unwrap();
    rig.till().add_note(note(open.payment, "müşteri telefonda")).await.unwrap();
    assert_eq!((rig.view(open.attempt).await.state, rig.asked_at(open.attempt)), (open.state, asked));
    let lines = rig.journal.lines();
    let notes = lines.iter().filter(|(_, record)| matches!(record, Record::NoteAdded(_)));
    assert_eq!(notes.count(), 2, "twice written is twice kept");
}

#[tokio::test(start_paused = true)]
async fn a_note_about_no_payment_is_refused_and_one_that_can_t_be_written_is_not_kept_in_silence() {
    let rig = Rig::start().await;
    rig.finrota.status.always(paid_transaction);
    let paid = rig.pay_until(booking("R-1", 100), "approved").await;
    let nobody = PaymentId::from_parts(vezne_core::time::Timestamp::from_millis(1), [9; 10]);
    assert!(matches!(rig.till().add_note(note(nobody, "x")).await, Err(SettleError::NotFound)));
    rig.journal.fail_all();
    assert!(matches!(rig.till().add_note(note(paid.payment, "x")).await, Err(SettleError::Journal(_))));
    rig.journal.is_well_again();
    rig.till().add_note(note(paid.payment, "y")).await.unwrap();
    let notes = rig.journal.lines().iter().filter(|(_, record)| matches!(record, Record::NoteAdded(_))).count();
    assert_eq!(notes, 1);
}
