//! The judge must not be asleep: money is moved behind the journal's back, and the journal's memory is taken away.

use std::fs;

use vezne_sandbox::{Call, Fault, FaultRule, Gateway};
use vezne_tests::desk::{COUNTER, card, card_of};
use vezne_tests::kill::drill;
use vezne_tests::kill::kind::Kind;
use vezne_tests::kill::plan::Case;
use vezne_tests::kill::rules::{Witnesses, check};
use vezne_tests::kill::stand::Stand;

/// Pays 12.00 TRY without the bank's page.
fn pay(stand: &Stand, reference: &str) {
    let words = ["pay", "--account", COUNTER, "--reference", reference, "--amount", "12.00", "--currency", "TRY"];
    let words: Vec<&str> = words.into_iter().chain(["--card-stdin", "--twin-ok"]).collect();
    let ended = stand.run(&words, &card(card_of("without_3d")));
    assert_eq!(ended.code(), 0, "{ended:#?}");
}

fn judged(stand: &Stand) -> Vec<String> {
    let (books, attention) = (stand.books().unwrap_or_default(), stand.attention().unwrap_or_default());
    check(&Witnesses { books: &books, ledger: &stand.ledger(), attention: &attention, taken_up: true })
}

#[test]
fn a_journal_that_has_forgotten_a_payment_is_noticed() {
    let stand = Stand::open("loopback");
    pay(&stand, "FIRST");
    let home = stand.desk().home();
    let aside = stand.desk().folder().join("aside");
    assert!(fs::create_dir(&aside).is_ok());
    let carry = |from: &std::path::Path, to: &std::path::Path| {
        for name in ["journal.db", "journal.db-wal", "journal.db-shm", "journal.head"] {
            let (from, to) = (from.join(name), to.join(name));
            let _gone = fs::remove_file(&to);
            assert!(!from.exists() || fs::copy(from, to).is_ok(), "{name}");
        }
    };
    carry(&home, &aside);
    pay(&stand, "SECOND");
    assert_eq!(judged(&stand), Vec::<String>::new());
    carry(&aside, &home);
    let wrong = judged(&stand);
    assert!(wrong.iter().any(|words| words.contains("was charged, and the journal says []")), "{wrong:?}");
    assert!(wrong.iter().any(|words| words.contains("0 were written down")), "{wrong:?}");
}

#[test]
fn a_payment_request_that_arrives_twice_is_noticed() {
    let stand = Stand::open("loopback");
    let twice = FaultRule::new(Gateway::Finrota, Call::Pay, Fault::Duplicate);
    let case = Case { faults: vec![twice], again: Vec::new(), ..killed_at_the_answer() };
    let played = drill::play(&stand, &case, 1);
    assert!(played.wrong.iter().any(|words| words.contains("2 payment requests, and 1")), "{played:?}");
}

/// A direct payment whose program falls with the answer on its way.
fn killed_at_the_answer() -> Case {
    use vezne_tests::kill::plan::{Moment, Point, WireCall};
    let case = Case::of(Kind::FinrotaDirect, 1, std::time::Duration::from_millis(50));
    Case { moment: Moment::Wire { call: WireCall::Pay, nth: 1, point: Point::Executed }, ..case }
}

#[test]
fn the_same_payment_without_a_second_delivery_is_not_complained_about() {
    let stand = Stand::open("loopback");
    let case = Case { faults: Vec::new(), again: Vec::new(), ..killed_at_the_answer() };
    let played = drill::play(&stand, &case, 1);
    assert_eq!((played.falls.len(), played.wrong), (1, Vec::new()));
}
