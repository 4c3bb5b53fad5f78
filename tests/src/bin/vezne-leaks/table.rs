//! The table: what is left after each.

use std::collections::BTreeSet;
use std::io::{self, Write as _};
use std::time::Duration;

use vezne_sandbox::{Call, Fault, FaultRule, Gateway, When};
use vezne_tests::desk::Desk;
use vezne_tests::desktop::by_hand::ByHand;
use vezne_tests::desktop::window::wishes;
use vezne_tests::leaks::canary::Canary;
use vezne_tests::leaks::runs::{self, Left, Played, Whose};
use vezne_tests::relay::Relay;

use crate::sales::{self, AS_HOLDER, AS_REFERENCE, IN_A_REFERENCE, IN_A_SEARCH, NAMED, PAID_ALREADY};

/// The time in which a declined card may be used again, and a little.
const FORGOTTEN: Duration = Duration::from_secs(122);

/// A desk, and what is printed about it.
pub(crate) struct Table {
    desk: ByHand,
    relay: Relay,
    cards: Vec<Canary<'static>>,
    before: Left,
    out: io::StdoutLock<'static>,
}

impl Table {
    /// A desk that has taken nothing yet.
    pub(crate) fn open() -> io::Result<Self> {
        let home = Desk::with(wishes());
        let relay = Relay::before(&home);
        let desk = ByHand::over(home, &vec![("VEZNE_MEMORY_READABLE", "1".into())]);
        desk.wait_for_sale();
        let cards = sales::cards();
        let before = runs::in_memory(&desk, &cards);
        let mut out = io::stdout().lock();
        writeln!(out, "| a few seconds after | the desk | the page | network | the system's |\n|---|---|---|---|---|")?;
        line(&mut out, "the start (by chance)", &before)?;
        Ok(Self { desk, relay, cards, before, out })
    }

    /// Plays everything.
    pub(crate) fn fill(mut self) -> io::Result<()> {
        for sale in &sales::ended() {
            self.whole(sale)?;
        }
        self.strangers()?;
        self.nothing_sent()?;
        self.once_more()?;
        self.stopped_by_a_question()?;
        self.typed_where_it_does_not_belong()?;
        self.unsettled()?;
        std::thread::sleep(FORGOTTEN);
        self.line("all of them, 122 s later")?;
        let written = runs::written_down(&self.desk, &self.cards);
        writeln!(self.out, "\nfiles, output, arguments and environments: {} finds", written.len())?;
        for place in written {
            writeln!(self.out, "- {place}")?;
        }
        Ok(())
    }

    /// What is left a few seconds after whatever happened.
    fn line(&mut self, what: &str) -> io::Result<()> {
        runs::rest();
        self.desk.picture(&what.replace(|sign: char| !sign.is_alphanumeric(), "-"));
        let left = runs::beyond(&runs::in_memory(&self.desk, &self.cards), &self.before);
        line(&mut self.out, what, &left)
    }

    /// A sale to its end, and on to the next one.
    fn whole(&mut self, sale: &Played<'_>) -> io::Result<()> {
        runs::play(&self.desk, sale);
        self.line(sale.what)?;
        self.desk.next_sale("Return");
        Ok(())
    }

    /// The gateway repeats the whole request in its error, a bank the card in its message, and a return in its fields.
    fn strangers(&mut self) -> io::Result<()> {
        let [refused, declined, approved] = sales::repeated();
        let Canary { number, code } = refused.card;
        let words = careless(refused.card);
        let body =
            format!(r#"{{"success":false,"error":"{words}","card":{{"cardNumber":"{number}","cvv":"{code}"}}}}"#);
        self.answer_with(refused.card, 400, body, When::Before);
        self.whole(&refused)?;
        let words = careless(declined.card);
        let body = format!(r#"{{"paymentType":"DirectSale","success":false,"error":"{words}"}}"#);
        self.answer_with(declined.card, 200, body, When::After);
        self.whole(&declined)?;

        let known: BTreeSet<String> = self.challenges().map(|(key, _)| key).collect();
        let page = runs::key_in(&self.desk, &approved);
        self.desk.pay();
        let challenge = || self.challenges().find(|(key, _)| !known.contains(key));
        let (key, back) = self.desk.wait("a challenge", challenge);
        let to = talkative(&back, &key, approved.card);
        let redirect = Fault::Redirect { status: 302, to, when: When::After };
        self.desk.desk().fault(FaultRule::new(Gateway::Finrota, Call::Callback, redirect).on_reference(&key));
        runs::see_through(&self.desk, &approved, page);
        self.line(approved.what)?;
        self.desk.next_sale("Return");
        Ok(())
    }

    fn answer_with(&self, card: Canary<'_>, status: u16, body: String, when: When) {
        let last = card.number.get(card.number.len().saturating_sub(4)..).unwrap_or_default();
        let fault = Fault::Status { status, body: Some(body), when };
        self.desk.desk().fault(FaultRule::new(Gateway::Finrota, Call::Pay, fault).on_card(last));
    }

    /// Payments at the bank, with where their customers are sent back to.
    fn challenges(&self) -> impl Iterator<Item = (String, String)> + use<> {
        self.desk.desk().sandbox().challenges().into_iter().map(|seen| (seen.key, seen.return_url))
    }

    /// The gateway is gone when the payment goes, and back for the next one.
    fn nothing_sent(&mut self) -> io::Result<()> {
        self.relay.close_at("/b2c/paymentOptions");
        runs::play(&self.desk, &sales::not_sent());
        self.relay.open_again();
        self.line(sales::not_sent().what)?;
        self.desk.next_sale("Return");
        Ok(())
    }

    fn once_more(&mut self) -> io::Result<()> {
        let [declined, approved] = sales::once_more();
        runs::play(&self.desk, &declined);
        self.line(declined.what)?;
        runs::same_card_again(&self.desk, &approved);
        self.line(approved.what)?;
        self.desk.next_sale("Return");
        Ok(())
    }

    /// The cashier does not answer: another screen first, then a sale of somebody else's.
    fn stopped_by_a_question(&mut self) -> io::Result<()> {
        runs::ask(&self.desk, &sales::twin());
        self.line(sales::twin().what)?;
        self.desk.go_to("F6");
        self.line("a twin: another screen")?;
        self.desk.next_sale("ctrl+n");
        self.line("a twin: the next sale")?;

        let attempts = self.desk.attempts();
        let Canary { number, code } = PAID_ALREADY;
        self.desk.key_in(("LEAK-1", "118.00"), number, code);
        self.desk.press_pay();
        self.line("paid already: the question stands")?;
        self.left("paid already", attempts)
    }

    /// A number as the reference, within one, as the holder's name, and in a search.
    fn typed_where_it_does_not_belong(&mut self) -> io::Result<()> {
        let attempts = self.desk.attempts();
        self.desk.focus();
        self.desk.field(AS_REFERENCE);
        self.left("a number as the reference", attempts)?;
        self.desk.focus();
        self.desk.field(&format!("oda 12 kart {}", Canary { number: IN_A_REFERENCE, code: "" }.typed()));
        self.left("a number within a reference", attempts)?;
        self.desk.key_in_of(("LEAK-17", "117.00"), (NAMED.number, NAMED.number), NAMED.code);
        self.desk.press_pay();
        self.left("a number as the holder, handed over", attempts)?;
        self.desk.focus();
        for text in ["LEAK-18", "118.50", "", AS_HOLDER] {
            self.desk.field(text);
        }
        self.left("a number as the holder alone", attempts)?;
        self.desk.go_to("F4");
        runs::rest();
        self.desk.screen().type_text(IN_A_SEARCH);
        self.left("a number in a search", attempts)
    }

    /// What was typed is left as it is, for somebody else's sale; nothing was begun with it.
    fn left(&mut self, what: &str, attempts: usize) -> io::Result<()> {
        runs::rest();
        self.desk.picture(&what.replace(' ', "-"));
        self.desk.leave_the_sale();
        assert_eq!(self.desk.attempts(), attempts, "{what}");
        self.line(&format!("{what}: the next sale"))
    }

    fn unsettled(&mut self) -> io::Result<()> {
        let [unknown, parked] = sales::unsettled();
        // Nobody says what became of it.
        let deaf = Fault::Status { status: 500, body: None, when: When::Before };
        self.desk.desk().fault(FaultRule::new(Gateway::Finrota, Call::Status, deaf));
        runs::play(&self.desk, &unknown);
        self.line(unknown.what)?;
        self.desk.next_sale("ctrl+n");
        runs::play(&self.desk, &parked);
        self.line(parked.what)
    }
}

/// An error that repeats the card.
fn careless(card: Canary<'_>) -> String {
    let Canary { number, code } = card;
    format!("Card {number} (cvv={code}) was not accepted: {}, cvc: {code}", card.typed())
}

/// A way back that says number and code in its fields.
fn talkative(back: &str, key: &str, card: Canary<'_>) -> String {
    let Canary { number, code } = card;
    let mark = if back.contains('?') { '&' } else { '?' };
    let typed = card.typed().replace(' ', "%20");
    format!(
        "{back}{mark}success=true&clientReferenceCode={key}&cardNumber={number}&cvv={code}&error={typed}%20cvc={code}"
    )
}

fn line(out: &mut impl io::Write, what: &str, left: &Left) -> io::Result<()> {
    let of = |whose: Whose| {
        let found: Vec<String> = left
            .iter()
            .filter(|((who, _), _)| *who == whose)
            .map(|((_, form), count)| format!("{count} × {form}"))
            .collect();
        if found.is_empty() { "0".to_owned() } else { found.join(", ") }
    };
    let columns = [Whose::Desk, Whose::Page, Whose::WebView, Whose::System].map(of);
    writeln!(out, "| {what} | {} |", columns.join(" | "))
}
