//! One home that many payments fall in: the practice gateways behind the wire, and `veznectl` at work.
#![expect(clippy::panic, reason = "a stand that can't be set up judges nobody")]

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use serde_json::Value;
use vezne_sandbox::{LedgerSnapshot, Settings};

use super::books::Books;
use super::oracle::{Oracle, Word};
use super::trap::Trap;
use super::wire::Wire;
use crate::customer::{Customer, Temper};
use crate::desk::{AGENCY, AtTheBank, COUNTER, Desk, Wishes};
use crate::desktop::window::{BankWindows, Window};
use crate::run::{Ended, found_within};

/// Yolcu360 takes ten payments a minute of one account, and the desk keeps to it; this many accounts share the work.
const AGENCIES: usize = 6;
/// Attempts of customers who never come back that a stand leaves open.
const OPEN_AT_MOST: u32 = 2;
/// The bank's timers: a late return, a status that shows late.
const BANK_DELAY: Duration = Duration::from_millis(150);
/// The longest that the bank lets anything wait, and a little more.
const BANK_IS_DONE: Duration = Duration::from_millis(400);
/// A customer whose browser lives on is done by then.
const CUSTOMER_AT_MOST: Duration = Duration::from_secs(6);

/// A stand.
#[derive(Debug)]
pub struct Stand {
    place: Place,
    wire: Wire,
    trap: Trap,
    oracle: Oracle,
    comes_back: &'static str,
    left_open: AtomicU32,
}

/// Where the payments are made.
#[derive(Debug)]
enum Place {
    /// By `veznectl`.
    Terminal(Box<Desk>),
    /// In the desk's window.
    Window(Box<Window>),
}

impl Place {
    fn desk(&self) -> &Desk {
        match self {
            Self::Terminal(desk) => desk,
            Self::Window(window) => window.desk(),
        }
    }
}

fn ok<T, E: std::fmt::Display>(result: Result<T, E>) -> T {
    result.unwrap_or_else(|error| panic!("the stand could not be set up: {error}"))
}

impl Stand {
    /// A new home whose customers come back in this way.
    ///
    /// # Panics
    /// When it can't be set up.
    #[must_use]
    pub fn open(comes_back: &'static str) -> Self {
        let sandbox = Settings {
            hold: Duration::from_millis(1_500),
            bank_delay: BANK_DELAY,
            limit_rates: false,
            ..Settings::default()
        };
        let desk = Desk::with(Wishes { sandbox, ..Wishes::default() });
        let trap = Trap::default();
        let wire = ok(Wire::to(desk.sandbox().port(), trap.clone()));
        let oracle = ok(Oracle::at(desk.sandbox().port()));
        let place = Place::Terminal(Box::new(desk));
        let stand = Self { place, wire, trap, oracle, comes_back, left_open: AtomicU32::new(0) };
        ok(fs::write(stand.desk().home().join("config.toml"), stand.config()));
        stand
    }

    /// The same home with the desk's window open on it.
    #[must_use]
    pub fn with_window(self, at_the_bank: AtTheBank) -> Self {
        let Self { place, .. } = self;
        let place = match place {
            Place::Terminal(desk) => Place::Window(Box::new(Window::over(*desk, BankWindows::Shared, at_the_bank))),
            Place::Window(window) => Place::Window(window),
        };
        Self { place, ..self }
    }

    /// The window.
    ///
    /// # Panics
    /// When there is none.
    pub fn window(&mut self) -> &mut Window {
        match &mut self.place {
            Place::Window(window) => window,
            Place::Terminal(_) => panic!("this stand has no window"),
        }
    }

    /// Short deadlines, and everything through the wire.
    fn config(&self) -> String {
        let base = format!("http://127.0.0.1:{}", self.wire.port());
        let comes_back = self.comes_back;
        let mut text = format!(
            "[[account]]\nname = \"{COUNTER}\"\ngateway = \"finrota\"\nbase_url = \"{base}/finrota\"\n\
credentials = {{ env = [\"TEST_COUNTER_KEY\", \"TEST_COUNTER_SECRET\"] }}\nreturn_mode = \"{comes_back}\"\n\
reversals = true\ncurrencies = [\"TRY\"]\ncustomer_ip = \"203.0.113.7\"\n"
        );
        for agency in 0..AGENCIES {
            // Writing to a string never fails.
            let _ = write!(
                text,
                "\n[[account]]\nname = \"{AGENCY}-{agency}\"\ngateway = \"yolcu360\"\nbase_url = \"{base}/yolcu360/api/v1\"\n\
credentials = {{ env = [\"TEST_AGENCY_KEY\", \"TEST_AGENCY_SECRET\"] }}\nreturn_mode = \"{comes_back}\"\n\
reversals = true\ncurrencies = [\"TRY\"]\n"
            );
        }
        text + "\n[timeouts]\npay_seconds = 1\nreversal_seconds = 1\nstatus_seconds = 3\n"
    }

    /// The name of an agency's account.
    #[must_use]
    pub fn agency(number: usize) -> String {
        format!("{AGENCY}-{}", number.checked_rem(AGENCIES).unwrap_or_default())
    }

    /// Home, gateways and ledger.
    #[must_use]
    pub fn desk(&self) -> &Desk {
        self.place.desk()
    }

    /// The trap for what is started here.
    #[must_use]
    pub fn trap(&self) -> &Trap {
        &self.trap
    }

    /// Whether one more attempt may stay open until the shift's end: a desk that watches three takes no fourth payment.
    #[must_use]
    pub fn leave_open(&self) -> bool {
        self.left_open.fetch_add(1, Ordering::SeqCst) < OPEN_AT_MOST
    }

    /// What was really charged so far.
    #[must_use]
    pub fn ledger(&self) -> LedgerSnapshot {
        self.desk().ledger()
    }

    /// `veznectl … --json`, ready to be started; its customer writes into `log`.
    #[must_use]
    pub fn command(&self, arguments: &[&str], at_the_bank: AtTheBank, log: &Path) -> Command {
        let mut all = arguments.to_vec();
        all.push("--json");
        let mut command = self.desk().command(&all, at_the_bank);
        command.env("CUSTOMER_LOG", log);
        command
    }

    /// Runs `veznectl … --json` to its end; a customer at the bank pays.
    pub fn run(&self, arguments: &[&str], input: &str) -> Ended {
        self.desk().run(arguments, input)
    }

    /// Where the customer of this case writes what they do.
    #[must_use]
    pub fn customer_log(&self, case: &str) -> PathBuf {
        self.desk().folder().join(format!("customer-{case}.log"))
    }

    /// Waits until the gateways have answered and a customer whose browser lives on is done.
    pub fn quiet(&self, log: Option<&Path>) {
        self.wire.quiet(Duration::from_secs(2));
        let Some(log) = log else { return };
        let _done = found_within(CUSTOMER_AT_MOST, Duration::from_millis(2), || {
            let text = fs::read_to_string(log).unwrap_or_default();
            let count = |word: &str| text.lines().filter(|line| line.starts_with(word)).count();
            (count("opened") <= count("end")).then_some(())
        });
    }

    /// Somebody who still has the bank's page open goes on; `None` drops the pages.
    pub fn customers_go_on(&self, temper: Option<Temper>) {
        for page in self.wire.pages() {
            let Some(temper) = temper else { continue };
            // Their way back leads to a program that is gone; what the bank then does is what counts.
            let _lost = Customer::new(temper, None).and_then(|mut customer| customer.open(&page));
        }
    }

    /// What the journal says. One that nothing was ever committed to says nothing.
    ///
    /// # Errors
    /// When it can't be read, in words.
    pub fn books(&self) -> Result<Books, String> {
        if !self.desk().home().join("journal.head").exists() {
            // Nothing was ever committed here.
            return Ok(Books::default());
        }
        let ended = self.desk().run(&["journal", "export", "--what", "events"], "");
        if ended.code() != 0 {
            return Err(format!("the journal can't be read: {ended:?}"));
        }
        Books::read(&ended.stdout)
    }

    /// The ids of everything that stands in Needs attention.
    ///
    /// # Errors
    /// When it can't be read, in words.
    pub fn attention(&self) -> Result<BTreeSet<String>, String> {
        let ended = self.desk().run(&["payment", "list", "--attention"], "");
        if ended.code() != 0 {
            return Err(format!("what needs attention can't be read: {ended:?}"));
        }
        let id = |line: &Value| {
            let named = |key: &str| line.get(key).and_then(Value::as_str).map(str::to_owned);
            named("reversal").or_else(|| named("attempt"))
        };
        Ok(ended.lines().iter().filter_map(id).collect())
    }

    /// What the gateway says of an attempt, once the bank's timers are over.
    ///
    /// # Errors
    /// When it does not answer.
    pub fn gateway_says(&self, attempt: &super::books::Attempt) -> std::io::Result<Word> {
        let began = Instant::now();
        loop {
            let word = self.oracle.says(attempt)?;
            if word != Word::NotFinal || began.elapsed() > BANK_IS_DONE {
                return Ok(word);
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}
