//! What is on disk before what is done.

use crate::support::*;

#[tokio::test(start_paused = true)]
async fn every_step_is_on_disk_before_the_next_one_is_taken() {
    let rig = Rig::start().await;
    let view = rig.pay_until(booking("R-1", 54_500), "approved").await;
    rig.log.assert_order(&[
        "gateway: options",
        "disk: ready",
        "pages: address",
        "gateway: get ready",
        "disk: sending",
        "gateway: pay",
        "disk: heard, confirming",
        "gateway: status",
        "disk: asked, approved",
    ]);
    assert_eq!(rig.finrota.pay.count(), 1);
    assert!(!view.unconfirmed && view.evidence == Some("gateway_status"));
}

#[tokio::test(start_paused = true)]
async fn an_orders_baseline_is_on_disk_with_the_sending() {
    let rig = Rig::start().await;
    rig.pay_until(order("order_1"), "approved").await;
    rig.log.assert_order(&[
        "disk: ready",
        "gateway: get ready",
        "gateway: order",
        "disk: baseline, sending",
        "gateway: pay",
        "disk: heard, confirming",
        "gateway: status",
    ]);
}

#[tokio::test(start_paused = true)]
async fn the_pay_call_carries_what_was_chosen_and_the_disk_nothing_of_the_card() {
    let rig = Rig::start().await;
    rig.finrota.pay.then(|call: &PaySeen| {
        assert_eq!(call.card, Some((VISA.to_owned(), "987".to_owned())));
        assert_eq!(call.return_url, format!("vezne://return/{}", call.intent.attempt));
        assert!(call.ticket.is_some());
        assert_eq!(call.intent.total(), Some(lira(59_950)));
        success()
    });
    let mut request = booking("R-1", 54_500);
    request.means =
        vezne_till::PayMeans::Card { card: Box::new(card(VISA)), choice: choice(3), shown: None, three_ds: true };
    rig.pay_until(request, "approved").await;
    let everything = rig.journal.everything();
    for secret in [VISA, "987", "Ayşe", "vezne://return"] {
        assert!(!everything.contains(secret), "{secret} is on disk");
    }
    assert!(everything.contains("41556501"), "the first eight digits of sixteen may be kept");
    assert_eq!(rig.journal.names(), 1, "the holder stands in the side table");
}
