//! From a request to what happens on the wire: the ledger sees it, faults decide, the handler does the work.

use std::sync::Arc;
use std::time::Duration;

use hyper::http::request::Parts;
use serde_json::json;

use crate::answer::Answer;
use crate::apply::{Outgoing, apply};
use crate::bank;
use crate::fault::{Call, Decided, Fault, Gateway, Keys};
use crate::fault_file::parse_faults;
use crate::finrota;
use crate::ledger::RequestSeen;
use crate::practice::{practice_cards, practice_orders};
use crate::request::{Incoming, Route};
use crate::server::Shared;
use crate::world::World;
use crate::yolcu360;

/// Whether a rule cuts the connection before the body is read.
pub(crate) fn cuts_before_body(world: &mut World, route: &Route, head: &Parts) -> bool {
    let Some((gateway, call)) = route.call() else { return false };
    let cut = world.armed.cuts_before_body(gateway, call, route.order());
    if cut {
        let order = route.order().map(str::to_owned);
        world.ledger.saw(seen(head, &Keys { order, ..Keys::default() }));
    }
    cut
}

/// Carries one request out.
pub(crate) async fn handle(shared: Arc<Shared>, head: Parts, incoming: Incoming) -> Outgoing {
    let decided = shared.with(|world| arrive(world, &head, &incoming));
    tokio::time::sleep(Duration::from_millis(decided.delay_millis)).await;
    let Some(call) = incoming.route.call() else {
        return Outgoing::Whole(shared.with(|world| answer(world, &incoming)));
    };
    if let Some(fault) = decided.fault.as_ref().filter(|fault| fault.is_before()) {
        return shared.with(|world| strike_before(world, fault, call, &incoming));
    }
    let answer = shared.with(|world| {
        let first = answer(world, &incoming);
        if decided.fault == Some(Fault::Duplicate) {
            count(world, &incoming, call.1);
            answer(world, &incoming);
        }
        first
    });
    tokio::time::sleep(answer.delay).await;
    match (answer.fault.clone(), decided.fault) {
        (Some(scene), _) if scene.is_before() => shared.with(|world| strike_before(world, &scene, call, &incoming)),
        (_, Some(rule)) => apply(&rule, call, answer),
        (Some(scene), None) => apply(&scene, call, answer),
        (None, None) => Outgoing::Whole(answer),
    }
}

fn strike_before(world: &mut World, fault: &Fault, call: (Gateway, Call), incoming: &Incoming) -> Outgoing {
    if *fault == Fault::Unauthorized {
        for header in ["authorization", "proxy-authorization"] {
            if let Some(token) = incoming.bearer(header) {
                world.revoke(token);
            }
        }
    }
    apply(fault, call, Answer::text(500, ""))
}

/// Writes the request into the ledger and asks the rules.
fn arrive(world: &mut World, head: &Parts, incoming: &Incoming) -> Decided {
    let keys = keys(world, incoming);
    world.ledger.saw(seen(head, &keys));
    let Some((gateway, call)) = incoming.route.call() else { return Decided::default() };
    count(world, incoming, call);
    world.armed.decide(gateway, call, &keys)
}

/// What the request names; a Finrota reversal and the bank's callback are traced back to the client's reference.
fn keys(world: &World, incoming: &Incoming) -> Keys {
    let mut keys = incoming.keys();
    if let Route::FinrotaCallback { session } = &incoming.route {
        keys.reference = world.sessions.get(session).map(|known| known.purchase.key.clone());
    }
    if matches!(incoming.route, Route::FinrotaCancel | Route::FinrotaRefund) {
        let number = keys.reference.clone().unwrap_or_default();
        let known = world.transactions.values().find(|known| known.reference_number == number);
        keys.reference = known.map(|known| known.reference.clone()).or(keys.reference);
    }
    keys
}

fn count(world: &mut World, incoming: &Incoming, call: Call) {
    let keys = keys(world, incoming);
    let Some(key) = keys.reference.or(keys.order) else { return };
    match call {
        Call::Pay => {
            let counts = world.ledger.counts(&key);
            counts.received = counts.received.saturating_add(1);
        }
        Call::Cancel | Call::Refund => {
            let counts = world.ledger.counts(&key);
            counts.reversals_received = counts.reversals_received.saturating_add(1);
        }
        Call::SignIn | Call::Options | Call::Status | Call::Eligibility | Call::Order | Call::Callback => {}
    }
}

fn seen(head: &Parts, keys: &Keys) -> RequestSeen {
    let path = head.uri.path_and_query().map(|path| path.as_str()).unwrap_or_default();
    RequestSeen {
        method: head.method.to_string(),
        path: mask(path),
        header_names: head.headers.keys().map(|name| name.as_str().to_owned()).collect(),
        last_four: keys.card.clone(),
        key: keys.reference.clone().or_else(|| keys.order.clone()),
        at: crate::clock::now(),
    }
}

/// Runs of 13 digits and more lose all but their last four.
fn mask(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    let mut run = String::new();
    for letter in path.chars().chain(std::iter::once('\0')) {
        if letter.is_ascii_digit() {
            run.push(letter);
            continue;
        }
        let hidden = if run.len() >= 13 { run.len() - 4 } else { 0 };
        out.extend(run.chars().enumerate().map(|(place, digit)| if place < hidden { '*' } else { digit }));
        run.clear();
        out.push(letter);
    }
    out.pop();
    out
}

/// The handler of each route.
fn answer(world: &mut World, incoming: &Incoming) -> Answer {
    match &incoming.route {
        Route::FinrotaSignIn => finrota::sign_in(world, incoming),
        Route::FinrotaOptions => finrota::options::options(world, incoming),
        Route::FinrotaPay => finrota::pay::pay(world, incoming),
        Route::FinrotaStatus => finrota::status::status(world, incoming),
        Route::FinrotaCancel => finrota::reversal::cancel(world, incoming),
        Route::FinrotaRefund => finrota::reversal::refund(world, incoming),
        Route::FinrotaCallback { session } => finrota::callback::callback(world, session, incoming),
        Route::YolcuSignIn => yolcu360::sign_in(world, incoming),
        Route::YolcuRefresh => yolcu360::refresh(world, incoming),
        Route::YolcuOptions => yolcu360::options::options(world, incoming),
        Route::YolcuPay => yolcu360::pay::pay(world, incoming),
        Route::YolcuCallback { order } => yolcu360::callback::callback(world, order, incoming),
        Route::YolcuOrder { order } => yolcu360::orders::read(world, order, incoming),
        Route::YolcuEligibility { order } => yolcu360::cancel::eligibility(world, order, incoming),
        Route::YolcuCancel { order } => yolcu360::cancel::cancel(world, order, incoming),
        Route::BankStart { session } => bank::start(world, session),
        Route::BankPopup { session } => bank::popup(world, session),
        Route::BankVerify { session } => bank::verify(world, session, incoming),
        Route::BankFrame { session } => bank::returns::frame(world, session),
        Route::BankEmbedded { session } => bank::embedded(world, session),
        Route::BankFile { session } => bank::file(world, session),
        Route::Ledger => Answer::json(200, &world.ledger.snapshot),
        Route::LedgerRequests => Answer::json(200, &world.ledger.requests),
        Route::AddFaults => add_faults(world, incoming),
        Route::ClearFaults => {
            world.armed.clear();
            Answer::json(200, &json!({ "cleared": true }))
        }
        Route::Practice => Answer::json(200, &json!({ "cards": practice_cards(), "orders": practice_orders() })),
        Route::Addresses => Answer::json(200, &addresses(&world.origin)),
        Route::WrongMethod => Answer::text(405, "Method Not Allowed"),
        // Not the vendor's JSON: a client can tell a wrong path from an unknown order or reference.
        Route::Unknown => Answer::html(404, "<html><body><h1>404 Not Found</h1></body></html>".to_owned()),
    }
}

fn addresses(origin: &str) -> serde_json::Value {
    json!({
        "finrota": format!("{origin}/finrota"),
        "yolcu360": format!("{origin}/yolcu360/api/v1"),
        "bank": format!("{origin}/bank"),
        "ledger": format!("{origin}/ledger"),
        "practice": format!("{origin}/practice"),
    })
}

fn add_faults(world: &mut World, incoming: &Incoming) -> Answer {
    let text = String::from_utf8_lossy(&incoming.body);
    match parse_faults(&text) {
        Ok(rules) => {
            let added = rules.len();
            rules.into_iter().for_each(|rule| world.armed.add(rule));
            Answer::json(200, &json!({ "added": added }))
        }
        Err(error) => Answer::text(400, &error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_number_in_a_path_is_masked() {
        assert_eq!(mask("/order/4155650100416111?x=1"), "/order/************6111?x=1");
        assert_eq!(mask("/order/order_1001"), "/order/order_1001");
    }
}
