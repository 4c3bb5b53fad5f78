//! A verb that came to nothing: what that means for the money depends on what the verb was about.

use vezne_core::attempt::Outcome;
use vezne_core::guard::Earlier;

use super::reversal::{returned_words, reversal_outcome};
use super::{Last, headline, money_words, words_of};
use crate::act::Act;
use crate::exit::Exit;
use crate::failure::{By, Failure};
use crate::output::Output;
use crate::standing::Standing;

/// Tells of a verb that came to nothing. `standing` is what is known all the same of what was named.
pub(crate) fn failure(output: &Output, failure: &Failure, act: &Act, standing: &Standing) -> Exit {
    let told = Failed::of(failure, act, standing);
    let mut last = Last::empty(told.outcome, told.happened.to_owned());
    last.failed = told.failed();
    (last.payment, last.attempt, last.reversal) = (standing.payment, standing.attempt, standing.reversal);
    last.refused_by = told.refused_by;
    last.reason = Some(failure.code.word());
    last.next = told.next.clone();
    last.detail = failure.detail.as_deref();
    last.earlier = failure.earlier.as_deref();
    if let (Some(view), Act::Standing { .. }) = (&standing.view, act) {
        let amount = view.total.as_ref().or(view.base.as_ref());
        (last.amount, last.currency) =
            (amount.map(|amount| amount.amount.as_str()), amount.map(|amount| amount.currency));
        (last.evidence, last.unconfirmed, last.state) = (view.evidence, view.unconfirmed, Some(view.state));
        last.view = Some(view);
    }
    if let (Some(view), Act::Standing { .. }) = (&standing.reversal_view, act) {
        (last.amount, last.currency) = (Some(view.amount.amount.as_str()), Some(view.amount.currency));
        (last.evidence, last.state, last.reversal_view) = (view.evidence, Some(view.state), Some(view));
    }
    output.object(&last);
    output.line(&format!("  {}", told.headline));
    output.field("why", told.happened);
    if let Some(detail) = &failure.detail {
        output.field("", detail);
    }
    if let Some(earlier) = &failure.earlier {
        output.field("earlier", &earlier_words(earlier));
    }
    output.field("money", &told.money);
    if let Some(next) = &told.next {
        output.field("next", next);
    }
    failure.exit
}

/// What a failure means, which depends on what the verb was about.
struct Failed<'a> {
    outcome: Option<&'static str>,
    refused_by: Option<&'a str>,
    headline: String,
    is_own: bool,
    happened: &'static str,
    money: String,
    next: Option<String>,
}

impl<'a> Failed<'a> {
    fn of(failure: &'a Failure, act: &Act, standing: &'a Standing) -> Self {
        let own = match failure.exit {
            Exit::NotSent | Exit::Environment => Outcome::NotSent,
            Exit::Refused | Exit::Arguments | Exit::CheckFailed | Exit::Done | Exit::Declined => Outcome::Refused,
            Exit::Unknown => Outcome::Unknown,
        };
        let by = match failure.by {
            By::Vezne => "vezne",
            By::Gateway => "gateway",
        };
        let own_by = (own == Outcome::Refused).then_some(by);
        let (outcome, refused_by) = match act {
            Act::Pay | Act::GiveBack(_) => (Some(own.word()), own_by),
            // Nothing is ever sent here, so it can't be "not sent".
            Act::Record(_) if failure.exit == Exit::Refused => (Some(own.word()), own_by),
            Act::Standing { .. } => standing_outcome(standing),
            Act::Record(_) | Act::Other => (None, None),
        };
        let (headline, happened, next) = match act {
            Act::Pay => (words_of(own).to_uppercase(), failure.code.happened(), failure.code.next()),
            Act::GiveBack(_) => {
                ("NOT GIVEN BACK".to_owned(), failure.code.happened_to_reversal(), failure.code.next_of_reversal())
            }
            Act::Record(_) => {
                ("NOT WRITTEN DOWN".to_owned(), failure.code.happened_to_reversal(), failure.code.next_of_reversal())
            }
            Act::Standing { headline, .. } => {
                ((*headline).to_owned(), failure.code.happened_elsewhere(), failure.code.next_elsewhere())
            }
            Act::Other => ("NOT DONE".to_owned(), failure.code.happened_elsewhere(), failure.code.next_elsewhere()),
        };
        let next = failure.next.clone().or_else(|| next.map(str::to_owned));
        let is_own = matches!(act, Act::Pay | Act::GiveBack(_));
        Self { outcome, refused_by, headline, is_own, happened, money: money_of(act, standing), next }
    }

    /// The headline as a word, where the outcome is not that of the verb itself.
    fn failed(&self) -> Option<String> {
        (!self.is_own).then(|| self.headline.to_lowercase().replace(' ', "_"))
    }
}

/// How what was named stands, whatever became of the verb; nothing where nobody can read it.
fn standing_outcome(standing: &Standing) -> (Option<&'static str>, Option<&'static str>) {
    if let Some(view) = &standing.reversal_view {
        return (Some(reversal_outcome(view).0), view.refused_by);
    }
    let Some(view) = &standing.view else { return (None, None) };
    (Some(view.outcome.unwrap_or(Outcome::Unknown).word()), view.refused_by)
}

fn money_of(act: &Act, standing: &Standing) -> String {
    const STANDS: &str = "What was known of this payment stands as it was";
    match act {
        Act::Pay => "Nothing was sent, and nothing was charged.".to_owned(),
        Act::GiveBack(_) => "It was not begun: nothing was sent, and nothing was returned by it.".to_owned(),
        Act::Record(_) => format!("It does not count as returned. {STANDS}."),
        Act::Standing { .. } => match (&standing.reversal_view, &standing.view) {
            (Some(view), _) => {
                let (outcome, _) = reversal_outcome(view);
                let headline = if outcome == "approved" { "done".to_owned() } else { outcome.replace('_', " ") };
                let amount = format!("{} {}", view.amount.amount, view.amount.currency);
                format!("{STANDS}: {headline}, {amount}. {}", returned_words(outcome, view.proves))
            }
            (None, Some(view)) => {
                let outcome = view.outcome.unwrap_or(Outcome::Unknown);
                format!("{STANDS}: {}. {}", headline(view, outcome), money_words(view, outcome))
            }
            (None, None) if standing.payment.is_none() && standing.attempt.is_none() && standing.reversal.is_none() => {
                "Nothing about the money has changed.".to_owned()
            }
            (None, None) => format!("{STANDS}."),
        },
        Act::Other => "Nothing about the money has changed.".to_owned(),
    }
}

fn earlier_words(earlier: &Earlier) -> String {
    let amount = earlier.total.or(earlier.base).map(|amount| format!(" · {amount}")).unwrap_or_default();
    let card = earlier.card.as_ref().map(|card| format!(" · {} …{}", card.brand, card.last_four)).unwrap_or_default();
    let outcome = earlier.outcome.map_or("still open", |outcome| words_of(outcome));
    format!("{} · {outcome}{amount}{card}\nopened {}", earlier.attempt, earlier.opened)
}
