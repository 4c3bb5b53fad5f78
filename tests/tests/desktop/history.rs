//! What staff do after the payment: they look for it, open its page, ask the gateway once more, and send each other links.
#![expect(clippy::panic, reason = "a test fails by panicking, with what could not be set up")]

use std::fs;
use std::process::Command;
use std::sync::Arc;

use serde_json::{Value, json};
use vezne_core::attempt::Means;
use vezne_core::ids::PaymentId;
use vezne_core::ports::{Entropy, Journal as _};
use vezne_core::record::{Batch, Record};
use vezne_core::time::{Millis, Timestamp};
use vezne_journal::{ChainKey, Journal, Keys, Lock};
use vezne_tests::desk::{AtTheBank, COUNTER, Desk, card, card_of};
use vezne_tests::desktop::driver::Driver;
use vezne_tests::desktop::window::{BankWindows, Window, binary, wishes};
use zeroize::Zeroizing;

use crate::assert_charged;

/// Pays a reference at Finrota with the card of this scene, before there is a window.
pub(crate) fn pay(desk: &Desk, scene: &str, reference: &str, amount: &str) -> Value {
    let arguments = [
        "pay",
        "--account",
        COUNTER,
        "--reference",
        reference,
        "--amount",
        amount,
        "--currency",
        "TRY",
        "--card-stdin",
    ];
    desk.run(&arguments, &card(card_of(scene))).last()
}

pub(crate) fn id<'a>(paid: &'a Value, name: &str) -> &'a str {
    paid.get(name).and_then(Value::as_str).unwrap_or_default()
}

pub(crate) struct Os;

impl Entropy for Os {
    fn sixteen(&self) -> [u8; 16] {
        let drawn = fs::read("/proc/sys/kernel/random/uuid").unwrap_or_default();
        let digits: Vec<u8> = drawn.into_iter().filter(u8::is_ascii_hexdigit).take(16).collect();
        digits.try_into().unwrap_or([0; 16])
    }
}

/// The key of the home's journal, which stands in a plain file there; its id stands in every event.
pub(crate) fn chain_key(desk: &Desk) -> ChainKey {
    let text = fs::read_to_string(desk.home().join("chain.key")).unwrap_or_default();
    let hex = text.lines().next().unwrap_or_default();
    let bytes: Vec<u8> = (0..hex.len() / 2)
        .filter_map(|place| hex.get(2 * place..2 * place + 2).and_then(|two| u8::from_str_radix(two, 16).ok()))
        .collect();
    let bytes: [u8; 32] = bytes.try_into().unwrap_or_else(|_| panic!("the chain's key can't be read"));
    let events = desk.run(&["journal", "export", "--what", "events"], "").lines();
    let key_id = events.first().map(|event| id(event, "key").to_owned()).unwrap_or_default();
    ChainKey::new(key_id, Zeroizing::new(bytes))
}

/// Everything about these payments as if it had been written a day earlier: the same records, in a journal that was written
/// then. The gateway knows what it knew.
async fn a_day_earlier(desk: &Desk, payments: &[PaymentId]) {
    let key = chain_key(desk);
    let keys = || Keys::only(key.clone());
    let old = Journal::open_read_only(&desk.home(), keys()).await.unwrap_or_else(|error| panic!("{error}"));
    let earlier = |at: Timestamp| {
        Timestamp::from_millis(at.as_millis() - i64::try_from(Millis::days(1).as_millis()).unwrap_or_default())
    };
    let place = desk.folder().join("a day earlier");
    fs::create_dir(&place).unwrap_or_else(|error| panic!("{error}"));
    let lock = Lock::acquire(&place).unwrap_or_else(|error| panic!("{error}"));
    let start = Timestamp::from_millis(1_700_000_000_000);
    let opened = Journal::open(lock, keys(), Arc::new(Os), start).await;
    let (new, _) = opened.unwrap_or_else(|error| panic!("{error}"));
    for payment in payments {
        let history = old.payment(*payment).await.ok().flatten().unwrap_or_else(|| panic!("{payment} is not there"));
        let mut names = Vec::new();
        for attempt in &history.attempts {
            if let Means::Card(means) = &attempt.intent.means
                && let Some(holder) = means.holder
                && let Ok(Some(name)) = old.name(holder).await
            {
                names.push((holder, name));
            }
        }
        for (at, record) in history.lines {
            let opens = matches!(&record, Record::Attempt { entry: vezne_core::attempt::Entry::Opened(_), .. });
            let names = if opens { std::mem::take(&mut names) } else { Vec::new() };
            let batch = Batch { records: vec![record], names };
            new.append(batch, earlier(at)).await.unwrap_or_else(|error| panic!("{error}"));
        }
    }
    old.close().await;
    new.close().await;
    for file in ["journal.db", "journal.db-wal", "journal.db-shm", "journal.head"] {
        // What is not there needs no removing.
        let _gone = fs::remove_file(desk.home().join(file));
        if place.join(file).exists() {
            fs::rename(place.join(file), desk.home().join(file)).unwrap_or_else(|error| panic!("{error}"));
        }
    }
}

/// How many rows the list draws now, and what the first says.
fn rows(window: &Window) -> (usize, String) {
    let look = "const rows = [...document.querySelectorAll('li[data-place]')]; \
                return [rows.length, (rows[0]?.innerText ?? '').replace(/\\s+/g, ' ')]";
    let found = window.page().run(look, &[]);
    let count = found.get(0).and_then(Value::as_u64).unwrap_or_default();
    let first = found.get(1).and_then(Value::as_str).unwrap_or_default().to_owned();
    (usize::try_from(count).unwrap_or_default(), first)
}

/// Types into the search line as a person does, and waits until the list has one row that says this.
fn finds(window: &Window, line: &str, subject: &str) {
    let empty = "const q = document.querySelector('[name=q]'); q.value = ''; q.dispatchEvent(new Event('input', { bubbles: true }))";
    let _emptied = window.page().run(empty, &[]);
    window.fill("Search", line);
    window.wait(&format!("{line:?} to find {subject}"), || {
        let (count, first) = rows(window);
        (count == 1 && first.contains(subject)).then_some(())
    });
}

/// A desk with three payments of yesterday, the second declined.
fn with_yesterday() -> (Desk, [Value; 3]) {
    let desk = Desk::with(wishes());
    let paid = [
        pay(&desk, "without_3d", "İĞDIR-ŞÖÜÇ 7", "545.00"),
        pay(&desk, "decline_2002_402", "RES-0418", "1250.50"),
        pay(&desk, "without_3d", "RES-0419", "80.00"),
    ];
    let payments =
        paid.each_ref().map(|one| id(one, "payment").parse().unwrap_or_else(|error| panic!("{error}: {one}")));
    desk.block_on(a_day_earlier(&desk, &payments));
    (desk, paid)
}

#[test]
fn yesterday_s_declined_payment_is_found_in_turkish_and_asked_about_once_more() {
    let (desk, _) = with_yesterday();
    let charges = desk.ledger().charges.len();
    let window = Window::over(desk, BankWindows::Shared, AtTheBank::Pays);
    window.wait_for_sale();
    window.press("History");
    window.wait("three payments", || (rows(&window).0 == 3).then_some(()));
    for line in ["iğdır", "IGDIR-SOUC", "şöüç", "545,00", "545 onaylandı", "İĞDIR dün"] {
        finds(&window, line, "İĞDIR-ŞÖÜÇ 7");
    }
    window.leave_picture("history-searched");
    // The customer is here, with a message of the bank that says paid.
    for line in ["1.250,50", "res 0418", "declined", "reddedildi dün"] {
        finds(&window, line, "RES-0418");
    }
    let measured = "const [one] = performance.getEntriesByName('vezne:search'); return one ? one.duration : -1";
    let took = window.page().run(measured, &[]);
    assert!(took.as_f64().is_some_and(|took| took > 0.0 && took < 5_000.0), "{took}");
    tell(&format!("first key to painted list: {took} ms"));
    window.click("button", "RES-0418");
    window.wait_for_text("Written down");
    window.press("Ask now");
    window.wait_for_text("Asked: not paid");
    window.leave_picture("asked-again");
    let text = window.text();
    assert!(text.contains("Declined") && !text.contains("Approved"), "nothing has changed about it: {text}");
    // A note for the colleague of tomorrow.
    window.fill("A note for colleagues", "Müşterinin bankası mesaj atmış, çekim yok.");
    window.press("Add the note");
    window.wait("the note", || window.shows("li", "Müşterinin bankası").then_some(()));
    assert_eq!(window.desk().ledger().charges.len(), charges, "asking charges nothing");
    assert_charged(&window, 2);
}

/// For whoever reads what a test measured: `cargo test … -- --nocapture`.
#[expect(clippy::print_stderr, reason = "a test says what it measured")]
fn tell(what: &str) {
    eprintln!("{what}");
}

#[test]
fn a_link_that_a_colleague_sent_opens_its_payment_pasted_or_given_to_a_second_start() {
    let (desk, paid) = with_yesterday();
    let window = Window::over(desk, BankWindows::Shared, AtTheBank::Pays);
    window.wait_for_sale();
    window.press("History");
    let link = |one: &Value| format!("vezne://payment/{}", id(one, "payment"));
    let [first, second, third] = &paid;
    window.fill("Search", &link(first));
    window.wait_for_heading("İĞDIR-ŞÖÜÇ 7");
    window.leave_picture("a-pasted-link");
    // The system opens a link by starting the program with it: the desk that runs shows it.
    let again = |link: &str| {
        let mut command = Command::new(binary());
        command.args(["--home", &window.desk().home().to_string_lossy(), link]);
        command.envs(window.screen().environment().iter().cloned()).envs(window.desk().environment(AtTheBank::Pays));
        command.status().unwrap_or_else(|error| panic!("{error}"))
    };
    assert!(again(&link(second)).success());
    window.wait_for_heading("RES-0418");
    // So does half a note, which nobody would find again.
    window.fill("A note for colleagues", "half a no");
    assert!(again(&link(third)).success());
    window.wait_for_text("A link to a payment was opened");
    assert_eq!(window.heading(), "RES-0418");
    let note = window.page().run("return document.querySelector('main textarea').value", &[]);
    assert_eq!(note, json!("half a no"), "what is typed stays");
    window.press("Not now");
    // While something is typed it waits for an answer.
    window.press("Sale");
    window.wait_for_sale();
    window.fill("Reference", "RES-0500");
    assert!(again(&link(third)).success());
    window.wait_for_text("A link to a payment was opened");
    let typed = window.page().run("return document.querySelector('main input').value", &[]);
    assert_eq!(typed, json!("RES-0500"), "what is typed stays");
    window.press("Show the payment");
    window.wait_for_heading("RES-0419");
    // What is no link to a payment starts nothing, and nothing is shown.
    assert!(!again("vezne://void/pay_01JD7Z3GK8M2Q4R6T8V0X1Y2Z3").success());
    assert_eq!(window.heading(), "RES-0419");
    assert_charged(&window, 2);
}

/// A link that is there before the desk: the first start shows it when its till is open.
#[test]
fn a_link_given_to_the_first_start_is_shown_when_the_till_is_open() {
    let (desk, paid) = with_yesterday();
    let [_, second, _] = &paid;
    let mut window = Window::over(desk, BankWindows::Shared, AtTheBank::Pays);
    window.wait_for_sale();
    window.kill();
    window.start_with(&[&format!("vezne://payment/{}", id(second, "payment"))]);
    window.wait_for_heading("RES-0418");
    let _driven: &Driver = window.driver();
    assert_charged(&window, 2);
}
