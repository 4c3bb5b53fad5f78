//! Day closes: from core's to the window's.

use jiff::tz::TimeZone;
use vezne_core::close::{
    About, Basis, Closed, Comparison, Day, Difference, Figures, Finding, Hour, Label, Listed, Plan, Recorded, Standing,
    Sum, Sums, hour_of,
};
use vezne_core::ids::OperatorId;
use vezne_core::money::{Currency, Money};
use vezne_core::ports::MissingSpan;
use vezne_core::time::{Millis, Timestamp};

use super::Names;
use crate::view::{
    CloseBy, CloseComparison, CloseDifference, CloseFigure, CloseFinding, CloseGroup, CloseHour, CloseLine, CloseMade,
    CloseOutcome, CloseRow, CloseStanding, CloseSums, CloseView, ComparingView, OutcomeWord,
};

/// More hours than these are not drawn one by one with the empty ones between.
const HOURS_FILLED: usize = 48;

impl CloseView {
    /// What a close made now would say.
    pub(crate) fn before(basis: &Basis, label: &Label, names: &Names) -> Self {
        Self::of((basis.number, label), (basis.covers.since, basis.missing), &basis.figures, names)
    }

    /// A close that was made.
    pub(crate) fn made(closed: &Closed, names: &Names) -> Self {
        let close = &closed.close;
        let made = CloseMade {
            at: close.at.to_string(),
            operator: name(close.operator, names),
            anchor: closed.anchor.to_string(),
            comparisons: closed.comparisons.iter().map(|one| comparison(one, names)).collect(),
        };
        let view = Self::of((close.number, &close.label), (close.covers.since, close.missing), &close.figures, names);
        Self { made: Some(made), ..view }
    }

    fn of(
        (number, label): (u32, &Label),
        (since, missing): (Option<Timestamp>, Option<MissingSpan>),
        figures: &Figures,
        names: &Names,
    ) -> Self {
        let zone = TimeZone::get(&label.zone).unwrap_or(TimeZone::UTC);
        let open = figures
            .open
            .iter()
            .map(|(standing, line)| CloseLine { standing: Some((*standing).into()), ..listed(line) });
        let late =
            figures.late.iter().map(|late| CloseLine { outcome: Some(late.outcome.into()), ..listed(&late.line) });
        let corrected = figures.corrected.iter().map(|one| CloseLine {
            was: Some(one.was.into()),
            outcome: one.is.map(Into::into),
            ..listed(&one.line)
        });
        Self {
            number,
            made: None,
            from_day: label.from.to_string(),
            day: label.to.to_string(),
            zone: label.zone.clone(),
            since: since.map(|since| since.to_string()),
            missing: missing.map(Into::into),
            totals: figures.totals().into_iter().map(|(currency, sums)| sums_of(currency, sums)).collect(),
            groups: groups(figures, names),
            open: open.collect(),
            late: late.collect(),
            corrected: corrected.collect(),
            hours: hours(&figures.hours, &zone),
        }
    }
}

fn name(operator: Option<OperatorId>, names: &Names) -> Option<String> {
    operator.map(|id| names.name(id))
}

fn sums_of(currency: Option<Currency>, sums: Sums) -> CloseSums {
    let money = |minor| currency.map(|currency| Money::from_minor(minor, currency).into());
    let figure = |sum: Sum| CloseFigure { count: sum.count, amount: money(sum.minor) };
    CloseSums {
        currency: currency.map(|currency| currency.code().to_owned()),
        net: money(sums.net()),
        approved: figure(sums.approved),
        reversed: figure(sums.reversed),
        withdrawn: figure(sums.withdrawn),
        reinstated: figure(sums.reinstated),
        declined: figure(sums.declined),
        refused: figure(sums.refused),
        not_sent: figure(sums.not_sent),
    }
}

fn groups(figures: &Figures, names: &Names) -> Vec<CloseGroup> {
    let by_account = figures.by(|cell| cell.account_name.to_string()).into_iter().map(|(account, currency, sums)| {
        CloseGroup { by: CloseBy::Account, name: Some(account), installments: None, sums: sums_of(currency, sums) }
    });
    let by_operator = figures.by(|cell| name(cell.operator, names)).into_iter().map(|(operator, currency, sums)| {
        CloseGroup { by: CloseBy::Operator, name: operator, installments: None, sums: sums_of(currency, sums) }
    });
    let by_plan = figures.by(|cell| cell.plan).into_iter().map(|(plan, currency, sums)| {
        let installments = match plan {
            Plan::Installments(count) => Some(count),
            Plan::CreditLimit => Some(0),
            Plan::NotKnown => None,
        };
        CloseGroup { by: CloseBy::Plan, name: None, installments, sums: sums_of(currency, sums) }
    });
    by_account.chain(by_operator).chain(by_plan).collect()
}

fn listed(line: &Listed) -> CloseLine {
    CloseLine {
        payment: line.payment.to_string(),
        reversal: match line.about {
            About::Attempt(_) => false,
            About::Reversal { .. } => true,
        },
        account: line.account.to_string(),
        subject: line.subject.clone(),
        amount: line.amount.map(Into::into),
        last_four: line.last_four.map(|digits| digits.to_string()),
        opened: line.opened.to_string(),
        standing: None,
        was: None,
        outcome: None,
    }
}

/// The hours of the picture, the empty ones between them too while they are few.
fn hours(found: &[Hour], zone: &TimeZone) -> Vec<CloseHour> {
    let (Some(first), Some(last)) = (found.first(), found.last()) else { return Vec::new() };
    let mut all: Vec<Hour> = Vec::new();
    let mut start = first.start;
    while start <= last.start && all.len() <= HOURS_FILLED {
        let known = found.iter().find(|hour| hour.start == start);
        all.push(known.copied().unwrap_or(Hour { start, counts: vezne_core::close::Counts::default() }));
        // The next local hour, whatever the clocks do in between.
        start = hour_of(start.after(Millis::minutes(90)), zone);
    }
    if all.len() > HOURS_FILLED || found.iter().any(|hour| !all.contains(hour)) {
        all = found.to_vec();
    }
    let mut drawn: Vec<CloseHour> = Vec::with_capacity(all.len());
    for hour in all {
        let local = hour.start.to_jiff().to_zoned(zone.clone());
        let counts = hour.counts;
        let (of_day, day) = (u8::try_from(local.hour()).unwrap_or(0), Day::at(hour.start, zone).to_string());
        let again = drawn.last().is_some_and(|before| before.hour == of_day && before.day == day);
        drawn.push(CloseHour {
            start: hour.start.to_string(),
            hour: of_day,
            day,
            again,
            approved: counts.approved,
            declined: counts.declined,
            not_sent: counts.not_sent.saturating_add(counts.refused),
            unknown: counts.unknown,
            reversed: counts.reversed,
        });
    }
    drawn
}

fn comparison(one: &Comparison, names: &Names) -> CloseComparison {
    CloseComparison {
        ended: one.ended.to_string(),
        operator: name(one.operator, names),
        agreed: one.agreed,
        unanswered: one.unanswered,
        cannot_be_asked: one.cannot_be_asked,
        nothing_sent: one.nothing_sent,
        left: one.left,
        differences: one.differences.iter().map(Into::into).collect(),
    }
}

impl From<&Difference> for CloseDifference {
    fn from(one: &Difference) -> Self {
        let (finding, found) = finding(&one.finding);
        Self {
            payment: one.payment.to_string(),
            subject: one.subject.clone(),
            account: one.account.to_string(),
            amount: one.amount.map(Into::into),
            found: found.map(Into::into),
            ours: one.ours.map(OutcomeWord::from),
            theirs: one.seen.as_ref().and_then(|seen| seen.word.as_ref()).map(|word| word.as_str().to_owned()),
            finding,
        }
    }
}

const fn finding(finding: &Finding) -> (CloseFinding, Option<Money>) {
    match finding {
        Finding::MissingThere => (CloseFinding::MissingThere, None),
        Finding::NotPaidThere => (CloseFinding::NotPaidThere, None),
        Finding::ReturnedThere { found, .. } => (CloseFinding::ReturnedThere, Some(*found)),
        Finding::NotReturnedThere => (CloseFinding::NotReturnedThere, None),
        Finding::OtherAmount { found, .. } => (CloseFinding::OtherAmount, Some(*found)),
        Finding::AmountUnreadable => (CloseFinding::AmountUnreadable, None),
        Finding::OtherCard => (CloseFinding::OtherCard, None),
        Finding::PaidThere => (CloseFinding::PaidThere, None),
        Finding::NotFinalThere => (CloseFinding::NotFinalThere, None),
        Finding::Attention => (CloseFinding::Attention, None),
        Finding::PaidByUnknownCard => (CloseFinding::PaidByUnknownCard, None),
        Finding::SettledThere => (CloseFinding::SettledThere, None),
        Finding::StillOpen => (CloseFinding::StillOpen, None),
    }
}

impl From<Standing> for CloseStanding {
    fn from(standing: Standing) -> Self {
        match standing {
            Standing::Unknown => Self::Unknown,
            Standing::SetAside => Self::SetAside,
            Standing::Contradicted => Self::Contradicted,
            Standing::Alarmed => Self::Alarmed,
            Standing::InProgress => Self::InProgress,
        }
    }
}

impl From<Recorded> for CloseOutcome {
    fn from(recorded: Recorded) -> Self {
        match recorded {
            Recorded::Approved => Self::Approved,
            Recorded::Declined => Self::Declined,
            Recorded::Refused => Self::Refused,
            Recorded::NotSent => Self::NotSent,
            Recorded::Reversed => Self::Reversed,
            Recorded::NotReversed => Self::NotReversed,
        }
    }
}

impl From<vezne_journal::CloseLine> for CloseRow {
    fn from(line: vezne_journal::CloseLine) -> Self {
        Self {
            number: line.number,
            at: line.at.to_string(),
            from_day: line.from_day,
            day: line.day,
            anchor: line.anchor,
        }
    }
}

impl From<&vezne_till::ComparingView> for ComparingView {
    fn from(view: &vezne_till::ComparingView) -> Self {
        Self {
            number: view.number,
            done: view.done,
            of: view.of,
            differences: view.differences,
            ended: view.ended,
            not_kept: view.not_kept.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use vezne_core::close::Counts;

    use super::*;

    fn drawn(zone: &str, starts: &[&str]) -> Vec<CloseHour> {
        let zone = TimeZone::get(zone).unwrap();
        let counts = Counts { approved: 1, ..Counts::default() };
        let found: Vec<Hour> = starts.iter().map(|start| Hour { start: start.parse().unwrap(), counts }).collect();
        hours(&found, &zone)
    }

    #[test]
    fn the_night_on_which_berlins_clocks_go_back_shows_two_oclock_twice() {
        let hours = drawn("Europe/Berlin", &["2026-10-24T22:00:00Z", "2026-10-25T02:00:00Z"]);
        let told: Vec<_> = hours.iter().map(|hour| (hour.hour, hour.again, hour.approved)).collect();
        assert_eq!(told, [(0, false, 1), (1, false, 0), (2, false, 0), (2, true, 0), (3, false, 1)]);
    }

    #[test]
    fn the_night_on_which_they_go_forward_leaves_two_oclock_out() {
        let hours = drawn("Europe/Berlin", &["2026-03-29T00:00:00Z", "2026-03-29T02:00:00Z"]);
        assert_eq!(hours.iter().map(|hour| hour.hour).collect::<Vec<_>>(), [1, 3, 4]);
    }

    #[test]
    fn a_span_of_many_days_draws_only_what_happened() {
        let hours = drawn("Europe/Istanbul", &["2026-01-01T08:00:00Z", "2026-03-01T08:00:00Z"]);
        assert_eq!(hours.len(), 2);
        assert_eq!(drawn("Europe/Istanbul", &[]).len(), 0);
    }
}
