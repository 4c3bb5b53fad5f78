//! What each kind of line means.

use vezne_core::account::GatewayKind;
use vezne_core::attempt::Outcome;
use vezne_core::card::{self, Bin, CardSummary, LastFour};
use vezne_core::money::{Currency, Money};
use vezne_core::reversal::Kind;
use vezne_core::time::Timestamp;

use super::Wrong;
use super::fields::Fields;
use crate::column::{HIDDEN, kind_word};
use crate::head::{Head, Zone};
use crate::json::{KIND, VERSION};
use crate::row::{Back, Code, EvidenceKind, Means, PaymentRow, RefusedBy, Subject, Total};
use crate::words::Language;

const MOMENT: &str = "a moment in UTC, to the millisecond";
const CURRENCY: &str = "a currency's code";

/// The first line.
pub(super) fn head(mut fields: Fields) -> Result<Head, Wrong> {
    if fields.take("export").map_err(|_| Wrong::NotAnExport)?.as_str() != Some(KIND) {
        return Err(Wrong::NotAnExport);
    }
    let version = fields.take("version")?.as_u64().ok_or(Wrong::NotAnExport)?;
    if version != VERSION {
        return Err(Wrong::Version(version));
    }
    let expected = "en or tr";
    let language = fields.named("language", expected, Language::from_code)?;
    let head = Head {
        language: language.ok_or(Wrong::Field { name: "language", expected })?,
        zone: fields.some("time_zone", "the name of a time zone that is known here")?,
        from: fields.named("from", MOMENT, moment)?,
        until: fields.named("until", MOMENT, moment)?,
        made: some_moment(&mut fields, "made")?,
    };
    fields.end()?;
    Ok(head)
}

/// How many rows the last line counts; none if it is not the last.
pub(super) fn end(fields: &Fields) -> Result<Option<u64>, Wrong> {
    let expected = "a whole number";
    match fields.only("rows") {
        None => Ok(None),
        Some(rows) => rows.as_u64().map(Some).ok_or(Wrong::Field { name: "rows", expected }),
    }
}

/// A line between them.
pub(super) fn row(mut fields: Fields, zone: &Zone) -> Result<PaymentRow, Wrong> {
    let fields = &mut fields;
    let (opened, since, reversal) = (opened(fields, zone)?, some_moment(fields, "since")?, reversal(fields)?);
    // Only of what went back can what it belongs to be lost.
    let is_back = reversal.is_some();
    let row = PaymentRow {
        opened,
        since,
        reversal,
        payment: fields.some("payment", "a payment's id")?,
        attempt: fields.some("attempt", "an attempt's id")?,
        reference: unless(
            is_back,
            "reference",
            fields.named("reference", "an attempt reference", |text| text.parse().ok())?,
        )?,
        desk: fields.some_text("desk")?,
        operator: fields.text("operator")?,
        account: fields.some("account", "an account's name")?,
        gateway: one_of(fields, "gateway", "a gateway", &GATEWAYS, GatewayKind::word)?.ok_or(missing("gateway"))?,
        subject: subject(fields, is_back)?,
        owed: amount(fields, "owed", "owed_currency")?,
        total: total(fields)?,
        installments: installments(fields)?,
        means: unless(is_back, "means", one_of(fields, "means", "card or credit_limit", &Means::EVERY, Means::word)?)?,
        card: card(fields)?,
        holder: fields.text("holder")?,
        outcome: one_of(fields, "outcome", "an outcome", &OUTCOMES, Outcome::word)?,
        refused_by: one_of(fields, "refused_by", "vezne or gateway", &RefusedBy::EVERY, RefusedBy::word)?,
        evidence: fields.named("evidence", "a kind of evidence", EvidenceKind::from_word)?,
        unconfirmed: fields.flag("unconfirmed")?,
        reason: fields.named("reason", "a code", |text| text.parse().ok())?,
        reason_text: fields.text("reason_text")?,
        gateway_payment: fields.text("gateway_payment")?,
        gateway_reference: fields.text("gateway_reference")?,
        authorisation: fields.text("authorisation")?,
        alarms: alarms(fields)?,
        training: fields.flag("training")?,
    };
    if fields.text("commission")? != row.commission().map(|commission| commission.amount_text()) {
        return Err(Wrong::Disagrees { name: "commission", with: "total and owed" });
    }
    fields.end()?;
    Ok(row)
}

fn reversal(fields: &mut Fields) -> Result<Option<Back>, Wrong> {
    let (name, expected) = ("line", "payment, void or refund");
    let line = fields.some_text(name)?;
    let id = fields.named("reversal", "a reversal's id", |text| text.parse().ok())?;
    let kind = KINDS.into_iter().find(|kind| kind_word(*kind) == line);
    match (kind, id) {
        (Some(kind), Some(reversal)) => Ok(Some(Back { reversal, kind })),
        (None, None) if line == "payment" => Ok(None),
        (None, _) if line != "payment" => Err(Wrong::Field { name, expected }),
        (Some(_), None) | (None, None | Some(_)) => Err(Wrong::Disagrees { name: "reversal", with: name }),
    }
}

const KINDS: [Kind; 2] = [Kind::Void, Kind::Refund];
const GATEWAYS: [GatewayKind; 2] = [GatewayKind::Finrota, GatewayKind::Yolcu360];
const OUTCOMES: [Outcome; 5] =
    [Outcome::Approved, Outcome::Declined, Outcome::Refused, Outcome::Unknown, Outcome::NotSent];

const fn missing(name: &'static str) -> Wrong {
    Wrong::Field { name, expected: "a word" }
}

fn one_of<T: Copy>(
    fields: &mut Fields,
    name: &'static str,
    expected: &'static str,
    every: &[T],
    word: fn(T) -> &'static str,
) -> Result<Option<T>, Wrong> {
    fields.named(name, expected, |text| every.iter().copied().find(|one| word(*one) == text))
}

/// A moment exactly as it is written: another offset or fewer decimals would be another text of the same moment.
fn moment(text: &str) -> Option<Timestamp> {
    text.parse().ok().filter(|moment: &Timestamp| moment.to_string() == text)
}

fn some_moment(fields: &mut Fields, name: &'static str) -> Result<Timestamp, Wrong> {
    fields.named(name, MOMENT, moment)?.ok_or(Wrong::Field { name, expected: MOMENT })
}

/// The moment, and that the local day and time are the same one.
fn opened(fields: &mut Fields, zone: &Zone) -> Result<Timestamp, Wrong> {
    let opened = some_moment(fields, "opened")?;
    let local = zone.local(opened);
    if fields.some_text("day")? != local.date().to_string() {
        return Err(Wrong::Disagrees { name: "day", with: "opened and the time zone" });
    }
    let time = format!("{:02}:{:02}:{:02}", local.hour(), local.minute(), local.second());
    if fields.some_text("time")? != time {
        return Err(Wrong::Disagrees { name: "time", with: "opened and the time zone" });
    }
    Ok(opened)
}

/// What may be missing only on a line of what went back.
fn unless<T>(is_back: bool, name: &'static str, found: Option<T>) -> Result<Option<T>, Wrong> {
    if found.is_some() || is_back { Ok(found) } else { Err(missing(name)) }
}

fn subject(fields: &mut Fields, is_back: bool) -> Result<Option<Subject>, Wrong> {
    let part = fields.named("part", "rental, deposit, extra or a number", |text| text.parse().ok())?;
    match (fields.text("order")?, fields.text("booking")?, part) {
        (Some(order), None, None) => Ok(Some(Subject::Order(order))),
        (None, Some(number), part) => Ok(Some(Subject::Booking { number, part })),
        (None, None, None) if is_back => Ok(None),
        (Some(_), Some(_), _) | (None, None, _) | (Some(_), None, Some(_)) => Err(Wrong::Disagrees {
            name: "order",
            with: "booking and part: one of the two is paid, and only it has parts",
        }),
    }
}

fn amount(fields: &mut Fields, name: &'static str, currency: &'static str) -> Result<Option<Money>, Wrong> {
    let named = fields.named(currency, CURRENCY, Currency::from_code)?;
    let amount = fields.amount(name, named)?;
    if named.is_some() == amount.is_some() { Ok(amount) } else { Err(Wrong::Disagrees { name: currency, with: name }) }
}

fn total(fields: &mut Fields) -> Result<Option<Total>, Wrong> {
    let amount = amount(fields, "total", "currency")?;
    let reversed = fields.amount("reversed", amount.map(|amount| amount.currency()))?;
    Ok(amount.map(|amount| Total { amount, reversed_minor: reversed.map(|reversed| reversed.minor()) }))
}

fn installments(fields: &mut Fields) -> Result<Option<u8>, Wrong> {
    let (name, expected) = ("installments", "a whole number up to 255");
    let value = fields.take(name)?;
    if value.is_null() {
        return Ok(None);
    }
    let count = value.as_u64().and_then(|count| u8::try_from(count).ok());
    count.map(Some).ok_or(Wrong::Field { name, expected })
}

fn card(fields: &mut Fields) -> Result<Option<CardSummary>, Wrong> {
    let digits = fields.named("card", "six or eight digits, three stars, four digits", |text| {
        let (first, last) = text.split_once(HIDDEN)?;
        Some((Bin::parse(first).ok()?, LastFour::parse(last).ok()?))
    })?;
    let brand = fields.named("brand", "a card brand", |text| {
        card::table().iter().find(|rules| rules.name == text).map(|rules| rules.brand)
    })?;
    match (digits, brand) {
        (Some((bin, last_four)), Some(brand)) => Ok(Some(CardSummary { brand, bin, last_four })),
        (None, None) => Ok(None),
        (Some(_), None) | (None, Some(_)) => Err(Wrong::Disagrees { name: "brand", with: "card" }),
    }
}

fn alarms(fields: &mut Fields) -> Result<Vec<Code>, Wrong> {
    let wrong = || Wrong::Field { name: "alarms", expected: "a list of codes" };
    let list = fields.take("alarms")?;
    let codes = list.as_array().ok_or_else(wrong)?.iter().map(|code| code.as_str()?.parse().ok());
    codes.collect::<Option<Vec<Code>>>().ok_or_else(wrong)
}
