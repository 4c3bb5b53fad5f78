//! One payment: begun, killed, restarted, asked about, tried again; and after each restart journal against ledger.

use std::path::PathBuf;

use vezne_sandbox::Gateway;

use super::books::{Attempt, Books, Reversal};
use super::oracle::Word;
use super::plan::{Back, Case, Kind, Later, Moment, Reach};
use super::rules::{Witnesses, check, sent_again};
use super::stand::Stand;
use super::tally::Phase;
use super::victim;
use crate::customer::Temper;
use crate::desk::{AtTheBank, COUNTER, SUPERVISOR, SUPERVISOR_PIN, card};
use crate::run::Ended;

/// What came of it.
#[derive(Debug, Clone, Default)]
pub struct Played {
    /// Where the kills fell.
    pub falls: Vec<Phase>,
    /// Programs that had ended before their moment came.
    pub missed: u32,
    /// What was not true afterwards.
    pub wrong: Vec<String>,
}

/// Plays a case in a stand where it is the `place`th.
#[must_use]
pub fn play(stand: &Stand, case: &Case, place: usize) -> Played {
    let mut drill = Drill::of(stand, case, place);
    if let Err(words) = drill.whole() {
        drill.played.wrong.push(words);
    }
    drill.played
}

/// A case being played.
pub(super) struct Drill<'a> {
    stand: &'a Stand,
    case: &'a Case,
    place: usize,
    log: PathBuf,
    /// The payment whose money goes back.
    payment: Option<String>,
    pub(super) played: Played,
}

/// Arguments and input of a program.
type Line = (Vec<String>, String);

impl<'a> Drill<'a> {
    pub(super) fn of(stand: &'a Stand, case: &'a Case, place: usize) -> Self {
        let log = stand.customer_log(&case.subject());
        Self { stand, case, place, log, payment: None, played: Played::default() }
    }

    fn whole(&mut self) -> Result<(), String> {
        let line = if self.case.kind.is_reversal() { self.paid_first()? } else { self.payment_line() };
        for fault in &self.case.faults {
            self.stand.desk().fault(fault.clone());
        }
        self.fall(&line, self.case.moment, false)?;
        for moment in &self.case.again {
            let restart = (self.restart_line(&self.stand.books()?), String::new());
            self.fall(&restart, *moment, true)?;
        }
        self.stand.desk().sandbox().clear_faults();
        self.customers_go_on();
        self.restart()?;
        if self.case.kind.is_reversal() { self.reverse_again() } else { self.pay_again() }
    }

    /// The amount in minor units; no other case of this home has it.
    pub(super) fn amount(&self) -> String {
        let minor = self.place.saturating_mul(103).saturating_add(10_000);
        format!("{}.{:02}", minor / 100, minor % 100)
    }

    fn line_with(&self, number: Option<&str>, agency: usize) -> Line {
        let subject = self.case.subject();
        let mut words: Vec<String> = vec!["pay".to_owned(), "--account".to_owned()];
        match self.case.kind.gateway() {
            Gateway::Finrota => {
                let amount = self.amount();
                words.extend([COUNTER, "--reference", &subject, "--amount", &amount].map(str::to_owned));
                words.extend(["--currency", "TRY"].map(str::to_owned));
            }
            Gateway::Yolcu360 => {
                words.extend([Stand::agency(agency), "--order".to_owned(), subject]);
            }
        }
        match number {
            Some(number) => {
                words.extend(["--card-stdin", "--twin-ok"].map(str::to_owned));
                (words, card(number))
            }
            None => {
                words.push("--from-limit".to_owned());
                (words, String::new())
            }
        }
    }

    fn payment_line(&self) -> Line {
        self.line_with(self.case.card.as_deref(), self.place)
    }

    fn reversal_line(&self, payment: &str, back: Back) -> Line {
        let verb = if back == Back::Void { "void" } else { "refund" };
        let mut words = vec!["payment", verb, payment, "--as", SUPERVISOR, "--reason", "the drill"];
        if back == Back::Part {
            words.extend(["--amount", "31.07"]);
        }
        (words.into_iter().map(str::to_owned).collect(), SUPERVISOR_PIN.to_owned())
    }

    /// A sale that nobody kills; then the line that gives its money back.
    fn paid_first(&mut self) -> Result<Line, String> {
        let ended = self.run(&self.payment_line());
        let payment = ended.lines().last().and_then(|last| last.get("payment")?.as_str().map(str::to_owned));
        match payment {
            Some(payment) if ended.code() == 0 => {
                let line = self.reversal_line(&payment, self.case.back);
                self.payment = Some(payment);
                Ok(line)
            }
            Some(_) | None => Err(format!("the sale before the reversal did not come about: {ended:?}")),
        }
    }

    fn run(&self, (words, input): &Line) -> Ended {
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        self.stand.run(&words, input)
    }

    /// Starts a program, kills it at its moment, and notes where that was.
    fn fall(&mut self, (words, input): &Line, moment: Moment, restart: bool) -> Result<(), String> {
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let command = self.stand.command(&words, self.case.temper, &self.log);
        let home = self.stand.desk().home();
        let death = victim::run(command, input, (moment, self.case.reach), (self.stand.trap(), &home));
        let death = death.map_err(|error| format!("the program could not be started: {error}"))?;
        let browser_lives = !(death.killed && self.case.reach == Reach::Group) && self.case.temper != AtTheBank::Leaves;
        self.stand.quiet(browser_lives.then_some(self.log.as_path()));
        if !death.killed {
            self.played.missed = self.played.missed.saturating_add(1);
            return Ok(());
        }
        let phase = if restart { Phase::Restart } else { self.phase(&self.stand.books()?) };
        self.played.falls.push(phase);
        Ok(())
    }

    pub(super) fn attempt<'b>(&self, books: &'b Books) -> Option<&'b Attempt> {
        books.attempts.iter().rfind(|attempt| attempt.subject == self.case.subject())
    }

    fn reversal<'b>(&self, books: &'b Books) -> Option<&'b Reversal> {
        books.reversals_of(&self.attempt(books)?.id).next_back()
    }

    /// Where the program fell, by what the journal and the gateway know.
    pub(super) fn phase(&self, books: &Books) -> Phase {
        let counts =
            self.attempt(books).map(|attempt| self.stand.ledger().counts_of(attempt.key())).unwrap_or_default();
        let (state, sendings, came) = if self.case.kind.is_reversal() {
            let reversal = self.reversal(books);
            let state = reversal.map(Reversal::state);
            (state, reversal.map_or(0, Reversal::sendings), counts.reversals_received)
        } else {
            let attempt = self.attempt(books);
            (attempt.map(Attempt::state), attempt.map_or(0, Attempt::sendings), counts.received)
        };
        Phase::of(state, came >= sendings)
    }

    /// What opens a till again and takes up what it finds.
    fn restart_line(&self, books: &Books) -> Vec<String> {
        let payment = self.payment.clone().or_else(|| self.attempt(books).map(|attempt| attempt.payment.clone()));
        match payment {
            Some(payment) => vec!["payment".to_owned(), "ask".to_owned(), payment],
            None => vec!["journal".to_owned(), "rebuild".to_owned()],
        }
    }

    pub(super) fn customers_go_on(&self) {
        self.stand.customers_go_on(match self.case.later {
            Later::Pays => Some(Temper::TypesTheCode),
            Later::Cancels => Some(Temper::Cancels),
            Later::Leaves => None,
        });
        self.stand.quiet(None);
    }

    /// The restart that nobody kills: it verifies, asks, and then everything must be true.
    fn restart(&mut self) -> Result<(), String> {
        if self.case.kind == Kind::FirstStart {
            // The journal may not even have been made.
            self.expect("journal rebuild", &[0]);
        }
        self.expect("journal verify", &[0]);
        let books = self.stand.books()?;
        let before = self.stand.ledger();
        let word = match self.attempt(&books) {
            Some(attempt) => {
                self.stand.gateway_says(attempt).map_err(|error| format!("the gateway is gone: {error}"))?
            }
            None => Word::NotFinal,
        };
        // Asked about a customer who may still be at the bank, the till waits for half a minute; the shift's end does that
        // for all of them at once.
        let open = self.attempt(&books).is_some_and(|one| matches!(one.state(), "at_bank" | "confirming"));
        let asked = !(open && word == Word::NotFinal && self.stand.leave_open());
        let line = if asked { self.restart_line(&books).join(" ") } else { "journal rebuild".to_owned() };
        self.expect(&line, &[0, 10, 20, 30, 40]);
        self.judge(asked.then_some(word))?;
        self.played.wrong.extend(sent_again(&before, &self.stand.ledger()));
        Ok(())
    }

    /// Runs a line that must end with one of these codes.
    fn expect(&mut self, line: &str, codes: &[i32]) {
        let words: Vec<&str> = line.split(' ').collect();
        let ended = self.stand.run(&words, "");
        if !codes.contains(&ended.code()) {
            self.played.wrong.push(format!("`veznectl {line}` ended with {}: {ended:?}", ended.code()));
        }
    }

    /// Holds journal and ledger against each other; `word` is what the gateway said before the till was asked to ask.
    pub(super) fn judge(&mut self, word: Option<Word>) -> Result<(), String> {
        let (books, attention) = (self.stand.books()?, self.stand.attention()?);
        let ledger = self.stand.ledger();
        let all = Witnesses { books: &books, ledger: &ledger, attention: &attention, taken_up: true };
        self.played.wrong.extend(check(&all));
        let Some(attempt) = self.attempt(&books) else { return Ok(()) };
        let settled = match word {
            Some(Word::Paid) => attempt.state() == "approved" || attempt.contradicted,
            Some(Word::NotPaid) if attempt.blind && attempt.state() == "unknown" => true,
            Some(Word::NotPaid) => attempt.is_final() && attempt.state() != "approved",
            Some(Word::NotFinal) | None => true,
        };
        if !settled {
            let states = &attempt.states;
            let shown = self.stand.run(&["payment", "show", &attempt.payment], "").stdout;
            let words = format!("the gateway says {word:?} of {}, and the journal {states:?}: {shown}", attempt.id);
            self.played.wrong.push(words);
        }
        if let Some(reversal) = self.reversal(&books) {
            let went = ledger.reversals.iter().any(|one| one.key == attempt.key());
            if went && reversal.state() != "done" {
                let states = &reversal.states;
                self.played.wrong.push(format!("the money of {} went back: {states:?}", reversal.id));
            }
        }
        Ok(())
    }

    /// A second payment for the same order or booking number: held back while the first is open, unknown or approved, and
    /// otherwise free to succeed.
    pub(super) fn pay_again(&mut self) -> Result<(), String> {
        let books = self.stand.books()?;
        let subject = self.case.subject();
        let before: Vec<Attempt> = books.of(&subject).cloned().collect();
        let blocked = before.iter().any(|attempt| !attempt.is_final() || attempt.state() == "approved");
        let ended = self.run(&self.line_with(Some(&self.case.next_card), self.place.saturating_add(1)));
        let after: Vec<Attempt> = self.stand.books()?.of(&subject).cloned().collect();
        let charges: usize = {
            let ledger = self.stand.ledger();
            let mut keys: Vec<&str> = after.iter().map(Attempt::key).collect();
            keys.dedup();
            keys.iter().map(|key| ledger.charges_of(key).count()).sum()
        };
        let right = match blocked {
            true => ended.code() == 40 && after.len() == before.len() && charges <= 1,
            false => ended.code() == 0 && after.len() == before.len().saturating_add(1) && charges == 1,
        };
        if !right {
            let states: Vec<&[String]> = before.iter().map(|attempt| attempt.states.as_slice()).collect();
            self.played.wrong.push(format!("a second payment after {states:?}: {charges} charges, {ended:?}"));
        }
        self.judge(None)
    }

    /// A second reversal: held back while the first is open or unknown, without a call where everything has gone back.
    fn reverse_again(&mut self) -> Result<(), String> {
        let books = self.stand.books()?;
        let Some(payment) = self.payment.clone() else { return Ok(()) };
        let Some((attempt, reversal)) = self.attempt(&books).zip(self.reversal(&books)) else { return Ok(()) };
        let before = self.stand.ledger().counts_of(attempt.key());
        let ended = match (reversal.state(), self.case.back) {
            ("done", Back::Part) => return Ok(()),
            ("done", Back::Void | Back::Refund) => self.run(&self.reversal_line(&payment, Back::Void)),
            (_, back) => self.run(&self.reversal_line(&payment, back)),
        };
        let came = self.stand.ledger().counts_of(attempt.key());
        let held_back = !reversal.is_final() || reversal.state() == "done";
        if held_back && (came != before || !matches!(ended.code(), 0 | 40)) {
            let states = &reversal.states;
            self.played.wrong.push(format!("a second reversal after {states:?}: {came:?}, {ended:?}"));
        }
        if !held_back && !matches!(ended.code(), 0 | 40) {
            self.played.wrong.push(format!("a reversal after one that did not happen: {ended:?}"));
        }
        self.judge(None)
    }
}
