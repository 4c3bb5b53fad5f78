//! What a test needs around a gateway: a clock that stands still, an account, a card, an attempt.

use std::sync::Arc;
use std::time::Duration;

use secrecy::SecretString;
use tokio::sync::watch;
use vezne_core::account::{AccountRef, GatewayKind, PagePlace, ReturnRule, StatusQuery, Terms};
use vezne_core::attempt::{Asking, Attempt, CardMeans, Intent, Means, Page, Returns, State, Subject, ThreeDs};
use vezne_core::card::{Bin, CardDetails, CardHolder, CardNumber, Cvc, Expiry};
use vezne_core::evidence::SupervisorWord;
use vezne_core::ids::{AttemptId, AttemptReference, OperatorId, PaymentId, ReversalId};
use vezne_core::money::{Currency, Money};
use vezne_core::options::{InstallmentOption, OptionList, Plan};
use vezne_core::ports::{Answer, Clock, Gateway, OptionsQuestion, OptionsTicket, PayCall, PayResult};
use vezne_core::reversal::{self, Kind, Target};
use vezne_core::time::{Millis, Timestamp};
use vezne_gateway::{Deadlines, GatewayConfig, Login, connect, endpoint};

use crate::server::{Act, Request, Server, json};

pub(crate) const CARD: &str = "4155650100416111";
pub(crate) const CVC: &str = "987";
pub(crate) const RETURN_URL: &str = "vezne://return/nonce";

/// Noon on 21 November 2026, UTC.
pub(crate) const NOON: Timestamp = Timestamp::from_millis(1_795_262_400_000);

/// A clock that moves only when it is told to.
pub(crate) struct StandingClock(watch::Sender<Timestamp>);

impl StandingClock {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self(watch::channel(NOON).0))
    }

    pub(crate) fn advance(&self, span: Millis) {
        self.0.send_modify(|now| *now = now.after(span));
    }
}

impl Clock for StandingClock {
    fn now(&self) -> Timestamp {
        *self.0.borrow()
    }

    fn sleep_until(&self, until: Timestamp) -> Answer<'static, ()> {
        let mut moments = self.0.subscribe();
        Box::pin(async move {
            let _now = moments.wait_for(|now| *now >= until).await.expect("the clock lives as long as the test");
        })
    }
}

/// Deadlines short enough for tests of silence and long enough for a busy machine.
pub(crate) fn deadlines() -> Deadlines {
    Deadlines {
        connect: Duration::from_secs(5),
        sign_in: Duration::from_secs(5),
        options: Duration::from_secs(5),
        status: Duration::from_secs(5),
        pay: Duration::from_secs(10),
        reversal: Duration::from_secs(10),
        limiter_wait: Duration::from_secs(60),
    }
}

pub(crate) fn pair() -> Login {
    Login::Pair { key: SecretString::from("the-key-of-the-desk"), secret: SecretString::from("the-secret-of-the-desk") }
}

/// An account at a scripted server.
pub(crate) struct World {
    pub(crate) server: Server,
    pub(crate) clock: Arc<StandingClock>,
    pub(crate) config: GatewayConfig,
    pub(crate) gateway: Arc<dyn Gateway>,
}

impl World {
    /// `script` answers what the sign-in (and, at Finrota, the options) do not.
    pub(crate) async fn new(kind: GatewayKind, script: impl Fn(&Request) -> Act + Send + Sync + 'static) -> Self {
        Self::with(kind, script, |_| {}).await
    }

    pub(crate) async fn with(
        kind: GatewayKind,
        script: impl Fn(&Request) -> Act + Send + Sync + 'static,
        change: impl FnOnce(&mut GatewayConfig),
    ) -> Self {
        Self::bare(kind, move |request| ordinary(request).unwrap_or_else(|| script(request)), change, pair()).await
    }

    /// Without any ordinary answer.
    pub(crate) async fn bare(
        kind: GatewayKind,
        script: impl Fn(&Request) -> Act + Send + Sync + 'static,
        change: impl FnOnce(&mut GatewayConfig),
        login: Login,
    ) -> Self {
        let server = Server::start(script).await;
        let clock = StandingClock::new();
        let handle: Arc<dyn Clock> = Arc::<StandingClock>::clone(&clock);
        let mut config = GatewayConfig::new(kind, server.url().parse().expect("an address"), handle);
        config.deadlines = deadlines();
        config.customer_ip = Some("78.190.57.187".to_owned());
        config.reversals = true;
        change(&mut config);
        let gateway = connect(config.clone(), login).expect("an account on loop-back");
        Self { server, clock, config, gateway }
    }

    pub(crate) fn intent(&self, subject: Subject, means: Means) -> Intent {
        intent(&self.config, subject, means)
    }

    /// An attempt by card for the reference (Finrota) or order (Yolcu360) of all tests.
    pub(crate) fn card_intent(&self, plan: Plan) -> Intent {
        card_intent(&self.config, plan)
    }

    /// Asks for options (Finrota) and gets ready, as the till does before it sends.
    pub(crate) async fn prepared(&self) -> (Intent, Option<OptionsTicket>) {
        let prepared = match self.config.kind {
            GatewayKind::Finrota => {
                let (list, ticket) = self.finrota_options().await;
                (self.card_intent(plan_of(&list, 3)), Some(ticket))
            }
            GatewayKind::Yolcu360 => (self.card_intent(some_plan()), None),
        };
        self.gateway.get_ready().await.expect("a slot and a token");
        prepared
    }

    pub(crate) async fn finrota_options(&self) -> (OptionList, OptionsTicket) {
        let question = OptionsQuestion::Amount { bin: bin("41556501"), amount: lira(54_500) };
        self.gateway.options(question).await.expect("options")
    }

    /// Prepares and pays by card.
    pub(crate) async fn pay(&self) -> PayResult {
        let (intent, ticket) = self.prepared().await;
        self.send(&intent, ticket).await
    }

    /// Sends without preparing.
    pub(crate) async fn send(&self, intent: &Intent, ticket: Option<OptionsTicket>) -> PayResult {
        let card = card();
        self.gateway.pay(PayCall { intent, card: Some(&card), return_url: RETURN_URL, ticket }).await
    }

    /// An attempt that was sent.
    pub(crate) fn attempt(&self) -> Attempt {
        Attempt {
            intent: self.card_intent(some_plan()),
            opened: NOON,
            state: State::Ready,
            since: NOON,
            outcome_since: NOON,
            sent: Some(NOON),
            baseline: None,
            heard: None,
            page: Page::None,
            moved: false,
            returns: Returns::default(),
            asking: Asking::default(),
            contradiction: None,
            answered: None,
            alarms: Vec::new(),
        }
    }

    pub(crate) fn reversal(&self, kind: Kind, minor: i64) -> reversal::Intent {
        let intent = self.card_intent(some_plan());
        let target = match &intent.subject {
            Subject::Order(order) => Target::Order(order.clone()),
            Subject::Reference { .. } => {
                Target::Transaction { number: "REF-77".parse().expect("a text"), reference: intent.reference.clone() }
            }
        };
        reversal::Intent {
            reversal: ReversalId::from_parts(NOON, [4; 10]),
            payment: intent.payment,
            attempt: intent.attempt,
            account: intent.account,
            kind,
            amount: lira(minor),
            target,
            word: SupervisorWord {
                operator: OperatorId::from_parts(NOON, [5; 10]),
                reason: "customer \"changed\" plans".parse().expect("a reason"),
                saw: None,
            },
        }
    }
}

fn intent(config: &GatewayConfig, subject: Subject, means: Means) -> Intent {
    let account = AccountRef {
        id: "acc".parse().expect("an id"),
        name: "Counter".parse().expect("a name"),
        gateway: config.kind,
        endpoint: endpoint(config, &pair()),
    };
    Intent {
        payment: PaymentId::from_parts(NOON, [1; 10]),
        attempt: AttemptId::from_parts(NOON, [2; 10]),
        reference: AttemptReference::from_random([3; 16]),
        account,
        subject,
        base: Some(lira(54_500)),
        means,
        terms: Terms {
            status_query: StatusQuery::On,
            return_rule: ReturnRule::Hint,
            challenge: Millis::minutes(10),
            pay_deadline: Millis::seconds(120),
            page: PagePlace::Window,
        },
        operator: None,
        overrides: None,
        follows: None,
        behind_decline: false,
    }
}

fn card_intent(config: &GatewayConfig, plan: Plan) -> Intent {
    let means = CardMeans { card: card().number.summary(), holder: None, plan, three_ds: ThreeDs::Asked };
    intent(config, subject(config.kind), Means::Card(Box::new(means)))
}

fn subject(kind: GatewayKind) -> Subject {
    match kind {
        GatewayKind::Finrota => Subject::Reference { reference: "BOOKING-1".parse().expect("a reference"), part: None },
        GatewayKind::Yolcu360 => Subject::Order("order_1".parse().expect("an order")),
    }
}

/// An attempt by card without a server.
pub(crate) fn intent_at(kind: GatewayKind) -> Intent {
    let address = "https://gateway.example/".parse().expect("an address");
    card_intent(&GatewayConfig::new(kind, address, StandingClock::new()), some_plan())
}

/// The sign-ins, and Finrota's options.
pub(crate) fn ordinary(request: &Request) -> Option<Act> {
    match request.path() {
        "/auth/api/token/connect" => {
            Some(json(200, r#"{"expiry":"2026-11-22T12:00:00.6884225Z","token":"token-of-finrota-1","type":"Bearer"}"#))
        }
        "/auth/login" => Some(json(
            200,
            r#"{"accessToken":"token-of-yolcu-1","refreshToken":"refresh-1","accessTokenExpireAt":"2026-11-22T12:00:00Z","user":{}}"#,
        )),
        "/b2c/paymentOptions" => Some(json(200, OPTIONS)),
        _ => None,
    }
}

/// An answer like the document's, for 545.00 TRY.
pub(crate) const OPTIONS: &str = r#"[{"id":7,"name":"World","postTitle":"Bank POS","isDefaultPos":true,"installments":[
    {"currencyId":"TRY","amount":545.00,"installment":1,"installmentAmount":545.0000,"token":"installment-token-1","processAmount":545.00,"commRate":0.0000,"posId":3,"commApplyTypeId":1},
    {"currencyId":"TRY","amount":555.0,"installment":3,"installmentAmount":185.00,"token":"installment-token-3","processAmount":555.00,"commRate":1.8349,"posId":3,"commApplyTypeId":1}]}]"#;

pub(crate) fn plan_of(list: &OptionList, installments: u8) -> Plan {
    let program = list.programs.first().expect("a program");
    let option = program.options.iter().find(|option| option.installments == installments).expect("such an option");
    Plan { program: None, program_name: program.name.clone(), option: option.clone() }
}

pub(crate) fn some_plan() -> Plan {
    let option = InstallmentOption { installments: 3, monthly: lira(18_500), total: lira(55_500), commission: None };
    Plan { program: None, program_name: None, option }
}

pub(crate) fn card() -> CardDetails {
    let number = CardNumber::parse(CARD).expect("the document's test card");
    let cvc = Cvc::parse(CVC, number.brand()).expect("a code");
    let holder = CardHolder::parse("Ayşe Işık").expect("a name");
    CardDetails { number, holder, expiry: Expiry::parse(2, 2029).expect("a month"), cvc }
}

pub(crate) fn lira(minor: i64) -> Money {
    Money::from_minor(minor, Currency::TRY)
}

pub(crate) fn bin(digits: &str) -> Bin {
    Bin::parse(digits).expect("a BIN")
}
