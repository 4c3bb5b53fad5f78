//! `make run` without a display: opens the desk for the first time on a virtual one, goes into training mode, takes a whole
//! 3-D Secure sale in the real window, and leaves a picture of each screen in the folder that its argument names.
//!
//! What it does it says, and it ends badly when the desk says something else than it should.

#[cfg(target_os = "linux")]
fn main() -> std::process::ExitCode {
    match (std::env::args_os().nth(1), std::env::args_os().nth(2)) {
        (Some(folder), None) => play::all(std::path::PathBuf::from(folder)),
        _ => return std::process::ExitCode::from(2),
    }
    std::process::ExitCode::SUCCESS
}

#[cfg(not(target_os = "linux"))]
fn main() -> std::process::ExitCode {
    // A virtual display is an affair of X11; elsewhere there is a real one.
    std::process::ExitCode::from(2)
}

#[cfg(target_os = "linux")]
mod play {
    #![expect(clippy::panic, reason = "the play ends where the desk does not do as it should")]
    #![expect(clippy::print_stdout, reason = "it tells what it does")]

    use std::path::PathBuf;

    use vezne_tests::desk::{AtTheBank, Desk, card_of};
    use vezne_tests::desktop::pages::{CardSale, Subject, title};
    use vezne_tests::desktop::window::{BankWindows, Window, wishes};

    /// The training accounts' names.
    const COUNTER: &str = "Practice desk";
    const AGENCY: &str = "Practice agency";

    /// The desk, and where its pictures go.
    struct Play {
        window: Window,
        folder: PathBuf,
        taken: u32,
    }

    /// The whole play.
    pub(super) fn all(folder: PathBuf) {
        let folder = ok(std::path::absolute(folder));
        // A home without accounts, as on the very first day: the practice gateways are the program's own.
        let desk = Desk::with(wishes());
        ok(std::fs::remove_file(desk.home().join("config.toml")));
        let window = Window::over(desk, BankWindows::Shared, AtTheBank::Pays);
        let mut play = Play { window, folder, taken: 0 };
        play.first_start();
        play.sale_in_installments();
        play.declined();
        play.limit_pays();
        play.unknown();
        play.looking_back();
        play.in_turkish_and_dark();
        println!(
            "A 3-D Secure sale and three others were played in the real window; {} pictures of it are in {}/.",
            play.taken,
            play.folder.display()
        );
    }

    fn ok<T, E: std::fmt::Display>(result: Result<T, E>) -> T {
        result.unwrap_or_else(|error| panic!("{error}"))
    }

    impl Play {
        /// A picture of what the desk's window shows.
        fn picture(&mut self, name: &str, what: &str) {
            // Pictures wait for fonts, for what still moves, and until what changed last has been drawn.
            let drawn = "const mark = document.documentElement.dataset; delete mark.drawn; requestAnimationFrame(() => requestAnimationFrame(() => { mark.drawn = ''; }))";
            self.window.page().run(drawn, &[]);
            let settled = "return document.fonts.status === 'loaded' && 'drawn' in document.documentElement.dataset && document.getAnimations().every((one) => one.playState !== 'running' || one.effect.getComputedTiming().iterations === Infinity)";
            self.window.wait("the screen to stand still", || {
                (self.window.page().try_run(settled, &[]) == Ok(true.into())).then_some(())
            });
            let file = self.next_file(name);
            let desk = self.window.screen().wait_for_window("Vezne");
            self.window.screen().picture_of(&desk, &file);
            println!("  {}: {what}", file.display());
        }

        /// A picture of the whole display, which shows the bank's window over the desk.
        fn picture_of_all(&mut self, name: &str, what: &str) {
            let file = self.next_file(name);
            self.window.screen().picture(&file);
            println!("  {}: {what}", file.display());
        }

        fn next_file(&mut self, name: &str) -> PathBuf {
            self.taken = self.taken.saturating_add(1);
            self.folder.join(format!("{:02}-{name}.png", self.taken))
        }

        fn first_start(&mut self) {
            println!("The desk opens for the first time.");
            let _choice = self.window.find("button", "Try it in training mode");
            self.picture("first-start", "the first start");
            self.window.press("Try it in training mode");
            self.window.wait_for_sale();
            self.window.press("Practice cards");
            let _drawer = self.window.find("heading", "What to practise with");
            self.picture("practice", "training mode: the practice cards and orders, and what each does");
            self.escape("What to practise with");
        }

        /// Leaves what shows this text. With a real key, as the driver's own would go to whatever it looked at last.
        fn escape(&self, text: &str) {
            let desk = self.window.screen().wait_for_window("Vezne");
            self.window.screen().focus(&desk);
            self.window.screen().press("Escape");
            self.window.wait("the end of a dialog", || (!self.window.text().contains(text)).then_some(()));
        }

        fn sale_in_installments(&mut self) {
            println!("A sale of 545.00 TRY in 3 installments.");
            let sale = CardSale {
                account: COUNTER,
                subject: Subject::Reference("RES-20261121-0418", "545.00"),
                number: card_of("approve"),
                installments: 3,
            };
            self.window.key_in(&sale);
            self.picture("sale", "Sale: what is owed, the card, the choice");
            self.window.pay(sale.installments);
            self.window.at_the_bank("code");
            self.window.wait_for_heading(title::AT_BANK);
            self.picture_of_all("at-the-bank", "At the bank: the bank's window over the desk");
            self.window.customer_confirms();
            self.ends(title::APPROVED);
            self.picture("approved", "Approved");
            self.window.press("Receipt");
            self.window.wait_for_text("this will be the original");
            self.picture("receipt", "Its receipt, before it is printed, saved or sent");
            self.escape("Language of the paper");
            self.window.next_sale();
        }

        fn declined(&mut self) {
            println!("A card without enough money.");
            let sale = CardSale {
                account: COUNTER,
                subject: Subject::Reference("RES-20261121-0419", "120.00"),
                number: card_of("decline_2002_402"),
                installments: 1,
            };
            self.window.take(&sale);
            self.ends(title::DECLINED);
            self.picture("declined", "Declined: why, and what to do next");
        }

        fn limit_pays(&mut self) {
            println!("A rental order from the credit limit.");
            self.window.press("Sale");
            self.window.wait_for_sale();
            self.window.pay_from_limit(AGENCY, "order_1002");
            self.ends(title::APPROVED);
            self.picture("order-from-limit", "An order paid from the agency's credit limit");
            self.window.next_sale();
        }

        fn unknown(&mut self) {
            println!("The connection is cut before the answer.");
            let sale = CardSale {
                account: COUNTER,
                subject: Subject::Reference("RES-20261121-0420", "80.00"),
                number: card_of("cut_before"),
                installments: 1,
            };
            self.window.take(&sale);
            self.ends(title::UNKNOWN);
            self.picture("not-known-yet", "Not known yet: one instruction, and what is being done");
            self.window.press("Attention");
            self.window.wait_for_text("RES-20261121-0420");
            self.picture("attention", "Needs attention");
        }

        fn looking_back(&mut self) {
            println!("Looking back.");
            self.window.press("History");
            self.window.wait_for_text("RES-20261121-0418");
            self.picture("history", "History");
            self.window.open_payment("RES-20261121-0418");
            self.window.wait_for_text("it can be voided until");
            self.picture("payment", "One payment: every step, and what of it may go back");
            println!("The day is closed.");
            self.window.press("Close");
            self.window.press("Close the day: no. 1");
            self.window.wait_for_text("Keep it on paper");
            self.picture("day-close", "Day close: what came in, what is not settled, and the anchor to keep on paper");
            self.window.press("Settings");
            self.window.wait_for_text("Training");
            self.picture("settings", "Settings");
        }

        fn in_turkish_and_dark(&mut self) {
            println!("In Turkish, and dark.");
            self.window.press("Language and theme");
            self.window.click("radio", "Dark");
            self.window.click("radio", "Türkçe");
            let _switched = self.window.find("radio", "Koyu");
            self.picture("ayarlar", "Settings in Turkish, dark");
            self.window.press("Satış");
            let _number = self.window.find("textbox", "Kart numarası");
            self.picture("satis", "Sale in Turkish, dark");
        }

        fn ends(&self, outcome: &str) {
            let ended = self.window.outcome();
            assert!(ended == outcome, "the desk says {ended:?} instead of {outcome:?}:\n{}", self.window.text());
            println!("  {outcome}.");
        }
    }
}
