//! A desk for one test.

use std::collections::HashMap;
use std::sync::atomic::AtomicU32;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use secrecy::SecretString;
use tokio::sync::broadcast;
use vezne_core::ids::OperatorId;
use vezne_core::record::Operator;
use vezne_core::rights::Role;
use vezne_home::{Home, OpenTill, Opening, PRACTICE_MARK, PagesFrom, SettingsFrom, hash_pin};
use vezne_sandbox::{FINROTA_API_KEY, FINROTA_SECRET_KEY, Sandbox, YOLCU360_KEY, YOLCU360_SECRET};
use vezne_till::Change;
use vezne_vault::{Credentials, PassphraseSource};

use crate::commands::{card, sale};
use crate::session::Session;
use crate::view::{
    AttemptView, MeansInput, MoneyView, OptionsQuestion, OptionsView, PayStop, SaleInput, SubjectInput, SupervisorInput,
};

/// The Finrota account.
pub(super) const COUNTER: &str = "counter";
/// The Yolcu360 account.
pub(super) const AGENCY: &str = "agency";
/// Approved at once without 3-D Secure.
pub(super) const CARD: &str = "4155650100416111";
pub(super) const PIN: &str = "4829150637";

/// Longer than anything here takes; a test that waits for it has failed.
const AT_MOST: Duration = Duration::from_secs(60);

pub(super) struct Rig {
    pub(super) session: Session,
    pub(super) sandbox: Sandbox,
    pub(super) cashier: OperatorId,
    open: OpenTill,
    folder: tempfile::TempDir,
}

impl Rig {
    /// A desk with both accounts, the cashier Ayşe and the supervisor Deniz.
    pub(super) async fn new() -> Self {
        let sandbox = vezne_sandbox::Settings { limit_rates: false, ..vezne_sandbox::Settings::default() };
        let sandbox = Sandbox::start(sandbox).await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let home = Home::at(folder.path());
        // Told so that the test leaves the keychain of whoever runs it alone.
        std::fs::write(folder.path().join("chain.key"), format!("{}\n", "a5".repeat(32))).unwrap();
        std::fs::write(home.config(), config(&sandbox)).unwrap();
        let login = |key: &str, secret: &str| Credentials::Pair { key: key.into(), secret: secret.into() };
        let logins = HashMap::from([
            (COUNTER.to_owned(), login(FINROTA_API_KEY, FINROTA_SECRET_KEY)),
            (AGENCY.to_owned(), login(YOLCU360_KEY, YOLCU360_SECRET)),
        ]);
        let opening = Opening {
            program: "test",
            passphrase: PassphraseSource::Environment,
            settings: SettingsFrom::File,
            logins,
            pages: PagesFrom::Loopback,
            opener: Arc::new(|_| Err("nobody opens a browser here".to_owned())),
            notices: Arc::new(|_| {}),
            settings_may_be_missing: false,
            care: None,
            new_chain_key: false,
        };
        let open = home.open_till(opening).await.unwrap();
        assert!(open.unavailable.is_empty(), "{:?}", open.unavailable);
        let cashier = add(&open, 1, "Ayşe", Role::Cashier).await;
        add(&open, 2, "Deniz", Role::Supervisor).await;
        let session = session(&open);
        Self { session, sandbox, cashier, open, folder }
    }

    /// A file of the home.
    pub(super) fn file(&self, name: &str) -> std::path::PathBuf {
        self.folder.path().join(name)
    }

    pub(super) async fn close(self) {
        let Self { session, sandbox, open, .. } = self;
        drop(session);
        open.close().await;
        sandbox.stop().await;
    }

    /// What the gateways really charged, in minor units.
    pub(super) fn charged(&self) -> Vec<i64> {
        self.sandbox.ledger().charges.iter().map(|charge| charge.amount_minor).collect()
    }

    /// The options for a card's first six digits and an amount in lira.
    pub(super) async fn options(&self, number: &str, amount: &str) -> OptionsView {
        let question = OptionsQuestion {
            account: COUNTER.to_owned(),
            bin: number[..6].to_owned(),
            amount: Some(lira(amount)),
            order: None,
        };
        sale::options_for(&self.session, question).await.unwrap()
    }

    /// Hands a card over, as the window does at Pay.
    pub(super) async fn hand_over(&self, number: &str) -> String {
        let card = card::card_of(&self.session, json(number).as_bytes()).unwrap();
        self.session.till.hold(card).await.to_string()
    }

    /// A sale of a reference with a card, without 3-D Secure, in one payment; the supervisor agrees.
    pub(super) async fn card_sale(&self, reference: &str, amount: &str, number: &str) -> SaleInput {
        let options = self.options(number, amount).await;
        let program = &options.programs[0];
        SaleInput {
            account: COUNTER.to_owned(),
            subject: SubjectInput::Reference { reference: reference.to_owned(), part: None },
            amount: Some(lira(amount)),
            amount_again: None,
            means: MeansInput::Card {
                held: self.hand_over(number).await,
                program: Some(program.id.clone()),
                installments: 1,
                shown_total: program.options[0].total.clone(),
                list: options.list,
                three_ds: false,
                in_browser: false,
            },
            operator: Some(self.cashier.to_string()),
            supervisor: Some(supervisor(PIN)),
            overrides: None,
            twin_confirmed: false,
        }
    }

    /// An order paid from the credit limit.
    pub(super) fn limit_sale(&self, order: &str) -> SaleInput {
        SaleInput {
            account: AGENCY.to_owned(),
            subject: SubjectInput::Order { order: order.to_owned() },
            amount: None,
            amount_again: None,
            means: MeansInput::CreditLimit,
            operator: None,
            supervisor: None,
            overrides: None,
            twin_confirmed: false,
        }
    }

    /// Begins a payment and follows it to its outcome.
    pub(super) async fn pay(&self, input: SaleInput) -> Result<AttemptView, PayStop> {
        let changes = self.session.till.changes();
        let begun = sale::begin(&self.session, input).await?;
        Ok(self.followed(changes, begun, |view| view.outcome.is_some()).await)
    }

    /// Follows an attempt until it is so.
    pub(super) async fn followed(
        &self,
        mut changes: broadcast::Receiver<Change>,
        mut view: AttemptView,
        so: impl Fn(&AttemptView) -> bool,
    ) -> AttemptView {
        while !so(&view) {
            let change = tokio::time::timeout(AT_MOST, changes.recv()).await;
            match change.unwrap_or_else(|_| panic!("still waiting: {view:?}")).unwrap() {
                Change::Attempt(changed) if changed.attempt.to_string() == view.attempt => view = (&*changed).into(),
                Change::Attempt(_)
                | Change::Reversal(_)
                | Change::Journal(_)
                | Change::Closed { .. }
                | Change::Comparing(_) => {}
            }
        }
        view
    }
}

fn session(open: &OpenTill) -> Session {
    Session {
        till: open.till.clone(),
        journal: Arc::clone(&open.journal),
        papers: open.papers.clone(),
        clock: Arc::clone(&open.ports.clock),
        settings: open.settings.clone(),
        accounts: open.accounts().clone(),
        windows: None,
        chain_key: open.chain_key.clone(),
        training: None,
        shown: Mutex::new(HashMap::new()),
        next_list: AtomicU32::new(1),
    }
}

async fn add(open: &OpenTill, number: u8, name: &str, role: Role) -> OperatorId {
    let pin_hash = hash_pin(SecretString::from(PIN), &open.chain_key).await.unwrap();
    let id = OperatorId::from_parts(open.ports.clock.now(), [number; 10]);
    let operator = Operator { id, name: name.parse().unwrap(), role, pin_hash };
    open.till.add_operator(operator, None).await.unwrap()
}

fn config(sandbox: &Sandbox) -> String {
    format!(
        r#"{PRACTICE_MARK}
[[account]]
name = "{COUNTER}"
gateway = "finrota"
base_url = "{}"
credentials = "sealed"
reversals = true
return_mode = "loopback"
currencies = ["TRY", "EUR", "USD"]
customer_ip = "203.0.113.7"
confirm_above = "5000.00"

[[account]]
name = "{AGENCY}"
gateway = "yolcu360"
base_url = "{}"
credentials = "sealed"
reversals = true
return_mode = "loopback"
currencies = ["TRY", "EUR", "USD"]

[timeouts]
pay_seconds = 2
"#,
        sandbox.finrota_url(),
        sandbox.yolcu360_url()
    )
}

/// A card as the window sends it.
pub(super) fn json(number: &str) -> String {
    format!(r#"{{"number":"{number}","holder":"AYŞE YILMAZ","expiry_month":12,"expiry_year":2030,"cvc":"123"}}"#)
}

pub(super) fn lira(amount: &str) -> MoneyView {
    MoneyView { amount: amount.to_owned(), currency: "TRY".to_owned() }
}

pub(super) fn supervisor(pin: &str) -> SupervisorInput {
    SupervisorInput { name: "deniz".to_owned(), pin: pin.into(), reason: "the terminal is broken".to_owned() }
}
