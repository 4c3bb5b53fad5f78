//! The desk as it is: the real program, a real window on a virtual display, the real webview, driven as a person would.
//! The witness is the sandbox's ledger. Every test has a display, a home and practice gateways of its own; within one
//! display everything happens one after the other.
#![cfg(target_os = "linux")]

mod as_packaged;
mod attacked;
mod bank_pages;
mod closes;
mod damaged;
mod exports;
mod history;
mod interrupted;
mod leaks;
mod receipts;
mod refusals;
mod returns;
mod sales;
mod ways_back;

use vezne_tests::desk::{AGENCY, COUNTER, card_of};
use vezne_tests::desktop::books;
use vezne_tests::desktop::pages::{CardSale, Subject, title};
use vezne_tests::desktop::window::Window;

/// A sale of this scene at Finrota. Amounts differ between the sales of a test, so that none looks like another's twin.
pub(crate) fn at_counter<'a>(scene: &str, reference: &'a str, amount: &'a str) -> CardSale<'a> {
    CardSale {
        account: COUNTER,
        subject: Subject::Reference(reference, amount),
        number: card_of(scene),
        installments: 1,
    }
}

/// A card sale of this scene for an order at Yolcu360.
pub(crate) fn for_order<'a>(scene: &str, order: &'a str) -> CardSale<'a> {
    CardSale { account: AGENCY, subject: Subject::Order(order), number: card_of(scene), installments: 1 }
}

/// The customer passes the bank's page, the desk says approved, the bank's window goes away, and the next sale begins.
pub(crate) fn confirmed_and_approved(window: &Window, sale: &CardSale<'_>) {
    window.take(sale);
    window.customer_confirms();
    approved(window, sale.number);
}

/// The desk says approved; the bank's window is gone; the next sale begins.
#[track_caller]
pub(crate) fn approved(window: &Window, about: &str) {
    assert_eq!(window.outcome(), title::APPROVED, "{about}: {}", window.text());
    window.wait_until_the_bank_is_gone();
    window.next_sale();
}

/// The ledger's witness at the end of a test: so many charges, and the journal agrees with each.
#[track_caller]
pub(crate) fn assert_charged(window: &Window, charges: usize) {
    assert_eq!(window.desk().ledger().charges.len(), charges, "{:#?}", window.desk().ledger());
    books::assert_agree(window.desk());
}
