//! Those who listen, and the end.

use std::collections::HashMap;

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use tokio::sync::broadcast::error::TryRecvError;
use vezne_core::ids::AttemptId;
use vezne_till::{AttemptView, Change, PayError};

use crate::support::*;

#[tokio::test(start_paused = true)]
async fn a_listener_that_never_listens_lags_and_stops_nobody() {
    let rig = Rig::start().await;
    let mut slow = rig.till().changes();
    rig.finrota.pay.then(|_| timed_out());
    rig.finrota.status.always(pending_transaction);
    let view = rig.pay_until(booking("R-1", 54_500), "unknown").await;
    for _ in 0..1_100 {
        rig.till().ask_again(view.attempt).await.unwrap();
    }
    assert!(matches!(slow.try_recv(), Err(TryRecvError::Lagged(_))));
    rig.finrota.status.always(paid_transaction);
    rig.until(view.attempt, "approved").await;
}

#[tokio::test(start_paused = true)]
async fn a_closed_till_takes_nothing_more_and_its_attempts_are_taken_up_later() {
    let mut rig = Rig::start().await;
    let gate = rig.finrota.pay.then_held(|_| success());
    let attempt = rig.begin(booking("R-1", 54_500)).await;
    let mut changes = rig.till().changes();
    settle_down().await;
    rig.till().close().await;
    rig.till().close().await;
    assert!(matches!(rig.till().pay(booking("R-2", 100)).await.unwrap_err(), PayError::Closing));
    assert!(rig.till().attempt(attempt).await.is_err());
    gate.release();
    rig.stop().await;
    while let Ok(change) = changes.try_recv() {
        assert!(matches!(change, Change::Attempt(view) if view.state == "sending" || view.state == "ready"));
    }
    rig.restart().await;
    rig.until(attempt, "approved").await;
    assert_eq!(rig.finrota.pay.count(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_till_that_nobody_holds_any_more_ends() {
    let mut rig = Rig::start().await;
    let mut changes = rig.till().changes();
    rig.stop().await;
    assert!(matches!(changes.try_recv(), Err(TryRecvError::Closed)));
}

/// One thing that happens at a desk.
#[derive(Debug, Clone, Copy)]
enum Happens {
    Pay { reference: u8, means: u8 },
    Ask,
    Return { own: bool, success: bool },
    Close,
    Pass(u16),
    Break,
    Mend,
    Restart,
}

fn happens() -> impl Strategy<Value = Happens> {
    prop_oneof![
        4 => (0..4_u8, 0..5_u8).prop_map(|(reference, means)| Happens::Pay { reference, means }),
        2 => Just(Happens::Ask),
        2 => (any::<bool>(), any::<bool>()).prop_map(|(own, success)| Happens::Return { own, success }),
        1 => Just(Happens::Close),
        4 => (0..700_u16).prop_map(Happens::Pass),
        1 => Just(Happens::Break),
        2 => Just(Happens::Mend),
        1 => Just(Happens::Restart),
    ]
}

/// What the stream told last of each attempt.
fn drain(changes: &mut tokio::sync::broadcast::Receiver<Change>, told: &mut HashMap<AttemptId, AttemptView>) {
    loop {
        match changes.try_recv() {
            Ok(Change::Attempt(view)) => {
                told.insert(view.attempt, *view);
            }
            Ok(Change::Reversal(_) | Change::Journal(_) | Change::Closed { .. } | Change::Comparing(_)) => {}
            Err(TryRecvError::Empty | TryRecvError::Closed) => return,
            Err(TryRecvError::Lagged(_)) => panic!("the stream was read after every step"),
        }
    }
}

/// What a view says that does not depend on when it was taken.
fn lasting(view: &AttemptView) -> (&'static str, Option<&'static str>, bool, usize, u32, bool) {
    let alarms = view.alarms.len();
    (view.state, view.evidence, view.contradicted, alarms, view.questions, view.not_written_down)
}

async fn happen(rig: &mut Rig, what: Happens, last: &mut Option<AttemptView>) {
    match what {
        Happens::Pay { reference, means } => {
            match means {
                0 => rig.finrota.pay.then(|_| failure()),
                1 => rig.finrota.pay.then(|_| timed_out()),
                2 => rig.finrota.pay.then(|_| challenge()),
                3 => rig.finrota.pay.then_after(100, |_| success()),
                _ => rig.finrota.pay.then(|_| success()),
            }
            let mut request = booking(&format!("R-{reference}"), 1_000 + i64::from(means));
            let keyed_in = by_card(if reference % 2 == 0 { VISA } else { MASTERCARD });
            request.means = match &last {
                Some(view) if means == 4 => same_card(rig.till(), view.attempt).await.unwrap_or(keyed_in),
                Some(_) | None => keyed_in,
            };
            if let Ok(view) = rig.till().pay(request).await {
                *last = Some(view);
            }
        }
        Happens::Pass(seconds) => rig.pass(seconds.into()).await,
        Happens::Break => rig.journal.fail_all(),
        Happens::Mend => rig.journal.is_well_again(),
        Happens::Restart => {
            rig.journal.is_well_again();
            rig.restart().await;
        }
        Happens::Ask | Happens::Return { .. } | Happens::Close => {
            let Some(view) = &last else { return };
            // No person and no network does the same thing twice in one millisecond.
            rig.pass(1).await;
            match what {
                Happens::Ask => {
                    let _refused = rig.till().ask_again(view.attempt).await;
                }
                Happens::Return { own, success } => {
                    let hint = if own { returned(view, success) } else { forged(view, success) };
                    rig.till().returned(view.attempt, hint).await;
                }
                Happens::Close
                | Happens::Pay { .. }
                | Happens::Pass(_)
                | Happens::Break
                | Happens::Mend
                | Happens::Restart => {
                    rig.till().page_gone(view.attempt, vezne_core::attempt::PageEnd::ClosedByHand).await;
                }
            }
        }
    }
    settle_down().await;
}

/// Whatever happens: the stream and the snapshot agree, what is shown as written is what the disk says, and no attempt
/// is handed to the network more often than `Sending` stands on disk.
async fn check(story: Vec<Happens>) {
    let mut rig = Rig::start().await;
    rig.finrota.status.always(|attempt| match attempt.intent.base.unwrap().minor() {
        1_000 => failed_transaction(attempt),
        1_001 => pending_transaction(attempt),
        _ => paid_transaction(attempt),
    });
    let mut changes = rig.till().changes();
    let mut told = HashMap::new();
    let mut last = None;
    for what in story {
        if matches!(what, Happens::Restart) {
            // What was held and not written is lost with the process; a new front asks for everything anew.
            told.clear();
        }
        happen(&mut rig, what, &mut last).await;
        if matches!(what, Happens::Restart) {
            changes = rig.till().changes();
        }
        drain(&mut changes, &mut told);
        for (id, view) in &told {
            let snapshot = rig.view(*id).await;
            assert_eq!(lasting(view), lasting(&snapshot), "after {what:?}: the stream and the snapshot of {id}");
            if !snapshot.not_written_down {
                assert_eq!(rig.journal.folded(*id).state.word(), snapshot.state, "after {what:?}: the disk and {id}");
            }
        }
    }
    let lines = rig.log.lines();
    let sent = lines.iter().filter(|line| *line == "gateway: pay").count();
    let sendings = lines.iter().filter(|line| line.starts_with("disk: ") && line.contains("sending")).count();
    assert!(sent <= sendings, "{sent} calls for {sendings} sendings on disk");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, rng_seed: RngSeed::Fixed(2027), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_stream_the_snapshot_and_the_disk_agree_whatever_happens(story in prop::collection::vec(happens(), 1..30)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        runtime.block_on(check(story));
    }
}
