//! The paper of a day close: what it counts and lists, and the anchor that a person keeps.

mod words;

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use vezne_core::close::{About, Closed, Comparison, Listed, Plan, Recorded, Standing, Sum, Sums};
use vezne_core::ids::OperatorId;
use vezne_core::money::{Currency, Money};
use vezne_core::text::ForeignText;
use vezne_core::time::Timestamp;

use crate::block::{Align, Block, Column, Document, Row, Table, TableRow, Text};
use crate::figures::{amount, moment};
use crate::words as common;
use crate::{HeaderLine, Language, Marks};
use words::{Words, words};

/// A close, with what is needed to print it.
#[derive(Debug, Clone, PartialEq)]
pub struct ClosePaper {
    /// The lines of the merchant's header: name, address, telephone.
    pub merchant: Vec<HeaderLine>,
    /// The close.
    pub closed: Closed,
    /// The names of the operators in it.
    pub names: BTreeMap<OperatorId, String>,
    /// What is said of the paper itself.
    pub marks: Marks,
}

impl ClosePaper {
    /// The paper as blocks, in that language. Moments are in the time zone in which the day was closed.
    #[must_use]
    pub fn document(&self, language: Language) -> Document {
        let says = Says { paper: self, words: words(language), language, zone: self.zone() };
        let title = Text::from((says.words.title)(self.closed.close.number));
        let mut blocks = Vec::new();
        let common = common::words(language);
        if self.marks.training {
            blocks.push(Block::Mark(Text::new(common.training)));
        }
        let head: Vec<Text> = self.merchant.iter().map(Text::from).filter(|line| !line.is_empty()).collect();
        if !head.is_empty() {
            blocks.extend([Block::Head(head), Block::Rule]);
        }
        blocks.extend([Block::Title(title.clone()), Block::Rows(says.circumstances()), Block::Rule]);
        blocks.extend(says.missing());
        blocks.extend(says.totals());
        blocks.extend(says.breakdowns());
        blocks.extend(says.lists());
        blocks.extend(says.comparisons());
        blocks.push(Block::Rule);
        blocks.push(Block::Heading(Text::new(says.words.anchor)));
        blocks.push(Block::Strong(Text::from(self.closed.anchor.to_string())));
        blocks.push(Block::Small(Text::new(says.words.anchor_says)));
        blocks.push(Block::Small(Text::new(common.not_fiscal)));
        if self.marks.training {
            blocks.push(Block::Small(Text::new(common.training_small)));
        }
        let document = Document { language, title, moment: self.closed.close.at, blocks };
        match self.marks.copy {
            Some(mark) => document.as_copy(mark),
            None => document,
        }
    }

    fn zone(&self) -> TimeZone {
        self.closed.close.label.time_zone()
    }
}

struct Says<'a> {
    paper: &'a ClosePaper,
    words: &'static Words,
    language: Language,
    zone: TimeZone,
}

/// A row of one table: what became of it, and which of the sums it is.
type Line = (fn(&Words) -> &'static str, fn(&Sums) -> Sum);

const LINES: [Line; 7] = [
    (|words| words.approved, |sums| sums.approved),
    (|words| words.reversed, |sums| sums.reversed),
    (|words| words.withdrawn, |sums| sums.withdrawn),
    (|words| words.reinstated, |sums| sums.reinstated),
    (|words| words.declined, |sums| sums.declined),
    (|words| words.refused, |sums| sums.refused),
    (|words| words.not_sent, |sums| sums.not_sent),
];

impl Says<'_> {
    fn row(label: &str, value: impl Into<Text>) -> Row {
        Row { label: Text::new(label), value: value.into(), align: Align::Left, strong: false }
    }

    fn moment(&self, at: Timestamp) -> String {
        moment(at, &self.zone, self.language)
    }

    fn circumstances(&self) -> Vec<Row> {
        let close = &self.paper.closed.close;
        let begin = close.covers.since.map_or_else(|| self.words.beginning.to_owned(), |since| self.moment(since));
        let events = format!("{} \u{2013} {}", close.covers.after.saturating_add(1), close.covers.tip);
        let mut rows = vec![
            Self::row(self.words.day, format!("{} ({})", close.label, close.label.zone)),
            Self::row(self.words.made, self.moment(close.at)),
            Self::row(self.words.since, begin),
            Self::row(self.words.events, events),
        ];
        if let Some(operator) = close.operator {
            rows.push(Self::row(self.words.by, self.name(Some(operator))));
        }
        rows
    }

    fn name(&self, operator: Option<OperatorId>) -> String {
        match operator {
            None => self.words.nobody.to_owned(),
            Some(id) => self.paper.names.get(&id).cloned().unwrap_or_else(|| id.to_string()),
        }
    }

    /// What a restored backup left out: whoever reads the sums must know that they are not all there is.
    fn missing(&self) -> Vec<Block> {
        let Some(span) = self.paper.closed.close.missing else { return Vec::new() };
        let words = (self.words.missing)(&self.moment(span.from), &self.moment(span.until));
        vec![Block::Strong(Text::from(words)), Block::Rule]
    }

    fn money(&self, minor: i64, currency: Option<Currency>) -> String {
        currency.map_or_else(String::new, |currency| amount(Money::from_minor(minor, currency), self.language))
    }

    fn columns(&self, first: &str) -> Vec<Column> {
        [(first, Align::Left), (self.words.count, Align::Right), (self.words.sum, Align::Right)]
            .into_iter()
            .map(|(head, align)| Column { head: Text::new(head), align })
            .collect()
    }

    fn totals(&self) -> Vec<Block> {
        let totals = self.paper.closed.close.figures.totals();
        if totals.is_empty() {
            return vec![Block::Paragraph(Text::new(self.words.nothing))];
        }
        let mut blocks = Vec::new();
        for (currency, sums) in totals {
            let heading = currency.map_or(self.words.no_amount, Currency::code);
            blocks.push(Block::Heading(Text::new(heading)));
            let mut rows: Vec<TableRow> = LINES
                .iter()
                .map(|(label, sum)| (label(self.words), sum(&sums)))
                .filter(|(_, sum)| sum.count > 0)
                .map(|(label, sum)| TableRow {
                    cells: vec![
                        Text::new(label),
                        Text::from(sum.count.to_string()),
                        Text::from(self.money(sum.minor, currency)),
                    ],
                    strong: false,
                })
                .collect();
            if currency.is_some() {
                let cells =
                    vec![Text::new(self.words.net), Text::default(), Text::from(self.money(sums.net(), currency))];
                rows.push(TableRow { cells, strong: true });
            }
            blocks.push(Block::Table(Table { columns: self.columns(self.words.outcome), rows }));
        }
        blocks
    }

    /// What came in by account, operator and plan; only where there is more than one of it.
    fn breakdowns(&self) -> Vec<Block> {
        let figures = &self.paper.closed.close.figures;
        let by_account = figures.by(|cell| cell.account_name.to_string());
        let by_operator = figures.by(|cell| self.name(cell.operator));
        let by_plan = figures.by(|cell| cell.plan).into_iter();
        let by_plan = by_plan.map(|(plan, currency, sums)| (self.plan(plan), currency, sums)).collect();
        let mut blocks = Vec::new();
        for (heading, groups) in
            [(self.words.by_account, by_account), (self.words.by_operator, by_operator), (self.words.by_plan, by_plan)]
        {
            blocks.extend(self.breakdown(heading, groups));
        }
        blocks
    }

    fn plan(&self, plan: Plan) -> String {
        match plan {
            Plan::Installments(1) => self.words.single.to_owned(),
            Plan::Installments(count) => (self.words.installments)(count),
            Plan::CreditLimit => self.words.credit_limit.to_owned(),
            Plan::NotKnown => self.words.plan_not_known.to_owned(),
        }
    }

    fn breakdown(&self, heading: &str, groups: Vec<(String, Option<Currency>, Sums)>) -> Vec<Block> {
        let rows: Vec<TableRow> = groups
            .into_iter()
            .filter(|(_, _, sums)| sums.moves_money())
            .map(|(label, currency, sums)| TableRow {
                cells: vec![
                    Text::from(label),
                    Text::from(sums.approved.count.to_string()),
                    Text::from(self.money(sums.net(), currency)),
                ],
                strong: false,
            })
            .collect();
        if rows.is_empty() {
            return Vec::new();
        }
        let table = Table { columns: self.columns(self.words.net_of), rows };
        vec![Block::Heading(Text::new(heading)), Block::Table(table)]
    }

    fn lists(&self) -> Vec<Block> {
        let figures = &self.paper.closed.close.figures;
        let mut blocks = Vec::new();
        for standing in
            [Standing::Unknown, Standing::SetAside, Standing::Contradicted, Standing::Alarmed, Standing::InProgress]
        {
            let lines = figures.open.iter().filter(|(found, _)| *found == standing);
            let lines = lines.map(|(_, line)| self.listed(line, String::new())).collect();
            blocks.extend(Self::list((self.words.standing)(standing), lines));
        }
        let late = figures.late.iter().map(|late| self.listed(&late.line, self.recorded(late.outcome)));
        blocks.extend(Self::list(self.words.settled_since, late.collect()));
        let corrected = figures.corrected.iter().map(|one| {
            let is = one.is.map_or_else(String::new, |is| self.recorded(is));
            self.listed(&one.line, format!("{} \u{2192} {is}", self.recorded(one.was)))
        });
        blocks.extend(Self::list(self.words.corrected, corrected.collect()));
        blocks
    }

    fn recorded(&self, recorded: Recorded) -> String {
        (self.words.recorded)(recorded).to_owned()
    }

    fn list(heading: &str, rows: Vec<Row>) -> Vec<Block> {
        if rows.is_empty() {
            return Vec::new();
        }
        let heading = format!("{heading} ({})", rows.len());
        vec![Block::Rule, Block::Heading(Text::from(heading)), Block::Rows(rows)]
    }

    fn listed(&self, line: &Listed, beside: String) -> Row {
        let what = match line.about {
            About::Attempt(_) => String::new(),
            About::Reversal { .. } => format!("{}: ", self.words.reversal),
        };
        let subject = line.subject.clone().unwrap_or_else(|| line.payment.to_string());
        let amount = line.amount.map(|money| amount(money, self.language)).unwrap_or_default();
        let card = line.last_four.map(|digits| format!(" **** {digits}")).unwrap_or_default();
        let beside = if beside.is_empty() { beside } else { format!(", {beside}") };
        let value = format!("{amount}{card}, {}, {}{beside}", line.account, self.moment(line.opened));
        // A booking number may be anything, a card number among it.
        let label = ForeignText::filter(&format!("{what}{subject}"));
        Row { label: Text::from(&label), value: Text::from(value), align: Align::Left, strong: false }
    }

    /// The newest whole comparison with the gateways, and any later one that was not brought to its end.
    fn comparisons(&self) -> Vec<Block> {
        self.paper.closed.telling().iter().flat_map(|comparison| self.comparison(comparison)).collect()
    }

    fn comparison(&self, comparison: &Comparison) -> Vec<Block> {
        let heading = Block::Heading(Text::new(self.words.compared));
        let mut blocks = vec![Block::Rule, heading, Block::Rows(self.comparison_rows(comparison))];
        let rows: Vec<Row> = comparison
            .differences
            .iter()
            .map(|one| {
                let amount = one.amount.map(|money| amount(money, self.language)).unwrap_or_default();
                let label = ForeignText::filter(&one.subject);
                let value = format!("{amount}, {}: {}", one.account, (self.words.finding)(&one.finding));
                Row { label: Text::from(&label), value: Text::from(value), align: Align::Left, strong: false }
            })
            .collect();
        blocks.extend(Self::list(self.words.differences, rows));
        blocks
    }

    fn comparison_rows(&self, comparison: &Comparison) -> Vec<Row> {
        let count = |label, count: u32| (count > 0).then(|| Self::row(label, count.to_string()));
        let mut rows = vec![
            Self::row(self.words.made, self.moment(comparison.ended)),
            Self::row(self.words.agreed, comparison.agreed.to_string()),
        ];
        rows.extend(count(self.words.unanswered, comparison.unanswered));
        rows.extend(count(self.words.cannot_be_asked, comparison.cannot_be_asked));
        rows.extend(count(self.words.nothing_sent, comparison.nothing_sent));
        rows.extend(count(self.words.left, comparison.left));
        rows
    }
}

#[cfg(test)]
mod tests;
