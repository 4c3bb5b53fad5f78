//! The desk's window on a screen of its own, over a home and practice gateways of its own.
#![expect(clippy::panic, reason = "a test fails by panicking, with what went wrong")]

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::driver::Driver;
use super::process::{self, Environment};
use super::screen::Screen;
use crate::desk::{AtTheBank, Desk, Wishes};
use crate::run::{found_within, program, wait_for};

/// The longest that anything on a screen may take, a bank that never sends its customer back included.
pub const AT_MOST: Duration = Duration::from_secs(45);
/// Between two looks at a page: each costs the driver some work.
const LOOK_EVERY: Duration = Duration::from_millis(60);

/// Where the bank's pages stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BankWindows {
    /// In the desk's own web context, so that the driver sees them.
    Shared,
    /// Each in a data folder of its own, as at a real desk: only keys and pictures reach them.
    Own,
}

/// A running desk.
#[derive(Debug)]
pub struct Window {
    driver: Option<Driver>,
    own_handle: String,
    bank: BankWindows,
    at_the_bank: AtTheBank,
    screen: Screen,
    desk: Desk,
}

/// The home as a desk with a window wants it: the bank comes back to Vezne's own scheme, the asking is quick.
#[must_use]
pub fn wishes() -> Wishes {
    let usual = Wishes::default();
    Wishes { comes_back: "return_mode = \"custom_scheme\"\n".to_owned(), ..usual }
}

impl Window {
    /// A desk whose bank windows the driver sees.
    #[must_use]
    pub fn open() -> Self {
        Self::with(wishes(), BankWindows::Shared, AtTheBank::Pays)
    }

    /// A desk with wishes; in loop-back mode the scripted customer `at_the_bank` is its browser.
    #[must_use]
    pub fn with(wishes: Wishes, bank: BankWindows, at_the_bank: AtTheBank) -> Self {
        Self::over(Desk::with(wishes), bank, at_the_bank)
    }

    /// A window over a desk that is there already.
    #[must_use]
    pub fn over(desk: Desk, bank: BankWindows, at_the_bank: AtTheBank) -> Self {
        let screen = Screen::open();
        let mut window = Self { driver: None, own_handle: String::new(), bank, at_the_bank, screen, desk };
        window.start();
        window
    }

    /// Starts the desk again after it was killed.
    pub fn start(&mut self) {
        self.start_with(&[]);
    }

    /// The same with more arguments.
    pub fn start_with(&mut self, more: &[&str]) {
        let mut arguments = vec!["--home".to_owned(), self.desk.home().to_string_lossy().into_owned()];
        arguments.extend(more.iter().map(|&argument| argument.to_owned()));
        let driver = Driver::start(&self.screen, &binary(), &arguments, &self.environment());
        self.own_handle = found_within(AT_MOST, LOOK_EVERY, || own_window(&driver))
            .unwrap_or_else(|| panic!("the desk shows no page of its own\n{}", driver.complaints()));
        self.driver = Some(driver);
    }

    fn environment(&self) -> Environment {
        let mut environment = self.desk.environment(self.at_the_bank);
        if self.bank == BankWindows::Shared {
            environment.push(("VEZNE_BANK_SHARED", "1".into()));
        }
        environment
    }

    /// The processes of the desk itself.
    #[must_use]
    pub fn pids(&self) -> Vec<u32> {
        let home = self.desk.home().to_string_lossy().into_owned();
        let all = process::with_argument(&home);
        all.into_iter().filter(|pid| process::program_of(*pid).as_deref() == Some(binary().as_path())).collect()
    }

    /// Ends the desk as `kill -9` does, and waits until it is gone.
    ///
    /// # Panics
    /// When it was not running.
    pub fn kill(&mut self) {
        let pids = self.pids();
        assert!(!pids.is_empty(), "the desk was not running");
        pids.into_iter().for_each(process::kill);
        wait_for("the desk's end", AT_MOST, || self.pids().is_empty().then_some(()));
        self.driver = None;
    }

    /// The screen.
    #[must_use]
    pub fn screen(&self) -> &Screen {
        &self.screen
    }

    /// Home, gateways and ledger.
    #[must_use]
    pub fn desk(&self) -> &Desk {
        &self.desk
    }

    /// The driver, in whatever window it is.
    ///
    /// # Panics
    /// When the desk does not run.
    #[must_use]
    pub fn driver(&self) -> &Driver {
        self.driver.as_ref().unwrap_or_else(|| panic!("the desk does not run"))
    }

    /// The driver, in the desk's own window.
    ///
    /// # Panics
    /// When that is gone.
    #[must_use]
    pub fn page(&self) -> &Driver {
        let driver = self.driver();
        if let Err(error) = driver.switch(&self.own_handle) {
            panic!("the desk's window is gone: {error}\n{}", driver.complaints());
        }
        driver
    }

    /// Windows that the driver sees beside the desk's own.
    #[must_use]
    pub fn others(&self) -> Vec<String> {
        self.driver().windows().into_iter().filter(|handle| *handle != self.own_handle).collect()
    }

    /// Waits until `look` finds something.
    ///
    /// # Panics
    /// With what stands on the desk's screen, when it never does.
    pub fn wait<T>(&self, what: &str, look: impl FnMut() -> Option<T>) -> T {
        found_within(AT_MOST, LOOK_EVERY, look).unwrap_or_else(|| self.give_up(&format!("waited in vain for {what}")))
    }

    /// Fails, telling what stands on the screen, and leaves a picture if `VEZNE_PICTURES` names a folder.
    ///
    /// # Panics
    /// Always.
    pub fn give_up(&self, why: &str) -> ! {
        let page = self
            .driver()
            .switch(&self.own_handle)
            .and_then(|()| self.driver().try_run("return document.body ? document.body.innerText : 'nothing'", &[]));
        let shown = page.map_or_else(|error| error, |text| text.as_str().unwrap_or_default().to_owned());
        let name = std::thread::current().name().unwrap_or("test").replace("::", "-");
        self.leave_picture(&format!("failed-{name}"));
        let windows = self.screen.windows();
        let complaints = self.driver().complaints();
        let log = crate::desktop::books::log_of(&self.desk);
        panic!("{why}\nwindows: {windows:?}\non the desk's screen:\n{shown}\n--\n{complaints}\n--\n{log}")
    }

    /// Leaves a picture of the whole screen in the folder that `VEZNE_PICTURES` names; without it nothing happens.
    pub fn leave_picture(&self, name: &str) {
        if let Some(folder) = std::env::var_os("VEZNE_PICTURES") {
            self.screen.picture(&Path::new(&folder).join(name).with_extension("png"));
        }
    }
}

impl Drop for Window {
    fn drop(&mut self) {
        self.driver = None;
        // The driver's group takes the desk with it; this is for a desk that left the group.
        self.pids().into_iter().for_each(process::kill);
    }
}

/// The window that holds the desk's page.
fn own_window(driver: &Driver) -> Option<String> {
    driver.windows().into_iter().find(|handle| {
        driver.switch(handle).is_ok()
            && driver.try_run("return document.getElementById('desk') !== null", &[]) == Ok(true.into())
    })
}

/// The desk that may be driven: built with the feature `webdriver`, or named by `VEZNE_DESK_BINARY`.
#[must_use]
pub fn binary() -> PathBuf {
    std::env::var_os("VEZNE_DESK_BINARY").map_or_else(|| program("vezne"), PathBuf::from)
}

/// The desk as it is packaged, without that feature.
#[must_use]
pub fn packaged_binary() -> PathBuf {
    std::env::var_os("VEZNE_PACKAGED_BINARY").map_or_else(|| program("vezne-as-packaged"), PathBuf::from)
}
