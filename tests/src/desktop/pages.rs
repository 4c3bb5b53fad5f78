//! What stands on the desk's screens, found by role and accessible name, as a person or a screen reader finds it. All words
//! and selectors of the screens are in this file.

use serde_json::Value;

use super::driver::{Driver, Element};
use super::window::Window;

/// What the headings of an attempt's screen say.
pub mod title {
    /// The customer is at the bank.
    pub const AT_BANK: &str = "At the bank";
    /// Money moved.
    pub const APPROVED: &str = "Approved";
    /// No money moved.
    pub const DECLINED: &str = "Declined";
    /// Not processed.
    pub const REFUSED: &str = "Refused";
    /// Nothing left the desk.
    pub const NOT_SENT: &str = "Not sent";
    /// It is not known.
    pub const UNKNOWN: &str = "Not known yet";
    /// Those at which an attempt may come to rest.
    pub const OUTCOMES: [&str; 5] = [APPROVED, DECLINED, REFUSED, NOT_SENT, UNKNOWN];
}

/// Finds the visible element with a role and a name: exactly that name, else one that begins so, else one that has it.
/// A name is what assistive technology would say: `aria-label`, `aria-labelledby`, `<label>`, else its text.
const FIND: &str = r#"
const [role, wanted] = arguments;
const selectors = {
  textbox: 'input:not([type=checkbox]):not([type=radio]):not([type=button]):not([type=submit]), textarea, [role=textbox], [role=searchbox]',
  button: 'button, [role=button], input[type=submit], input[type=button], summary',
  radio: 'input[type=radio], [role=radio], [role=option]',
  switch: '[role=switch], input[type=checkbox], [role=checkbox]',
  combobox: 'select, [role=combobox]',
  heading: 'h1, h2, h3, [role=heading]',
  link: 'a[href], [role=link]',
  dialog: 'dialog[open], [role=dialog], [role=alertdialog]',
};
const dialogs = document.querySelectorAll('dialog[open]');
const scope = dialogs[dialogs.length - 1] ?? document;
const plain = (text) => (text ?? '').replace(/\s+/g, ' ').trim();
const shown = (element) => {
  if (element.getClientRects().length > 0) return getComputedStyle(element).visibility !== 'hidden';
  return false;
};
const nameOf = (element) => {
  if (element.hasAttribute('aria-label')) return plain(element.getAttribute('aria-label'));
  const by = element.getAttribute('aria-labelledby');
  if (by) return plain(by.split(/\s+/).map((id) => document.getElementById(id)?.textContent).join(' '));
  if (element.labels?.length) return plain([...element.labels].map((label) => label.textContent).join(' '));
  return plain(element.textContent || element.value || element.placeholder || element.title);
};
let best = null;
let rank = 9;
for (const element of scope.querySelectorAll(selectors[role] ?? role)) {
  if (!shown(element) && role !== 'radio' && role !== 'switch') continue;
  const name = nameOf(element);
  const at = name === wanted ? 0 : name.startsWith(wanted) ? 1 : name.includes(wanted) ? 2 : 9;
  if (at < rank) { best = element; rank = at; }
}
// A radio button is drawn by its label.
return role === 'radio' ? (best?.closest('label') ?? best) : best;
"#;

/// Everything that the page says, one blank between words.
const TEXT: &str = "return document.body.innerText.replace(/\\s+/g, ' ')";

/// What is paid for.
#[derive(Debug, Clone, Copy)]
pub enum Subject<'a> {
    /// A reference of this desk, and its amount.
    Reference(&'a str, &'a str),
    /// A rental order.
    Order(&'a str),
}

/// A card sale as a cashier keys it in.
#[derive(Debug, Clone, Copy)]
pub struct CardSale<'a> {
    /// The account's name.
    pub account: &'a str,
    /// What for.
    pub subject: Subject<'a>,
    /// The card's number.
    pub number: &'a str,
    /// How many installments.
    pub installments: u8,
}

/// How the Pay button ends.
fn in_plan(installments: u8) -> String {
    if installments == 1 { "in one payment".to_owned() } else { format!("in {installments} installments") }
}

/// The element with a role and a name, if it stands there now.
#[must_use]
pub fn seek(driver: &Driver, role: &str, name: &str) -> Option<Element> {
    driver.try_run(FIND, &[role.into(), name.into()]).ok().and_then(|found| Driver::element(&found))
}

impl Window {
    /// The element with a role and a name on the desk's page, when it comes.
    #[must_use]
    pub fn find(&self, role: &str, name: &str) -> Element {
        let driver = self.page();
        self.wait(&format!("the {role} {name:?}"), || seek(driver, role, name))
    }

    /// Whether an element stands there now.
    #[must_use]
    pub fn shows(&self, role: &str, name: &str) -> bool {
        seek(self.page(), role, name).is_some()
    }

    /// Everything that the desk's page says.
    #[must_use]
    pub fn text(&self) -> String {
        self.page().run(TEXT, &[]).as_str().unwrap_or_default().to_owned()
    }

    /// Waits until the desk's page says this.
    pub fn wait_for_text(&self, text: &str) {
        self.wait(&format!("the words {text:?}"), || self.text().contains(text).then_some(()));
    }

    /// Waits for a button that can be pressed, and clicks it.
    pub fn press(&self, name: &str) {
        self.click("button", name);
    }

    /// Waits for something that can be clicked, and clicks it.
    pub fn click(&self, role: &str, name: &str) {
        let driver = self.page();
        self.wait(&format!("a {role} {name:?} that can be clicked"), || {
            let found = seek(driver, role, name)?;
            let usable = "return !arguments[0].matches(':disabled, [aria-disabled=\"true\"]')";
            let usable = driver.try_run(usable, &[Driver::argument(&found)]).ok()? == Value::Bool(true);
            (usable && driver.click(&found).is_ok()).then_some(())
        });
    }

    /// Types into a field.
    pub fn fill(&self, name: &str, text: &str) {
        let field = self.find("textbox", name);
        // What stands in it already is typed over, as a person does it.
        let select = "arguments[0].focus(); arguments[0].select(); return true";
        let _a_field_that_went_is_missed_below = self.page().try_run(select, &[Driver::argument(&field)]);
        self.page().type_into(&field, text);
    }

    /// Types into a field with real keys, of which the driver learns nothing.
    pub fn type_in(&self, name: &str, text: &str) {
        let field = self.find("textbox", name);
        let desk = self.screen().wait_for_window("Vezne");
        let focus = "arguments[0].focus(); arguments[0].select(); return document.activeElement === arguments[0]";
        self.wait(&format!("the keyboard in {name:?}"), || {
            self.screen().focus(&desk);
            (self.page().try_run(focus, &[Driver::argument(&field)]).ok()? == Value::Bool(true)).then_some(())
        });
        self.screen().type_text(text);
    }

    /// Chooses the merchant account.
    pub fn choose_account(&self, name: &str) {
        let picker = format!("Merchant account: {name}");
        if self.shows("button", &picker) {
            return;
        }
        self.press("Merchant account");
        self.press(name);
        let _chosen = self.find("button", &picker);
    }

    /// Waits until a sale can be keyed in.
    pub fn wait_for_sale(&self) {
        let _number = self.find("textbox", "Card number");
    }

    /// Keys in a card sale, up to the Pay button.
    pub fn key_in(&self, sale: &CardSale<'_>) {
        self.choose_account(sale.account);
        self.fill_subject(sale.subject);
        self.fill("Card number", sale.number);
        self.fill("Name on card", "Deneme Müşteri");
        self.fill("Expiry", "1230");
        self.fill("Security code", if sale.number.len() == 15 { "1234" } else { "123" });
        self.choose_plan(sale.installments);
    }

    fn fill_subject(&self, subject: Subject<'_>) {
        match subject {
            Subject::Reference(reference, amount) => {
                self.fill("Reference", reference);
                self.fill("Amount", amount);
            }
            Subject::Order(order) => self.fill("Order id", order),
        }
    }

    /// Keys in a card sale up to the Pay button, the card with real keys: a driver would keep copies of its own.
    pub fn key_in_by_hand(&self, sale: &CardSale<'_>, code: &str) {
        self.choose_account(sale.account);
        self.fill_subject(sale.subject);
        self.type_in("Card number", sale.number);
        self.type_in("Name on card", "Deneme Müşteri");
        self.type_in("Expiry", "1230");
        self.type_in("Security code", code);
        self.choose_plan(sale.installments);
    }

    /// Chooses a plan; the button then says what it will take.
    fn choose_plan(&self, installments: u8) {
        let name = if installments == 1 { "Single payment".to_owned() } else { format!("{installments} installments") };
        let says = in_plan(installments);
        let driver = self.page();
        // A list that is being asked for anew takes no choice.
        self.wait(&format!("the plan {name:?}"), || {
            let plan = seek(driver, "radio", &name)?;
            let clicked = driver.click(&plan);
            (clicked.is_ok() && seek(driver, "button", &says).is_some()).then_some(())
        });
    }

    /// Presses the button that takes the money in this plan.
    pub fn pay(&self, installments: u8) {
        self.press(&in_plan(installments));
    }

    /// Keys in a card sale and pays.
    pub fn take(&self, sale: &CardSale<'_>) {
        self.key_in(sale);
        self.pay(sale.installments);
    }

    /// Pays an order from the credit limit.
    pub fn pay_from_limit(&self, account: &str, order: &str) {
        self.choose_account(account);
        self.fill_subject(Subject::Order(order));
        self.click("radio", "Credit limit");
        self.press("from the credit limit");
    }

    /// What the attempt's heading says.
    #[must_use]
    pub fn heading(&self) -> String {
        let heading = "const h = document.querySelector('h2[tabindex=\"-1\"]'); return h ? h.textContent.trim() : ''";
        self.page().try_run(heading, &[]).ok().and_then(|text| text.as_str().map(str::to_owned)).unwrap_or_default()
    }

    /// Waits until the attempt's screen has this heading.
    pub fn wait_for_heading(&self, title: &str) {
        self.wait(&format!("the heading {title:?}"), || (self.heading() == title).then_some(()));
    }

    /// Waits for an outcome and says which.
    #[must_use]
    pub fn outcome(&self) -> String {
        self.wait("an outcome", || Some(self.heading()).filter(|title| title::OUTCOMES.contains(&title.as_str())))
    }

    /// From an outcome to the next sale.
    pub fn next_sale(&self) {
        self.press("Next sale");
        self.wait_for_sale();
    }
}
