//! Many cases in one home, one after the other, and at its end the whole journal once more.

use std::time::{Duration, Instant};

use super::drill::{self, Played};
use super::plan::{Case, Kind};
use super::rules::{Witnesses, check};
use super::stand::Stand;
use super::window;
use crate::desk::{COUNTER, SUPERVISOR, SUPERVISOR_PIN, card, card_of};

/// How many cases share a home.
pub const CASES: usize = 32;
/// Slow answers and broken ones make a payment longer than a plain one.
const SLOWER: Duration = Duration::from_millis(60);
/// From the button to the end of a sale in the window.
const IN_THE_WINDOW: Duration = Duration::from_millis(250);
/// The first payment of a home makes its journal too.
const FIRST: Duration = Duration::from_millis(90);

/// What came of each case of a shift, and of its end.
#[derive(Debug, Default)]
pub struct Done {
    /// Every case, with what came of it.
    pub played: Vec<(Kind, u64, Played)>,
}

/// How long things take here when nobody kills them.
struct Usual {
    direct: Duration,
    page: Duration,
    reversal: Duration,
}

impl Usual {
    fn of(&self, kind: Kind) -> Duration {
        match kind {
            Kind::FinrotaDirect | Kind::OrderDirect | Kind::OrderLimit => self.direct,
            Kind::FinrotaPage | Kind::OrderPage => self.page.saturating_add(SLOWER),
            Kind::FinrotaDeclined | Kind::FinrotaFaulty | Kind::OrderDeclined | Kind::OrderFaulty => {
                self.page.saturating_add(SLOWER)
            }
            Kind::FinrotaReversal | Kind::OrderReversal => self.reversal,
            Kind::FirstStart | Kind::Desk => FIRST,
        }
    }
}

/// Plays these cases. Those of the desk's window and of a first start have homes of their own.
///
/// # Errors
/// What kept the shift itself from being played, in words.
pub fn play(cases: &[(Kind, u64)]) -> Result<Done, String> {
    let mut done = Done::default();
    let apart = |kind: Kind| matches!(kind, Kind::Desk | Kind::FirstStart);
    let (shared, own): (Vec<_>, Vec<_>) = cases.iter().copied().partition(|(kind, _)| !apart(*kind));
    let (windows, first): (Vec<_>, Vec<_>) = own.into_iter().partition(|(kind, _)| *kind == Kind::Desk);
    for (kind, seed) in first {
        let case = Case::of(kind, seed, FIRST);
        done.played.push((kind, seed, drill::play(&Stand::open("loopback"), &case, 0)));
    }
    let windows: Vec<Case> = windows.into_iter().map(|(kind, seed)| Case::of(kind, seed, IN_THE_WINDOW)).collect();
    for (case, played) in windows.iter().zip(window::play(&windows)) {
        done.played.push((case.kind, case.seed, played));
    }
    if !shared.is_empty() {
        together(&shared, &mut done)?;
    }
    Ok(done)
}

fn together(cases: &[(Kind, u64)], done: &mut Done) -> Result<(), String> {
    let stand = Stand::open("loopback");
    stand.desk().add_supervisor();
    let usual = usual(&stand)?;
    for (place, (kind, seed)) in cases.iter().enumerate() {
        let case = Case::of(*kind, *seed, usual.of(*kind));
        // The first amounts belong to what measured the usual.
        let played = drill::play(&stand, &case, place.saturating_add(3));
        done.played.push((*kind, *seed, played));
    }
    let wrong = end(&stand)?;
    if let (false, Some((.., last))) = (wrong.is_empty(), done.played.last_mut()) {
        last.wrong.extend(wrong.into_iter().map(|words| format!("at the shift's end: {words}")));
    }
    Ok(())
}

/// Two sales and a void that nobody kills.
fn usual(stand: &Stand) -> Result<Usual, String> {
    let timed = |words: &[&str], input: &str| {
        let began = Instant::now();
        let ended = stand.run(words, input);
        if ended.code() == 0 { Ok((began.elapsed(), ended)) } else { Err(format!("a plain sale failed: {ended:?}")) }
    };
    let sale = |reference: &str, scene: &str| {
        let words = ["pay", "--account", COUNTER, "--reference", reference, "--amount", "17.00", "--currency", "TRY"];
        let words: Vec<&str> = words.into_iter().chain(["--card-stdin"]).collect();
        timed(&words, &card(card_of(scene)))
    };
    let (direct, ended) = sale("PLAIN-1", "without_3d")?;
    let (page, _) = sale("PLAIN-2", "return_302")?;
    let payment = ended.last().get("payment").and_then(|id| id.as_str().map(str::to_owned)).unwrap_or_default();
    let void = ["payment", "void", &payment, "--as", SUPERVISOR, "--reason", "the drill"];
    let (reversal, _) = timed(&void, SUPERVISOR_PIN)?;
    Ok(Usual { direct, page, reversal })
}

/// Everything that is not settled is asked about, then the journal is judged, verified, and rebuilt to the same.
fn end(stand: &Stand) -> Result<Vec<String>, String> {
    let mut wrong = Vec::new();
    let open = |attempt: &&super::books::Attempt| matches!(attempt.state(), "at_bank" | "confirming");
    while let Some(payment) = stand.books()?.attempts.iter().find(open).map(|attempt| attempt.payment.clone()) {
        let asked = stand.run(&["payment", "ask", &payment], "");
        if stand.books()?.attempts.iter().find(open).is_some_and(|attempt| attempt.payment == payment) {
            wrong.push(format!("{payment} is neither settled nor unknown after half a minute: {asked:?}"));
            break;
        }
    }
    let (books, attention, ledger) = (stand.books()?, stand.attention()?, stand.ledger());
    wrong.extend(check(&Witnesses { books: &books, ledger: &ledger, attention: &attention, taken_up: true }));
    wrong.extend(rebuilt(stand)?);
    Ok(wrong)
}

/// The projections before and after they are made anew; a question that the rebuilding till asks may come in between, so a
/// journal that has grown is compared once more.
fn rebuilt(stand: &Stand) -> Result<Vec<String>, String> {
    let mut differed = Vec::new();
    for _ in 0..3 {
        // The first line says when it was made.
        let shown = || {
            let table = stand.run(&["journal", "export", "--what", "payments"], "").stdout;
            table.split_once('\n').map(|(_, rows)| rows.to_owned()).unwrap_or_default()
        };
        let (before, events) = (shown(), stand.books()?.events);
        for verb in ["verify", "rebuild", "verify"] {
            let ended = stand.run(&["journal", verb], "");
            if ended.code() != 0 {
                return Ok(vec![format!("`veznectl journal {verb}` ended with {}: {ended:?}", ended.code())]);
            }
        }
        let after = shown();
        if before == after {
            return Ok(Vec::new());
        }
        differed = vec![format!("a rebuild changed what is shown\nbefore:\n{before}\nafter:\n{after}")];
        if stand.books()?.events == events {
            break;
        }
    }
    Ok(differed)
}
