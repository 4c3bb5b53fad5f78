//! The desk under test.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use vezne_core::account::{Account, GatewayKind};
use vezne_core::answers::{OrderState, StatusAnswer};
use vezne_core::ids::{AttemptId, OperatorId, ReversalId};
use vezne_core::ports::Ports;
use vezne_core::record::Operator;
use vezne_core::rights::Role;
use vezne_core::time::Timestamp;
use vezne_till::{AttemptView, PayRequest, ReversalView, Served, Till, TillParts};

use super::clock::{Counting, FakeClock, START};
use super::gateway::{FakeGateway, FakePages, FakePins};
use super::journal::MemoryJournal;
use super::log::Log;
use super::samples::{account, facts};

/// Longer than any schedule of the rules, in seconds: what has not come by then never comes.
const NEVER: Duration = Duration::from_secs(40 * 86_400);

pub(crate) struct Rig {
    pub(crate) log: Log,
    pub(crate) clock: Arc<FakeClock>,
    pub(crate) journal: Arc<MemoryJournal>,
    pub(crate) pages: Arc<FakePages>,
    pub(crate) finrota: Arc<FakeGateway>,
    pub(crate) yolcu: Arc<FakeGateway>,
    pub(crate) pins: Arc<FakePins>,
    /// What the next start finds in the settings.
    pub(crate) finrota_account: Account,
    pub(crate) yolcu_account: Account,
    entropy: Arc<Counting>,
    till: Option<Till>,
}

/// Lets everything run that can run without time passing.
pub(crate) async fn settle_down() {
    for _ in 0..400 {
        tokio::task::yield_now().await;
    }
}

impl Rig {
    /// A desk with both accounts and the supervisor Şefika.
    pub(crate) async fn start() -> Self {
        Self::start_with(|_| {}).await
    }

    /// The same, with the settings changed first.
    pub(crate) async fn start_with(change: impl FnOnce(&mut Self)) -> Self {
        let log = Log::default();
        let clock = Arc::new(FakeClock::new());
        let mut rig = Self {
            clock: Arc::clone(&clock),
            journal: Arc::new(MemoryJournal::new(log.clone())),
            pages: Arc::new(FakePages::new(log.clone())),
            pins: Arc::new(FakePins::new()),
            finrota: Arc::new(FakeGateway::new(log.clone(), Arc::clone(&clock))),
            yolcu: Arc::new(FakeGateway::new(log.clone(), clock)),
            finrota_account: account(GatewayKind::Finrota),
            yolcu_account: account(GatewayKind::Yolcu360),
            entropy: Arc::default(),
            till: None,
            log,
        };
        rig.yolcu.status.always(|_| StatusAnswer::Order(facts(OrderState::Reserved, Some("p1"))));
        change(&mut rig);
        rig.open().await;
        rig.till().add_operator(operator("Şefika", Role::Supervisor, 1), None).await.unwrap();
        rig.log.clear();
        rig
    }

    async fn open(&mut self) {
        let served = |account: &Account, gateway: &Arc<FakeGateway>| Served {
            account: account.clone(),
            gateway: Arc::<FakeGateway>::clone(gateway),
        };
        let accounts = HashMap::from([
            (self.finrota_account.reference.id.clone(), served(&self.finrota_account, &self.finrota)),
            (self.yolcu_account.reference.id.clone(), served(&self.yolcu_account, &self.yolcu)),
        ]);
        let ports = Ports {
            journal: Arc::<MemoryJournal>::clone(&self.journal),
            clock: Arc::<FakeClock>::clone(&self.clock),
            entropy: Arc::<Counting>::clone(&self.entropy),
            pages: Arc::<FakePages>::clone(&self.pages),
            pins: Arc::<FakePins>::clone(&self.pins),
        };
        let time_zone = jiff::tz::TimeZone::fixed(jiff::tz::offset(3));
        self.till = Some(Till::start(TillParts { ports, accounts, time_zone }).await.unwrap());
    }

    /// The desk's process ends without a word, and a new one opens the same journal.
    pub(crate) async fn restart(&mut self) {
        self.stop().await;
        self.open().await;
        settle_down().await;
    }

    /// The desk's process ends without a word.
    pub(crate) async fn stop(&mut self) {
        drop(self.till.take());
        settle_down().await;
    }

    pub(crate) fn till(&self) -> &Till {
        self.till.as_ref().expect("the till must run")
    }

    /// Begins a payment that nothing forbids.
    pub(crate) async fn begin(&self, request: PayRequest) -> AttemptId {
        self.till().pay(request).await.expect("nothing forbids this payment").attempt
    }

    /// Pays and waits until it stands there.
    pub(crate) async fn pay_until(&self, request: PayRequest, state: &str) -> AttemptView {
        let attempt = self.begin(request).await;
        self.until(attempt, state).await
    }

    pub(crate) async fn view(&self, attempt: AttemptId) -> AttemptView {
        self.till().attempt(attempt).await.unwrap().expect("the attempt must be known")
    }

    /// Waits, as long as virtual time needs, until the attempt stands there.
    pub(crate) async fn until(&self, attempt: AttemptId, state: &str) -> AttemptView {
        self.until_view(attempt, state, |view| view.state == state).await
    }

    pub(crate) async fn until_view(
        &self,
        attempt: AttemptId,
        what: &str,
        is_so: impl Fn(&AttemptView) -> bool,
    ) -> AttemptView {
        let mut changes = self.till().changes();
        let waiting = async {
            loop {
                let view = self.view(attempt).await;
                if is_so(&view) {
                    return view;
                }
                let _lagged_or_not = changes.recv().await;
            }
        };
        match tokio::time::timeout(NEVER, waiting).await {
            Ok(view) => view,
            Err(_) => panic!("it never became {what}: {:#?}", self.view(attempt).await),
        }
    }

    pub(crate) async fn reversal(&self, reversal: ReversalId) -> ReversalView {
        self.till().reversal(reversal).await.unwrap().expect("the reversal must be known")
    }

    pub(crate) async fn until_reversal(&self, reversal: ReversalId, state: &str) -> ReversalView {
        let mut changes = self.till().changes();
        let waiting = async {
            loop {
                let view = self.reversal(reversal).await;
                if view.state == state {
                    return view;
                }
                let _lagged_or_not = changes.recv().await;
            }
        };
        match tokio::time::timeout(NEVER, waiting).await {
            Ok(view) => view,
            Err(_) => panic!("it never became {state}: {:#?}", self.reversal(reversal).await),
        }
    }

    /// A close as the journal has it.
    pub(crate) fn journal_close(&self, number: u32) -> vezne_core::close::Closed {
        self.journal.close(number).expect("the day must be closed")
    }

    /// Lets virtual time pass; whatever is due on the way happens at its moment.
    pub(crate) async fn pass(&self, seconds: u64) {
        tokio::time::sleep(Duration::from_secs(seconds)).await;
        settle_down().await;
    }

    /// When an attempt was asked about, in seconds since the beginning.
    pub(crate) fn asked_at(&self, attempt: AttemptId) -> Vec<i64> {
        use vezne_core::attempt::Entry;
        use vezne_core::record::Record;
        let asked = |record: &Record| match record.attempt_line() {
            Some((id, Entry::Asked { asked, .. })) if id == attempt => Some(*asked),
            Some(_) | None => None,
        };
        self.journal.lines().iter().filter_map(|(_, record)| asked(record)).map(seconds).collect()
    }
}

/// Seconds since the beginning.
pub(crate) fn seconds(at: Timestamp) -> i64 {
    (at.as_millis() - START.as_millis()) / 1_000
}

pub(crate) fn operator(name: &str, role: Role, number: u8) -> Operator {
    Operator {
        id: OperatorId::from_parts(START, [number; 10]),
        name: name.parse().unwrap(),
        role,
        pin_hash: "1234".to_owned(),
    }
}
