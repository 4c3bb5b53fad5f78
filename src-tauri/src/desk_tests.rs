use vezne_core::attempt::Subject;
use vezne_core::money::{Currency, Money};
use vezne_core::options::Choice;
use vezne_till::{PayMeans, PayRequest};

use super::*;
use crate::commands::card::card_of;
use crate::view::{DeskEvent, LanguageWord, Session as SessionView, Theme};

/// A desk without a screen, in a folder whose chain key is there already, so that nobody's keychain is asked.
pub(crate) fn desk() -> (tempfile::TempDir, Arc<Desk>) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("chain.key"), format!("{}\n", "a5".repeat(32))).unwrap();
    let stream = Arc::new(Stream::new());
    let desk = Desk::new(Home::at(folder.path()), Front::without_screen(Arc::clone(&stream)), stream);
    (folder, Arc::new(desk))
}

pub(crate) async fn begun(training: bool) -> (tempfile::TempDir, Arc<Desk>) {
    let (folder, desk) = desk();
    let turn = desk.first_turn().unwrap();
    desk.begin(training, turn).await;
    (folder, desk)
}

async fn session_view(desk: &Desk) -> SessionView {
    let place = desk.hello().await.place;
    let Place::Open { session } = place else { panic!("{place:?}") };
    *session
}

/// A 3-D Secure payment whose bank page nobody opens: it is under way for minutes.
pub(crate) async fn pay_at_the_bank(session: &Session, account: &str) {
    let json =
        br#"{"number":"4155650100416111","holder":"AYSE YILMAZ","expiry_month":12,"expiry_year":2030,"cvc":"123"}"#;
    let card = card_of(session, json).unwrap();
    let request = PayRequest {
        account: account.parse().unwrap(),
        subject: Subject::Reference { reference: "RES-1".parse().unwrap(), part: None },
        amount: Some(Money::from_minor(54_500, Currency::TRY)),
        amount_again: None,
        means: PayMeans::Card {
            card: Box::new(card),
            choice: Choice { program: None, installments: 1, shown_total: None },
            shown: None,
            three_ds: true,
        },
        operator: None,
        authority: None,
        overrides: None,
        twin_confirmed: false,
        page: Some(vezne_core::account::PagePlace::Browser),
    };
    session.till.pay(request).await.unwrap();
}

#[tokio::test]
async fn without_an_account_it_is_the_first_start() {
    let (_folder, desk) = begun(false).await;
    let hello = desk.hello().await;
    assert_eq!((hello.place, hello.preferences), (Place::FirstStart, Preferences::new()));
    assert!(desk.session().is_err());
}

#[tokio::test]
async fn training_opens_with_everything_there_is_to_practise_with() {
    let (_folder, desk) = begun(true).await;
    let view = session_view(&desk).await;
    assert_eq!((view.accounts.len(), view.unavailable.len()), (2, 0), "{:?}", view.unavailable);
    assert_eq!(view.operators.iter().map(|operator| operator.name.as_str()).collect::<Vec<_>>(), ["Ece", "Deniz"]);
    let practice = view.training.unwrap();
    assert!(view.operators.iter().any(|operator| operator.name == practice.supervisor));
    assert!(practice.cards.len() > 50 && practice.orders.len() > 5);
    desk.end().await;
}

#[tokio::test]
async fn nobody_leaves_a_till_with_a_payment_under_way() {
    let (_folder, desk) = begun(true).await;
    let account = session_view(&desk).await.accounts[0].id.clone();
    pay_at_the_bank(&desk.session().unwrap(), &account).await;
    assert_eq!(desk.unfinished().await, Unfinished { open: 1, not_written_down: false });
    assert_eq!(desk.leave_training().await.unwrap_err().code, Code::AttemptsOpen);
    assert_eq!(session_view(&desk).await.open.len(), 1, "the till is as it was");
    desk.end().await;
}

#[tokio::test]
async fn training_comes_and_goes_and_the_window_is_told_everything_anew() {
    let (folder, desk) = begun(false).await;
    let (sink, mut events) = tokio::sync::mpsc::unbounded_channel();
    let source: Arc<dyn Source> = desk.clone();
    desk.stream.watch(source, move |event| sink.send(event).is_ok()).await;
    desk.begin_training().await.unwrap();
    let anew = async |events: &mut tokio::sync::mpsc::UnboundedReceiver<DeskEvent>| loop {
        if let DeskEvent::Anew { hello } = events.recv().await.unwrap() {
            return hello.place;
        }
    };
    assert!(matches!(anew(&mut events).await, Place::Open { .. }));
    desk.begin_training().await.unwrap();
    desk.leave_training().await.unwrap();
    assert_eq!(anew(&mut events).await, Place::FirstStart);
    assert!(!folder.path().join("journal.db").exists(), "practice wrote into the real home");
    desk.end().await;
}

#[tokio::test]
async fn what_is_preferred_in_training_does_not_replace_the_real_account_and_operator() {
    let (_folder, desk) = begun(false).await;
    let chosen = |account: &str, theme| Preferences {
        language: Some(LanguageWord::Tr),
        theme,
        account: Some(account.to_owned()),
        operator: None,
    };
    desk.set_preferences(chosen("sisli", Theme::Light)).unwrap();
    desk.begin_training().await.unwrap();
    assert_eq!(desk.preferences().account, None);
    desk.set_preferences(chosen("practice-desk", Theme::Dark)).unwrap();
    assert_eq!(desk.preferences(), chosen("practice-desk", Theme::Dark));
    desk.leave_training().await.unwrap();
    assert_eq!(desk.preferences(), chosen("sisli", Theme::Dark));
    assert_eq!(preferences::read(&preferences::path(&desk.home)), chosen("sisli", Theme::Dark));
}

#[tokio::test]
async fn a_journal_that_another_program_holds_is_said_with_its_process_and_can_be_tried_again() {
    let (folder, desk) = desk();
    std::fs::write(folder.path().join("journal.db"), "").unwrap();
    let held = vezne_journal::Lock::acquire(folder.path()).unwrap();
    desk.begin(false, desk.first_turn().unwrap()).await;
    let Place::Broken { fault } = desk.hello().await.place else { panic!("it opened") };
    assert_eq!(fault.code, Code::InUse);
    assert!(fault.text.unwrap().contains(&std::process::id().to_string()));
    assert_eq!(desk.open_till().await.unwrap_err().code, Code::InUse);
    drop(held);
    std::fs::remove_file(folder.path().join("journal.db")).unwrap();
    desk.open_till().await.unwrap();
    assert_eq!(desk.hello().await.place, Place::FirstStart);
}

#[tokio::test]
async fn settings_that_can_not_be_read_are_no_first_start() {
    let (folder, desk) = desk();
    std::fs::write(folder.path().join("config.toml"), "[[account]]\n").unwrap();
    desk.begin(false, desk.first_turn().unwrap()).await;
    let Place::Broken { fault } = desk.hello().await.place else { panic!("it opened") };
    assert_eq!(fault.code, Code::Configuration);
}

#[tokio::test]
async fn after_the_end_the_journal_is_free_and_nothing_is_opened_any_more() {
    let (folder, desk) = begun(true).await;
    desk.end().await;
    drop(vezne_journal::Lock::acquire(&folder.path().join("training")).unwrap());
    assert_eq!(desk.session().err().map(|fault| fault.code), Some(Code::Closing));
}

#[tokio::test]
async fn what_the_banks_windows_of_a_killed_run_left_is_deleted_at_the_start_even_if_no_till_is_opened() {
    let (folder, desk) = desk();
    let left = ["bank-pages/run-1/cookies", "training/bank-pages/run-1/cookies"].map(|path| folder.path().join(path));
    for cookies in &left {
        std::fs::create_dir_all(cookies.parent().unwrap()).unwrap();
        std::fs::write(cookies, "a session at a bank").unwrap();
    }
    desk.begin(false, desk.first_turn().unwrap()).await;
    assert_eq!(desk.hello().await.place, Place::FirstStart);
    assert!(left.iter().all(|cookies| !cookies.exists()));
    assert!(!folder.path().join("bank-pages").exists());
    desk.end().await;
}

/// Zeroes the second half of the journal.
fn damage(home: &std::path::Path) {
    let path = home.join("journal.db");
    let mut bytes = std::fs::read(&path).unwrap();
    let half = bytes.len() / 2;
    bytes[half..].fill(0);
    std::fs::write(path, bytes).unwrap();
    std::fs::write(home.join("journal.damaged"), "found by the check of an earlier run").unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_damaged_journal_opens_no_till_until_a_person_has_it_restored() {
    let (folder, desk) = desk();
    // A journal of version 1 and up opens without an account.
    std::fs::write(folder.path().join("journal.db"), "").unwrap();
    desk.begin(false, desk.first_turn().unwrap()).await;
    desk.session().unwrap().journal.keep_backup(desk.session().unwrap().clock.now()).await.unwrap();
    assert_eq!(desk.repair_journal().await.unwrap_err().code, Code::NotNow, "a till is open");
    desk.end().await;
    damage(folder.path());
    let stream = Arc::new(Stream::new());
    let desk = Desk::new(Home::at(folder.path()), Front::without_screen(Arc::clone(&stream)), stream);
    desk.begin(false, desk.first_turn().unwrap()).await;
    let Place::Broken { fault } = desk.hello().await.place else { panic!("it opened") };
    assert_eq!(fault.code, Code::Damaged);
    let done = desk.repair_journal().await.unwrap();
    assert!(done.complete && done.events > 0 && done.aside.is_some(), "{done:?}");
    assert!(matches!(desk.hello().await.place, Place::Broken { .. }), "the person reads first what came of it");
    desk.open_till().await.unwrap();
    session_view(&desk).await;
    desk.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_journal_that_is_gone_is_no_first_start_while_a_backup_is_there() {
    let (folder, desk) = desk();
    std::fs::write(folder.path().join("journal.db"), "").unwrap();
    desk.begin(false, desk.first_turn().unwrap()).await;
    desk.session().unwrap().journal.keep_backup(desk.session().unwrap().clock.now()).await.unwrap();
    desk.end().await;
    std::fs::remove_file(folder.path().join("journal.db")).unwrap();
    let stream = Arc::new(Stream::new());
    let desk = Desk::new(Home::at(folder.path()), Front::without_screen(Arc::clone(&stream)), stream);
    desk.begin(false, desk.first_turn().unwrap()).await;
    let Place::Broken { fault } = desk.hello().await.place else { panic!("it opened") };
    assert_eq!(fault.code, Code::Gone);
    assert!(desk.repair_journal().await.unwrap().complete);
    desk.open_till().await.unwrap();
    desk.end().await;
}
