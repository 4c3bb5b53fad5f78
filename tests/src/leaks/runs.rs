//! Sales in the real desk, one after the other, keyed in with real keys and no driver; after each, what is left of its card.

use std::collections::BTreeMap;
use std::thread;
use std::time::Duration;

use vezne_sandbox::PRACTICE_CODE;

use super::canary::{Canary, Form};
use super::memory::{self, Counts, Process};
use super::places;
use super::search::Search;
use crate::desktop::by_hand::ByHand;

/// What the customer does at the bank.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Customer {
    /// There is no bank's page.
    IsNotAsked,
    /// Types the code.
    Confirms,
    /// Presses the bank's Cancel.
    Cancels,
    /// Does nothing more; the cashier serves the next one.
    Waits,
}

/// A sale as it is played.
#[derive(Debug, Clone, Copy)]
pub struct Played<'a> {
    /// What is measured.
    pub what: &'a str,
    /// The card.
    pub card: Canary<'a>,
    /// Reference and amount.
    pub subject: (&'a str, &'a str),
    /// At the bank.
    pub customer: Customer,
    /// What the journal says at the end; none for one that does not end.
    pub outcome: Option<&'a str>,
}

/// What is found in the processes of a desk, by what they are of.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Whose {
    /// The desk's own process.
    Desk,
    /// The web view's process with the page into which the card is typed.
    Page,
    /// Other processes of the web view: the network's, a bank's page.
    WebView,
    /// Of the system: display, window manager, message bus.
    System,
}

impl Whose {
    fn of(process: &Process) -> Self {
        match process.name.as_str() {
            "vezne" => Self::Desk,
            "WebKitWebProcess" => Self::Page,
            "WebKitNetworkProcess" => Self::WebView,
            _ => Self::System,
        }
    }
}

/// What was found in memory: whose, and in which form, how often.
pub type Left = BTreeMap<(Whose, String), usize>;

/// Plays a sale to its outcome, and until the page that saw the card has been replaced.
pub fn play(desk: &ByHand, sale: &Played<'_>) {
    let page = key_in(desk, sale);
    take(desk, sale, page);
}

/// Keys a sale in, up to the Pay button. Gives the process of the page that saw the card.
#[must_use]
pub fn key_in(desk: &ByHand, sale: &Played<'_>) -> u32 {
    let page = desk.wait("the desk's page", || desk.page());
    desk.key_in(sale.subject, sale.card.number, sale.card.code);
    page
}

/// Takes the payment that was keyed in, until its outcome stands there and the page that saw the card is gone.
pub fn take(desk: &ByHand, sale: &Played<'_>, page: u32) {
    desk.pay();
    see_through(desk, sale, page);
}

/// After a decline: the same card again, of which only the code is typed, until the outcome.
pub fn same_card_again(desk: &ByHand, sale: &Played<'_>) {
    let page = desk.wait("the desk's page", || desk.page());
    desk.pay_with_the_same_card(sale.card.code);
    see_through(desk, sale, page);
}

/// Keys a sale in and presses Pay, to which the desk answers with a question: the till has the card in hand, and nothing is begun.
pub fn ask(desk: &ByHand, sale: &Played<'_>) {
    let attempts = desk.attempts();
    let _page = key_in(desk, sale);
    let held = Search::of(sale.card.whole());
    desk.wait("a card in the till's hand", || {
        desk.press_pay();
        rest();
        let own = desk.processes().into_iter().find(|process| Whose::of(process) == Whose::Desk)?;
        let mut counts = Counts::new();
        memory::search(&own, &held, &[], &mut counts);
        counts.keys().any(|place| place.form.ends_with(" plain")).then_some(())
    });
    assert_eq!(desk.attempts(), attempts, "nobody has answered the question");
}

/// From Pay to the outcome, and until the page that saw the card is gone.
pub fn see_through(desk: &ByHand, sale: &Played<'_>, page: u32) {
    if sale.customer != Customer::IsNotAsked {
        at_the_bank(desk, sale.customer);
    }
    if sale.customer == Customer::Waits {
        // From the bank's page to the desk, and from there to the next customer.
        desk.screen().press("ctrl+n");
        desk.next_sale("ctrl+n");
    }
    if let Some(outcome) = sale.outcome {
        desk.wait_for_outcome(outcome);
    }
    desk.wait(&format!("a fresh page: {}", sale.what), || (!desk.pages().contains(&page)).then_some(()));
}

fn at_the_bank(desk: &ByHand, customer: Customer) {
    let bank = desk.screen().wait_for_window("127.0.0.1");
    desk.wait("the bank's page", || (desk.asked("/bank/start") > 0).then_some(()));
    let before = desk.asked("/bank/verify");
    desk.wait("the bank's answer", || {
        desk.screen().focus(&bank);
        match customer {
            Customer::IsNotAsked | Customer::Waits => return Some(()),
            Customer::Confirms => {
                desk.screen().press("ctrl+a");
                desk.screen().type_text(PRACTICE_CODE);
                desk.screen().press("Return");
            }
            Customer::Cancels => {
                desk.screen().press("Tab");
                desk.screen().press("Tab");
                desk.screen().press("Return");
            }
        }
        crate::run::found_within(Duration::from_secs(2), Duration::from_millis(50), || {
            (desk.asked("/bank/verify") > before).then_some(())
        })
    });
}

/// What stands in the memory of every process of this desk of these cards.
#[must_use]
pub fn in_memory(desk: &ByHand, cards: &[Canary<'_>]) -> Left {
    let codes: Vec<Form> = cards.iter().flat_map(Canary::code_alone).collect();
    let forms: Vec<Form> = cards.iter().flat_map(Canary::in_memory).chain(codes.iter().cloned()).collect();
    let search = Search::of(forms);
    let mut left = Left::new();
    for process in desk.processes() {
        let mut counts = Counts::new();
        memory::search(&process, &search, &codes, &mut counts);
        for (place, count) in counts {
            *left.entry((Whose::of(&process), place.form)).or_default() += count;
        }
    }
    left
}

/// What there is more of than before: what chance, or the program's own words, hold of the same digits is taken off.
#[must_use]
pub fn beyond(left: &Left, before: &Left) -> Left {
    let more = left.iter().map(|(place, count)| {
        let already = before.get(place).copied().unwrap_or_default();
        (place.clone(), count.saturating_sub(already))
    });
    more.filter(|(_, count)| *count > 0).collect()
}

/// Where any of these cards stands on the disk, in what was printed, in an argument or in an environment.
#[must_use]
pub fn written_down(desk: &ByHand, cards: &[Canary<'_>]) -> Vec<String> {
    let search = Search::of(cards.iter().flat_map(Canary::on_disk).collect());
    let mut everywhere: Vec<(String, Vec<u8>)> = Vec::new();
    // Home and the platform's folders: data, configuration, cache, run-time files, temporary files, what was printed.
    for folder in [desk.desk().folder(), desk.screen().folder()] {
        everywhere.extend(places::contents(folder));
    }
    for process in desk.processes() {
        everywhere.push((format!("{} as others see it", process.name), memory::told(process.pid)));
    }
    let found = everywhere.iter().flat_map(|(place, bytes)| {
        search.found_in(bytes).into_keys().map(move |form| format!("{place}: {form}")).collect::<Vec<_>>()
    });
    found.collect()
}

/// A few seconds in which everything that will ever be given back has been.
pub fn rest() {
    thread::sleep(Duration::from_secs(3));
}
