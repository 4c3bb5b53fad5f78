//! The product: a till with its journal and gateway, as `veznectl` and the desk use it.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use secrecy::SecretString;
use vezne_core::account::{Account, AccountRef, GatewayKind, PagePlace, ReturnRule, StatusQuery, Terms};
use vezne_core::attempt::{Outcome, Subject};
use vezne_core::card::{Brand, CardDetails, CardHolder, CardNumber, Cvc, Expiry};
use vezne_core::ids::{AccountId, AttemptId};
use vezne_core::money::{Currency, Money};
use vezne_core::options::Choice;
use vezne_core::ports::{Answer, BankPage, BankPages, Clock, Pins, Ports};
use vezne_core::time::Millis;
use vezne_gateway::{GatewayConfig, Login};
use vezne_home::{OsEntropy, SystemClock};
use vezne_till::{Change, PayMeans, PayRequest, Served, Till, TillParts};
use zeroize::Zeroizing;

/// A practice card whose payment is approved without a bank page: "3-D Secure is asked for and the gateway does without".
pub(crate) const CARD: &str = "4155650000001013";

/// Another amount each time, so that no sale is the twin of another.
pub(crate) fn amount(number: usize) -> String {
    format!("{}.{:02}", 100 + number / 100, number % 100)
}

/// A till at work.
pub(crate) struct Counter {
    till: Till,
    journal: Arc<vezne_journal::Journal>,
    account: AccountId,
}

impl Counter {
    pub(crate) async fn begin(base: &str, folder: &Path) -> Self {
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let home = folder.join("home");
        std::fs::create_dir(&home).expect("a folder");
        let lock = vezne_journal::Lock::acquire(&home).expect("the lock");
        let key = vezne_journal::ChainKey::new("bench", Zeroizing::new([7; 32]));
        let keys = vezne_journal::Keys::only(key);
        let opened = vezne_journal::Journal::open(lock, keys, Arc::new(OsEntropy), clock.now()).await;
        let (journal, _) = opened.expect("the journal");
        let journal = Arc::new(journal);
        let login = Login::Pair {
            key: SecretString::from(vezne_sandbox::FINROTA_API_KEY),
            secret: SecretString::from(vezne_sandbox::FINROTA_SECRET_KEY),
        };
        let mut config =
            GatewayConfig::new(GatewayKind::Finrota, base.parse().expect("an address"), Arc::clone(&clock));
        config.customer_ip = Some("127.0.0.1".to_owned());
        let endpoint = vezne_gateway::endpoint(&config, &login);
        let gateway = vezne_gateway::connect(config, login).expect("a gateway");
        let id: AccountId = "bench".parse().expect("an id");
        let account = Account {
            reference: AccountRef {
                id: id.clone(),
                name: "bench".parse().expect("a name"),
                gateway: GatewayKind::Finrota,
                endpoint,
            },
            terms: Terms {
                status_query: StatusQuery::On,
                return_rule: ReturnRule::Hint,
                challenge: Millis::minutes(10),
                pay_deadline: Millis::seconds(120),
                page: PagePlace::Browser,
            },
            reversals: false,
            credit_limit: false,
            currencies: vec![Currency::TRY],
            duplicate_window: Millis::minutes(10),
            confirm_above: None,
            void_until_minutes: 1439,
        };
        let ports = Ports {
            journal: journal.clone(),
            clock,
            entropy: Arc::new(OsEntropy),
            pages: Arc::new(NoPages),
            pins: Arc::new(NoPins),
        };
        let accounts = HashMap::from([(id.clone(), Served { account, gateway })]);
        let time_zone = jiff::tz::TimeZone::UTC;
        let till = Till::start(TillParts { ports, accounts, time_zone }).await.expect("the till");
        Self { till, journal, account: id }
    }

    /// One sale, from Pay to the outcome.
    pub(crate) async fn sale(&mut self, number: usize) {
        let mut changes = self.till.changes();
        let card = CardDetails {
            number: CardNumber::parse(CARD).expect("a number"),
            holder: CardHolder::parse("Test Test").expect("a name"),
            expiry: Expiry::parse(12, 2030).expect("a date"),
            cvc: Cvc::parse("123", Brand::Visa).expect("a code"),
        };
        let amount = Money::from_decimal_text(&amount(number), Currency::TRY).expect("an amount");
        let request = PayRequest {
            account: self.account.clone(),
            subject: Subject::Reference {
                reference: format!("bench {number}").parse().expect("a reference"),
                part: None,
            },
            amount: Some(amount),
            amount_again: None,
            means: PayMeans::Card {
                card: Box::new(card),
                choice: Choice { program: None, installments: 1, shown_total: None },
                shown: None,
                three_ds: true,
            },
            operator: None,
            authority: None,
            overrides: None,
            twin_confirmed: true,
            page: None,
        };
        let begun = self.till.pay(request).await.expect("a payment is begun");
        let outcome = outcome_of(&mut changes, begun.attempt).await;
        assert_eq!(outcome, Outcome::Approved);
    }

    pub(crate) async fn end(self) {
        self.till.close().await;
        drop(self.journal);
    }
}

async fn outcome_of(changes: &mut tokio::sync::broadcast::Receiver<Change>, attempt: AttemptId) -> Outcome {
    loop {
        if let Change::Attempt(view) = changes.recv().await.expect("the till tells")
            && view.attempt == attempt
            && let Some(outcome) = view.outcome
        {
            return outcome;
        }
    }
}

/// The measured card needs no bank page.
struct NoPages;

impl BankPages for NoPages {
    fn return_address(&self, _: AttemptId, _: &AccountRef, _: PagePlace) -> Answer<'_, Result<String, String>> {
        Box::pin(async { Ok("http://127.0.0.1:9/return".to_owned()) })
    }

    fn open(&self, _: AttemptId, _: BankPage) -> Answer<'_, Result<(), String>> {
        Box::pin(async { Err("no bank page is shown in a benchmark".to_owned()) })
    }

    fn close(&self, _: AttemptId) -> Answer<'_, ()> {
        Box::pin(async {})
    }
}

/// Nobody gives a PIN here.
struct NoPins;

impl Pins for NoPins {
    fn verify<'a>(&'a self, _: Option<&'a vezne_core::record::Operator>, _: &'a str) -> Answer<'a, bool> {
        Box::pin(async { false })
    }

    fn can_verify<'a>(&'a self, _: &'a vezne_core::record::Operator) -> Answer<'a, bool> {
        Box::pin(async { false })
    }
}
