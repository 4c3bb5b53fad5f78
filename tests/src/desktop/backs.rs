//! Money back on the desk's screens: from History to one payment, and a supervisor's answer for it.

use super::window::Window;
use crate::desk::{SUPERVISOR, SUPERVISOR_PIN};

impl Window {
    /// Opens the page of the payment for this reference or order.
    pub fn open_payment(&self, subject: &str) {
        self.press("History");
        self.fill("Search", subject);
        self.press(subject);
        self.wait_for_text("Back to History");
        let _there = self.find("heading", "Give money back");
    }

    /// A supervisor answers for what the open dialog asks, by the button with this name.
    pub fn supervisor_agrees(&self, button: &str) {
        self.supervisor_is_there();
        self.press(button);
        // Its fields go while it is done; the dialog stays until it has been.
        let asked = "return document.querySelector('dialog[open]') !== null";
        self.wait(&format!("the end of what {SUPERVISOR} was asked"), || {
            (self.page().try_run(asked, &[]) == Ok(false.into())).then_some(())
        });
    }

    /// A supervisor's PIN and reason stand in the open dialog; its button is not pressed yet.
    pub fn supervisor_is_there(&self) {
        let _who = self.find("combobox", "Supervisor");
        self.fill("PIN", SUPERVISOR_PIN);
        self.fill("Reason", "car was not available");
    }

    /// Gives a part back.
    pub fn refund_part(&self, amount: &str) {
        self.press("Refund a part");
        self.fill("How much goes back", amount);
        self.supervisor_agrees(&format!("Refund {amount} TRY"));
    }

    /// Says what was seen in the portal, and that it was looked at.
    pub fn saw_in_portal(&self, field: &str, tick: &str) {
        self.fill(field, "portal 4711");
        self.click("switch", tick);
    }
}
