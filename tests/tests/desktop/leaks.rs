//! What is left of a card after a sale in the desk's window: keyed in with real keys, at a desk that nobody drives.

use vezne_tests::desk::Desk;
use vezne_tests::desktop::books;
use vezne_tests::desktop::by_hand::ByHand;
use vezne_tests::desktop::window::wishes;
use vezne_tests::leaks::canary::Canary;
use vezne_tests::leaks::memory::{self, Process};
use vezne_tests::leaks::runs::{self, Customer, Left, Played, Whose};

/// Codes of four digits with a nought in front, which chance finds nowhere else.
const APPROVED: Canary<'static> = Canary { number: "374427000000003", code: "0836" };
const DECLINED: Canary<'static> = Canary { number: "374427000001555", code: "0947" };

fn of(left: &Left, whose: Whose) -> Vec<(&str, usize)> {
    left.iter().filter(|((who, _), _)| *who == whose).map(|((_, form), count)| (form.as_str(), *count)).collect()
}

/// The processes that speak to the network for a window.
fn networks(desk: &ByHand) -> Vec<u32> {
    let of_a_window = |process: &&Process| process.name == "WebKitNetworkProcess";
    desk.processes().iter().filter(of_a_window).map(|process| process.pid).collect()
}

#[test]
fn after_a_sale_nothing_of_the_card_is_in_any_process_or_on_the_disk_and_after_a_decline_only_what_the_till_keeps() {
    let cards = [APPROVED, DECLINED];
    // A tester who is not the administrator is let read, which only a debug build allows.
    let desk = ByHand::over(Desk::with(wishes()), &vec![("VEZNE_MEMORY_READABLE", "1".into())]);
    desk.wait_for_sale();
    let before = runs::in_memory(&desk, &cards);
    let own = networks(&desk);
    let sale = Played {
        what: "approved",
        card: APPROVED,
        subject: ("LEAK-1", "102.00"),
        customer: Customer::Confirms,
        outcome: Some("approved"),
    };
    let page = runs::key_in(&desk, &sale);
    let typed = runs::beyond(&runs::in_memory(&desk, &cards), &before);
    assert!(!of(&typed, Whose::Page).is_empty(), "a search that does not find what is being typed finds nothing");
    runs::take(&desk, &sale, page);
    runs::rest();
    let left = runs::beyond(&runs::in_memory(&desk, &cards), &before);
    assert_eq!(left, Left::new(), "after an approved sale");
    // What knew the bank's addresses has ended with its window; the desk goes on: the next sale is keyed in.
    assert_eq!(networks(&desk), own, "the network processes after the bank's window");

    desk.next_sale("Return");
    let no = Played {
        what: "declined",
        card: DECLINED,
        subject: ("LEAK-2", "104.00"),
        customer: Customer::Confirms,
        outcome: Some("declined"),
    };
    runs::play(&desk, &no);
    runs::rest();
    let left = runs::beyond(&runs::in_memory(&desk, &cards), &before);
    // "Same card again": the number once, and not the code.
    assert_eq!(of(&left, Whose::Desk), [("1555 plain", 1)], "{left:#?}");
    assert_eq!(left.len(), 1, "{left:#?}");
    assert_eq!(networks(&desk), own, "the network processes after the second bank's window");

    assert_eq!(runs::written_down(&desk, &cards), Vec::<String>::new());
    books::assert_agree(desk.desk());
}

#[test]
fn nobody_reads_a_desk_s_memory_and_no_core_is_dumped() {
    let desk = ByHand::over(Desk::with(wishes()), &Vec::new());
    let all = desk.processes();
    let own = all.iter().find(|process| process.name == "vezne");
    let own = desk.wait("the desk's process", || own);
    assert_ne!(memory::may_be_read_by_its_user(own.pid), Some(true), "another program of the same user could read it");
    for process in &all {
        let ours = process.name == "vezne" || process.name.starts_with("WebKit");
        assert!(!ours || memory::core_limit(process.pid) == Some(0), "{} would be dumped", process.name);
        let told = String::from_utf8_lossy(&memory::told(process.pid)).into_owned();
        assert!(!process.name.starts_with("WebKit") || !told.contains("Malloc="), "{} inherits a heap", process.name);
    }
}
