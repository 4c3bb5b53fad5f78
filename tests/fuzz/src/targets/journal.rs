//! The journal's rows as they are read back: a thief with the disk may have changed each of them.

use vezne_core::account::GatewayKind;
use vezne_core::attempt::{Event as Happened, next_due, step};
use vezne_core::time::Millis;
use vezne_events::head::Head;
use vezne_events::rows::{self, Standing};
use vezne_events::{Line, fold};

use crate::check::texts_are_filtered;
use crate::engine::Target;
use crate::samples;

/// The target: each line is the body of an event, in the order of the chain.
pub(super) const TARGET: Target = Target { name: "journal", run, words: &WORDS, longest: 24 * 1024 };

const WORDS: [&str; 34] = [
    "{\"attempt\":{",
    "{\"reversal\":{",
    "\"entry\":",
    "\"opened\"",
    "\"entered\"",
    "\"ready\"",
    "{\"sending\":\"first\"}",
    "{\"sending\":\"second\"}",
    "\"reauthorising\"",
    "\"at_bank\"",
    "{\"confirming\":",
    "{\"approved\":",
    "{\"declined\":",
    "{\"unknown\":",
    "{\"set_aside\":",
    "\"heard\"",
    "\"page_opened\"",
    "{\"page_gone\":",
    "\"page_moved\"",
    "{\"returned\":",
    "\"contrary_return_asked\"",
    "{\"asked\":",
    "{\"probed\":\"gone\"}",
    "{\"contradicted\":",
    "{\"alarmed\":",
    "\"minor\":9223372036854775807",
    "\"currency\":\"TRY\"",
    "{\"operator_added\":",
    "{\"epoch_started\":",
    "{\"right_used\":",
    "vezne journal head 1\n",
    "0000000000000000001\n",
    "\n",
    "null",
];

fn run(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    if let Some(head) = Head::parse(&text) {
        assert_eq!(head.text(), text, "a marker that is written in another way");
    }
    let lines: Vec<Line> = text
        .lines()
        .zip(0_i64..)
        .map(|(body, place)| Line {
            seq: place.saturating_add(1),
            at_ms: samples::NOON.as_millis().saturating_add(place.saturating_mul(1_000)),
            body: body.to_owned(),
        })
        .collect();
    for line in &lines {
        match fold::parse(&line.body, line.seq) {
            Ok(record) => {
                let written = serde_json::to_string(&record);
                let Ok(written) = written else { unreachable!("a record that can't be written: {written:?}") };
                assert_eq!(fold::parse(&written, line.seq), Ok(record.clone()), "written again, it is another record");
                texts_are_filtered(&record);
            }
            Err(fault) => assert!(fault.to_string().len() < line.body.len().saturating_add(1_000), "{fault}"),
        }
    }
    let Some(standing) = Standing::of("desk", &lines) else { return };
    if let Ok(Some(attempt)) = fold::fold_attempt(&lines) {
        let row = rows::attempt(&attempt, standing);
        assert_eq!(row.blocks, attempt.state.blocks());
        goes_on(attempt);
    }
    if let Ok(Some(reversal)) = fold::fold_reversal(&lines) {
        let row = rows::reversal(&reversal, standing);
        assert_eq!(row.state, reversal.state.word());
        let left = reversal.read_remaining(Some(samples::lira(50_000)), vezne_core::status::Seen::default());
        let _said = (left, reversal.needs_attention());
    }
}

/// Whatever state a changed journal brings about, the machine goes on from it without falling over.
fn goes_on(attempt: vezne_core::attempt::Attempt) {
    let now = samples::NOON.after(Millis::minutes(5));
    let _views = (
        next_due(&attempt, now),
        attempt.charged(),
        attempt.page_is_gone(now),
        attempt.quiet_since(now),
        attempt.own_claim(),
        attempt.did_without_3ds(),
        attempt.needs_attention(now),
        attempt.intent.guard_key(),
    );
    let mut attempt = attempt;
    for event in [Happened::Restarted, Happened::Due, Happened::AskRequested, Happened::CancelRequested] {
        let was_final = attempt.state.is_final();
        if let Ok(taken) = step(&attempt, event, now) {
            assert!(!was_final || taken.attempt.state.is_final(), "a final outcome was taken back");
            attempt = taken.attempt;
        }
    }
    let kind = attempt.intent.account.gateway;
    assert!(matches!(kind, GatewayKind::Finrota | GatewayKind::Yolcu360));
}
