//! The desk without a driver, as at a counter: real keys, nothing that looks into its page. What came of a key is told by the
//! practice gateways, the journal and the processes.

use std::path::Path;
use std::thread;
use std::time::Duration;

use super::process::{Environment, Guarded};
use super::screen::Screen;
use super::window::binary;
use crate::desk::{AtTheBank, Desk};
use crate::leaks::memory::{Process, processes_of};
use crate::run::{found_within, wait_for};

/// The longest that anything may take.
const AT_MOST: Duration = Duration::from_secs(45);
/// The web view's process that holds the desk's page.
const PAGE: &str = "WebKitWebProcess";

/// A running desk, and hands at its keyboard.
#[derive(Debug)]
pub struct ByHand {
    // Ends before its screen.
    program: Guarded,
    window: String,
    screen: Screen,
    desk: Desk,
}

impl ByHand {
    /// Starts the desk over a home that is there, and waits for its window.
    #[must_use]
    pub fn over(desk: Desk, more: &Environment) -> Self {
        let screen = Screen::open();
        let mut environment = screen.environment().clone();
        environment.extend(desk.environment(AtTheBank::Pays));
        environment.extend(more.iter().cloned());
        let words = ["--home".into(), desk.home().into_os_string()];
        let program = Guarded::start_at(&binary(), &words, &environment, screen.folder());
        let window = screen.wait_for_window("Vezne");
        let hands = Self { program, window, screen, desk };
        hands.wait("the desk's page", || hands.page());
        hands
    }

    /// Home, gateways and ledger.
    #[must_use]
    pub fn desk(&self) -> &Desk {
        &self.desk
    }

    /// The screen.
    #[must_use]
    pub fn screen(&self) -> &Screen {
        &self.screen
    }

    /// What the desk has complained about.
    #[must_use]
    pub fn complaints(&self) -> String {
        self.program.complaints()
    }

    /// Every process on this screen and of this home.
    #[must_use]
    pub fn processes(&self) -> Vec<Process> {
        processes_of(self.screen.folder())
    }

    /// The processes that hold pages: the desk's, and a bank's while there is one.
    #[must_use]
    pub fn pages(&self) -> Vec<u32> {
        self.processes().iter().filter(|process| process.name == PAGE).map(|process| process.pid).collect()
    }

    /// The process that holds the desk's page, while there is no other.
    #[must_use]
    pub fn page(&self) -> Option<u32> {
        match self.pages().as_slice() {
            [page] => Some(*page),
            _ => None,
        }
    }

    /// Waits until `look` finds something.
    ///
    /// # Panics
    /// When it never does; leaves a picture if `VEZNE_PICTURES` names a folder.
    pub fn wait<T>(&self, what: &str, look: impl FnMut() -> Option<T>) -> T {
        let found = found_within(AT_MOST, Duration::from_millis(30), look);
        if found.is_none() {
            self.picture("by-hand-failed");
        }
        wait_for(what, Duration::ZERO, {
            let mut found = found;
            move || found.take()
        })
    }

    /// Leaves a picture in the folder that `VEZNE_PICTURES` names.
    pub fn picture(&self, name: &str) {
        if let Some(folder) = std::env::var_os("VEZNE_PICTURES") {
            self.screen.picture(&Path::new(&folder).join(name).with_extension("png"));
        }
    }

    /// How often this path was asked for at the practice gateways and the practice bank.
    #[must_use]
    pub fn asked(&self, path: &str) -> usize {
        self.desk.sandbox().requests().iter().filter(|request| request.path.contains(path)).count()
    }

    /// Waits until a sale can be keyed in: the till is open, and the keyboard is in the first field.
    pub fn wait_for_sale(&self) {
        self.wait("an open till", || super::books::log_of(&self.desk).contains("the till is open").then_some(()));
        thread::sleep(Duration::from_secs(1));
    }

    /// Types into the field that has the keyboard, and goes on to the next one.
    pub fn field(&self, text: &str) {
        self.screen.type_text(text);
        self.screen.press("Return");
    }

    /// Keys in a sale of this card, up to the plans; the keyboard is in the sale's first field.
    pub fn key_in(&self, subject: (&str, &str), number: &str, code: &str) {
        self.key_in_of(subject, (number, "Deneme Musteri"), code);
    }

    /// The same of a card with this number and this holder.
    pub fn key_in_of(&self, (reference, amount): (&str, &str), (number, holder): (&str, &str), code: &str) {
        self.focus();
        let before = self.asked("paymentOptions");
        self.field(reference);
        self.field(amount);
        self.field(number);
        self.field(holder);
        self.field("1230");
        self.screen.type_text(code);
        self.wait("the plans", || (self.asked("paymentOptions") > before).then_some(()));
    }

    /// How many attempts the journal lists.
    #[must_use]
    pub fn attempts(&self) -> usize {
        super::books::listed(&self.desk).len()
    }

    /// Gives the desk's window the keyboard.
    pub fn focus(&self) {
        self.screen.focus(&self.window);
    }

    /// Chooses the first plan and presses Pay, once.
    pub fn press_pay(&self) {
        self.screen.press("alt+1");
        self.screen.press("ctrl+Return");
    }

    /// Chooses the first plan and presses Pay, until it is heard: a screen that has just changed hears nothing.
    pub fn pay(&self) {
        let before = self.attempts();
        self.wait("an attempt", || {
            self.press_pay();
            found_within(Duration::from_secs(1), Duration::from_millis(50), || (self.attempts() > before).then_some(()))
        });
    }

    /// After a decline: the same card again, of which only the code is typed.
    pub fn pay_with_the_same_card(&self, code: &str) {
        let asked = self.asked("paymentOptions");
        self.focus();
        self.screen.press("s");
        self.wait("the plan, asked for anew", || (self.asked("paymentOptions") > asked).then_some(()));
        self.screen.type_text(code);
        self.pay();
    }

    /// From a sale that was not begun to an empty form, without an answer to what is asked there: over the list of what needs
    /// attention, while nothing does.
    pub fn leave_the_sale(&self) {
        self.go_to("F6");
        self.next_sale("ctrl+n");
    }

    /// Goes to another screen, by its key.
    pub fn go_to(&self, key: &str) {
        // A screen that has just changed hears no keys, nor does one into which something was typed a moment ago.
        thread::sleep(Duration::from_millis(1500));
        self.focus();
        self.screen.press(key);
    }

    /// Waits until the newest attempt has this outcome.
    pub fn wait_for_outcome(&self, outcome: &str) {
        self.wait(&format!("the outcome {outcome}"), || {
            let listed = super::books::listed(&self.desk);
            (listed.first()?.get("outcome")?.as_str()? == outcome).then_some(())
        });
    }

    /// From an outcome to the next sale, by this key, until the form has the keyboard: the outcome's picture goes away.
    pub fn next_sale(&self, key: &str) {
        // A screen that has just changed hears no keys, and neither does one whose page is just being replaced.
        thread::sleep(Duration::from_millis(1500));
        self.focus();
        self.screen.press(key);
        thread::sleep(Duration::from_millis(500));
    }
}
