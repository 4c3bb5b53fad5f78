//! The lines of a day close, as a table: what was counted, and what is listed one by one.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;
use vezne_core::close::{About, Closed, Listed, Plan, Sum, Sums};
use vezne_core::ids::OperatorId;
use vezne_core::money::{Currency, Money};
use vezne_core::time::Timestamp;

use crate::separated::Separators;
use crate::text::{clean, cut, guarded};
use crate::words::{self, Language};

/// One line of the table. Every word is the same in both languages: programs read it too.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct CloseLine {
    /// The number of the close.
    pub close: u32,
    /// Its local day, or days.
    pub day: String,
    /// What the line is: `close` for the close itself (the first one), `sum`, `open`, `settled_since`, `corrected`.
    pub section: &'static str,
    /// The outcome, or for what is open how it stands.
    pub outcome: String,
    /// What an earlier close counted it as, for a correction.
    pub was: Option<&'static str>,
    /// The merchant account's name.
    pub account: String,
    /// The operator's name; none where nobody was named.
    pub operator: Option<String>,
    /// In how many installments, or `credit_limit`.
    pub plan: Option<String>,
    /// The currency.
    pub currency: Option<&'static str>,
    /// How many.
    pub count: u32,
    /// How much, with a dot.
    pub amount: Option<String>,
    /// The payment, for a line that speaks of one.
    pub payment: Option<String>,
    /// The order's id or the desk's reference.
    pub subject: Option<String>,
    /// The card's last four digits.
    pub last_four: Option<String>,
    /// When it was opened.
    pub opened: Option<Timestamp>,
    /// Since when it stands so.
    pub since: Option<Timestamp>,
    /// The time zone of the day.
    pub zone: String,
    /// What a person keeps of the close on paper, on its own line.
    pub anchor: Option<String>,
    /// From when on something is missing here and in these sums: a backup was restored. On the close's own line.
    pub missing_from: Option<Timestamp>,
    /// Until when.
    pub missing_until: Option<Timestamp>,
    /// Whether it was practice: no money moved.
    pub training: bool,
}

/// The titles of the columns: English, Turkish. In the order of [`CloseLine`]; `{zone}` stands for the time zone's name.
const TITLES: [[&str; 2]; 21] = [
    ["Close", "Gün sonu"],
    ["Day ({zone})", "Gün ({zone})"],
    ["Section", "Bölüm"],
    ["Outcome", "Sonuç"],
    ["Was", "Önceki"],
    ["Account", "Hesap"],
    ["Operator", "Görevli"],
    ["Plan", "Taksit"],
    ["Currency", "Para birimi"],
    ["Count", "Adet"],
    ["Amount", "Tutar"],
    ["Payment", "Ödeme"],
    ["Order or reference", "Sipariş ya da referans"],
    ["Card", "Kart"],
    ["Opened (UTC)", "Açıldı (UTC)"],
    ["Since (UTC)", "Ne zamandan beri (UTC)"],
    ["Time zone", "Saat dilimi"],
    ["Anchor", "Çapa"],
    ["Missing from (UTC)", "Eksik: başlangıç (UTC)"],
    ["Missing until (UTC)", "Eksik: bitiş (UTC)"],
    ["Training", "Eğitim"],
];

type OneSum = (&'static str, fn(&Sums) -> Sum);

const SUMS: [OneSum; 7] = [
    ("approved", |sums| sums.approved),
    ("reversed", |sums| sums.reversed),
    ("withdrawn", |sums| sums.withdrawn),
    ("reinstated", |sums| sums.reinstated),
    ("declined", |sums| sums.declined),
    ("refused", |sums| sums.refused),
    ("not_sent", |sums| sums.not_sent),
];

/// Every line of a close, the close itself first; `training`: whether it was made in training mode.
#[must_use]
pub fn close_lines(closed: &Closed, names: &BTreeMap<OperatorId, String>, training: bool) -> Vec<CloseLine> {
    let close = &closed.close;
    let base = CloseLine {
        close: close.number,
        day: close.label.to_string(),
        zone: close.label.zone.clone(),
        training,
        ..CloseLine::default()
    };
    let name =
        |operator: Option<OperatorId>| operator.map(|id| names.get(&id).cloned().unwrap_or_else(|| id.to_string()));
    let mut lines = vec![CloseLine {
        section: "close",
        operator: name(close.operator),
        opened: Some(close.at),
        since: close.covers.since,
        anchor: Some(closed.anchor.to_string()),
        missing_from: close.missing.map(|span| span.from),
        missing_until: close.missing.map(|span| span.until),
        ..base.clone()
    }];
    for cell in &close.figures.cells {
        for (word, sum) in SUMS.iter().map(|(word, of)| (*word, of(&cell.sums))).filter(|(_, sum)| sum.count > 0) {
            lines.push(CloseLine {
                section: "sum",
                outcome: word.to_owned(),
                account: cell.account_name.to_string(),
                operator: name(cell.operator),
                plan: plan(cell.plan),
                currency: cell.currency.map(Currency::code),
                count: sum.count,
                amount: cell.currency.map(|currency| Money::from_minor(sum.minor, currency).amount_text()),
                ..base.clone()
            });
        }
    }
    let figures = &close.figures;
    let open = figures.open.iter().map(|(standing, line)| listed(&base, "open", standing.word(), line));
    let late = figures.late.iter().map(|late| listed(&base, "settled_since", late.outcome.word(), &late.line));
    let corrected = figures.corrected.iter().map(|one| CloseLine {
        was: Some(one.was.word()),
        ..listed(&base, "corrected", one.is.map_or("open", vezne_core::close::Recorded::word), &one.line)
    });
    lines.extend(open.chain(late).chain(corrected));
    lines
}

fn plan(plan: Plan) -> Option<String> {
    match plan {
        Plan::Installments(count) => Some(count.to_string()),
        Plan::CreditLimit => Some("credit_limit".to_owned()),
        Plan::NotKnown => None,
    }
}

fn listed(base: &CloseLine, section: &'static str, word: &str, line: &Listed) -> CloseLine {
    let outcome = match line.about {
        About::Attempt(_) => word.to_owned(),
        About::Reversal { .. } => format!("reversal {word}"),
    };
    CloseLine {
        section,
        outcome,
        account: line.account.to_string(),
        currency: line.amount.map(|money| money.currency().code()),
        count: 1,
        amount: line.amount.map(|money| money.amount_text()),
        payment: Some(line.payment.to_string()),
        subject: line.subject.clone(),
        last_four: line.last_four.map(|digits| digits.to_string()),
        opened: Some(line.opened),
        since: Some(line.since),
        ..base.clone()
    }
}

/// Writes the lines as CSV: UTF-8 with a byte order mark, CRLF, titles in the first line, nothing that becomes a formula.
///
/// # Errors
/// When it can't be written.
pub fn close_csv(
    lines: &[CloseLine],
    separators: Separators,
    language: Language,
    out: &mut dyn Write,
) -> io::Result<()> {
    let separator = match separators {
        Separators::Semicolon => ";",
        Separators::Comma => ",",
    };
    out.write_all("\u{feff}".as_bytes())?;
    let zone = lines.first().map_or("", |line| line.zone.as_str());
    let titles: Vec<String> = TITLES.iter().map(|both| language.of(both).replace("{zone}", zone)).collect();
    out.write_all(titles.join(separator).as_bytes())?;
    out.write_all(b"\r\n")?;
    for line in lines {
        let cells: Vec<String> = cells(line, separators, language).iter().map(|cell| quoted(cell, separator)).collect();
        out.write_all(cells.join(separator).as_bytes())?;
        out.write_all(b"\r\n")?;
    }
    out.flush()
}

fn cells(line: &CloseLine, separators: Separators, language: Language) -> [String; 21] {
    let text = |text: &Option<String>| text.as_deref().map(safe).unwrap_or_default();
    let moment = |at: Option<Timestamp>| at.map(|at| at.to_string()).unwrap_or_default();
    let amount = line.amount.clone().unwrap_or_default();
    [
        line.close.to_string(),
        line.day.clone(),
        line.section.to_owned(),
        line.outcome.clone(),
        line.was.unwrap_or_default().to_owned(),
        safe(&line.account),
        text(&line.operator),
        line.plan.clone().unwrap_or_default(),
        line.currency.unwrap_or_default().to_owned(),
        line.count.to_string(),
        match separators {
            Separators::Semicolon => amount.replace('.', ","),
            Separators::Comma => amount,
        },
        line.payment.clone().unwrap_or_default(),
        text(&line.subject),
        text(&line.last_four),
        moment(line.opened),
        moment(line.since),
        line.zone.clone(),
        line.anchor.clone().unwrap_or_default(),
        moment(line.missing_from),
        moment(line.missing_until),
        language.of(if line.training { &words::YES } else { &words::NO }).to_owned(),
    ]
}

fn safe(text: &str) -> String {
    let clean = clean(text);
    cut(guarded(&clean)).into_owned()
}

fn quoted(cell: &str, separator: &str) -> String {
    if cell.contains(['"', '\n']) || cell.contains(separator) || cell != cell.trim() {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_owned()
    }
}

/// Writes the lines as JSON, one object a line, each text as it was.
///
/// # Errors
/// When it can't be written.
pub fn close_json(lines: &[CloseLine], out: &mut dyn Write) -> io::Result<()> {
    for line in lines {
        serde_json::to_writer(&mut *out, line)?;
        out.write_all(b"\n")?;
    }
    out.flush()
}

#[cfg(test)]
mod tests {
    use vezne_core::account::GatewayKind;
    use vezne_core::card::LastFour;
    use vezne_core::close::{Anchor, Cell, Covers, DayClose, Figures, Label, Standing};
    use vezne_core::ids::{AttemptId, PaymentId};

    use super::*;

    fn closed() -> Closed {
        let at: Timestamp = "2026-11-21T19:00:00Z".parse().unwrap();
        let day = "2026-11-21".parse().unwrap();
        let sums = Sums { approved: Sum { count: 2, minor: 123_450 }, ..Sums::default() };
        let line = Listed {
            opened: at,
            about: About::Attempt(AttemptId::from_parts(at, [1; 10])),
            payment: PaymentId::from_parts(at, [1; 10]),
            account: "Tezgâh; ana".parse().unwrap(),
            subject: Some("=HYPERLINK(\"x\")".to_owned()),
            amount: Some(Money::from_minor(500, Currency::TRY)),
            last_four: Some(LastFour::parse("0042").unwrap()),
            since: at,
        };
        let cell = Cell {
            account: "counter".parse().unwrap(),
            account_name: "Tezgâh; ana".parse().unwrap(),
            gateway: GatewayKind::Finrota,
            currency: Some(Currency::TRY),
            operator: None,
            plan: Plan::Installments(3),
            sums,
        };
        let close = DayClose {
            number: 3,
            covers: Covers { after: 0, since: None, tip: 9, tip_hash: "ab".repeat(32) },
            at,
            label: Label { zone: "Europe/Istanbul".to_owned(), from: day, to: day },
            operator: None,
            missing: Some(vezne_core::ports::MissingSpan {
                from: "2026-11-20T21:00:00Z".parse().unwrap(),
                until: "2026-11-20T22:00:00Z".parse().unwrap(),
            }),
            figures: Figures { cells: vec![cell], open: vec![(Standing::Unknown, line)], ..Figures::default() },
        };
        Closed { close, seq: 10, anchor: Anchor::of(3, &[3; 32]), comparisons: Vec::new() }
    }

    fn csv(separators: Separators, language: Language) -> String {
        let mut out = Vec::new();
        close_csv(&close_lines(&closed(), &BTreeMap::new(), true), separators, language, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_close_opens_right_in_either_region_and_nothing_in_it_becomes_a_formula() {
        let turkish = csv(Separators::Semicolon, Language::Turkish);
        assert!(turkish.starts_with("\u{feff}Gün sonu;Gün (Europe/Istanbul);"), "{turkish}");
        assert!(turkish.contains("\"Tezgâh; ana\"") && turkish.contains(";1234,50;"), "{turkish}");
        assert!(turkish.contains("'=HYPERLINK") && turkish.contains("'0042"), "{turkish}");
        let english = csv(Separators::Comma, Language::English);
        assert!(english.contains(",sum,approved,,Tezgâh; ana,,3,TRY,2,1234.50,"), "{english}");
        let anchor = Anchor::of(3, &[3; 32]).to_string();
        let own = english.lines().nth(1).unwrap();
        assert!(
            own.contains(&format!(",Europe/Istanbul,{anchor},2026-11-20T21:00:00.000Z,2026-11-20T22:00:00.000Z,yes")),
            "{own}"
        );
        assert!(
            english.contains("Opened (UTC)") && english.lines().skip(1).all(|line| line.ends_with(",yes")),
            "{english}"
        );
        for line in english.trim_start_matches('\u{feff}').lines() {
            assert!(!line.contains(",="), "{line}");
        }
    }

    #[test]
    fn json_keeps_every_text_as_it_was() {
        let mut out = Vec::new();
        close_json(&close_lines(&closed(), &BTreeMap::new(), true), &mut out).unwrap();
        let lines: Vec<serde_json::Value> =
            String::from_utf8(out).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(lines.len(), 3);
        assert_eq!((&lines[0]["section"], &lines[0]["count"]), (&"close".into(), &0.into()));
        assert_eq!(lines[0]["anchor"], Anchor::of(3, &[3; 32]).to_string());
        assert!(lines.iter().all(|line| line["training"] == true && line["zone"] == "Europe/Istanbul"), "{lines:?}");
        assert_eq!(lines[1]["amount"], "1234.50");
        assert_eq!((&lines[2]["subject"], &lines[2]["outcome"]), (&"=HYPERLINK(\"x\")".into(), &"unknown".into()));
    }
}
