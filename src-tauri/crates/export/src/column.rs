//! The columns of the table: the one place that says what stands in which, for every format and for the documentation.

use std::borrow::Cow;

use jiff::civil;
use vezne_core::card::CardSummary;
use vezne_core::money::Money;
use vezne_core::reference::Part;
use vezne_core::reversal::Kind;
use vezne_core::time::Timestamp;

use crate::head::{Head, Zone};
use crate::row::{Code, PaymentRow, Subject, Total};
use crate::words::{self, Both, Language};

/// What stands in a cell; each format writes it in its own way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value<'a> {
    /// Nothing.
    Empty,
    /// A text that is not ours: whoever wrote it may have meant harm.
    Text(&'a str),
    /// A text that is ours: an id, a masked card, a name that was checked when it was set.
    Own(Cow<'a, str>),
    /// A word of ours: in JSON always the same, in the other formats in the table's language.
    Word {
        /// The word in JSON; none where JSON says by nothing what a person needs a word for.
        code: Option<Cow<'static, str>>,
        /// The word in English and in Turkish.
        shown: [Cow<'static, str>; 2],
    },
    /// Yes or no.
    Flag(bool),
    /// A number that is no amount.
    Count(u8),
    /// An amount, without its currency, which has a column of its own.
    Amount(Money),
    /// A day in the desk's time zone.
    Day(civil::Date),
    /// A time of day in the desk's time zone, to the second.
    Time(civil::Time),
    /// A moment, to the millisecond, in UTC.
    Instant(Timestamp),
    /// Any number of codes.
    Codes(&'a [Code]),
}

/// A row with what is worked out once for all its columns.
#[derive(Debug)]
pub(crate) struct Line<'a> {
    row: &'a PaymentRow,
    opened: civil::DateTime,
}

impl<'a> Line<'a> {
    pub(crate) fn of(row: &'a PaymentRow, zone: &Zone) -> Self {
        Self { row, opened: zone.local(row.opened) }
    }
}

/// A column of the table.
pub struct Column {
    /// Its name in JSON. It never changes its meaning; what means something else gets another name.
    pub name: &'static str,
    /// Its title in English and Turkish; `{zone}` stands for the time zone's name.
    titles: Both,
    /// What it means, for the documentation.
    pub about: &'static str,
    /// How many characters wide it is shown.
    pub width: u8,
    value: for<'a> fn(&Line<'a>) -> Value<'a>,
}

impl Column {
    /// Its title in the table's language.
    #[must_use]
    pub fn title(&self, head: &Head) -> String {
        head.language.of(&self.titles).replace("{zone}", head.zone.name())
    }

    /// Its title in a language, with `{zone}` where the time zone's name goes.
    #[must_use]
    pub const fn title_in(&self, language: Language) -> &'static str {
        language.of(&self.titles)
    }

    pub(crate) fn value<'a>(&self, line: &Line<'a>) -> Value<'a> {
        (self.value)(line)
    }
}

const fn column(
    name: &'static str,
    titles: Both,
    about: &'static str,
    width: u8,
    value: for<'a> fn(&Line<'a>) -> Value<'a>,
) -> Column {
    Column { name, titles, about, width, value }
}

/// All columns, in their order.
pub const COLUMNS: &[Column] = &[
    column("day", ["Day ({zone})", "Gün ({zone})"], "the local day it was opened on", 12, |line| {
        Value::Day(line.opened.date())
    }),
    column("time", ["Time ({zone})", "Saat ({zone})"], "the local time of day, to the second", 10, |line| {
        Value::Time(line.opened.time())
    }),
    column("opened", ["Opened (UTC)", "Açılış (UTC)"], "the moment it was opened", 24, |line| {
        Value::Instant(line.row.opened)
    }),
    column(
        "since",
        ["Outcome since (UTC)", "Sonuç zamanı (UTC)"],
        "since when its outcome is what it is",
        24,
        |line| Value::Instant(line.row.since),
    ),
    column("line", ["Line", "Satır"], "`payment` for an attempt, `void` or `refund` for what went back", 10, line_word),
    column("payment", ["Payment", "Ödeme"], "the payment's id", 31, |line| owned(&line.row.payment)),
    column("attempt", ["Attempt", "Deneme"], "the attempt's id", 31, |line| owned(&line.row.attempt)),
    column("reversal", ["Void or refund", "İptal ya da iade"], "its id, on a line of its own", 31, |line| {
        line.row.reversal.as_ref().map_or(Value::Empty, |back| owned(&back.reversal))
    }),
    column("desk", ["Desk", "Kasa"], "the desk", 14, |line| Value::Text(&line.row.desk)),
    column("operator", ["Operator", "Kasiyer"], "who sat at the desk", 18, |line| text(line.row.operator.as_ref())),
    column("account", ["Account", "Hesap"], "the merchant account's name", 18, |line| {
        Value::Text(line.row.account.as_str())
    }),
    column("gateway", ["Gateway", "Ödeme kuruluşu"], "`finrota` or `yolcu360`", 12, |line| {
        word(line.row.gateway.word(), words::gateway(line.row.gateway))
    }),
    column("order", ["Order", "Sipariş"], "the gateway's order, where one was paid", 26, |line| {
        order(line.row.subject.as_ref())
    }),
    column("booking", ["Reference", "Referans"], "the desk's own booking number, where one was paid", 20, |line| {
        booking(line.row.subject.as_ref())
    }),
    column(
        "part",
        ["Part", "Kısım"],
        "which part of the booking: `rental`, `deposit`, `extra` or its number",
        10,
        |line| part(line.row.subject.as_ref()),
    ),
    column("owed", ["Amount owed", "Borç tutarı"], "what was owed before commission", 16, |line| {
        amount(line.row.owed)
    }),
    column("owed_currency", ["Currency owed", "Borç para birimi"], "its currency", 9, |line| currency(line.row.owed)),
    column("total", ["Total", "Toplam"], "what was or was to be charged; below zero for what goes back", 16, |line| {
        amount(line.row.total.map(|total| total.amount))
    }),
    column("commission", ["Commission", "Komisyon"], "the total less what was owed, in one currency", 14, |line| {
        amount(line.row.commission())
    }),
    column("reversed", ["Reversed", "İptal ve iade"], "what of the total surely went back", 16, |line| {
        amount(line.row.total.as_ref().and_then(Total::reversed))
    }),
    column("currency", ["Currency", "Para birimi"], "the currency of total, commission and reversed", 9, |line| {
        currency(line.row.total.map(|total| total.amount))
    }),
    column("installments", ["Installments", "Taksit"], "in how many; 1 is at once", 9, |line| {
        line.row.installments.map_or(Value::Empty, Value::Count)
    }),
    column("means", ["Means", "Ödeme yolu"], "`card` or `credit_limit`", 12, |line| {
        line.row.means.map_or(Value::Empty, |means| word(means.word(), words::means(means)))
    }),
    column("card", ["Card", "Kart"], "its first six or eight digits, three stars, its last four", 18, |line| {
        line.row.card.as_ref().map_or(Value::Empty, |card| Value::Own(Cow::Owned(masked(card))))
    }),
    column("brand", ["Card brand", "Kart markası"], "the card's brand", 16, |line| {
        line.row.card.as_ref().map_or(Value::Empty, |card| Value::Own(Cow::Borrowed(card.brand.rules().name)))
    }),
    column("holder", ["Card holder", "Kart sahibi"], "the card holder's name", 24, |line| {
        text(line.row.holder.as_ref())
    }),
    column(
        "outcome",
        ["Outcome", "Sonuç"],
        "`approved`, `declined`, `refused`, `unknown` or `not_sent`; nothing while it is in progress",
        14,
        outcome,
    ),
    column("refused_by", ["Refused by", "Kabul etmeyen"], "`vezne` or `gateway`", 14, |line| {
        line.row.refused_by.map_or(Value::Empty, |by| word(by.word(), words::refused_by(by)))
    }),
    column("evidence", ["Evidence", "Nereden biliniyor"], "what the outcome rests on", 26, |line| {
        line.row.evidence.map_or(Value::Empty, |kind| word(kind.word(), words::evidence(kind)))
    }),
    column("unconfirmed", ["Unconfirmed", "Doğrulanmadı"], "whether it stands on weaker evidence", 12, |line| {
        Value::Flag(line.row.unconfirmed)
    }),
    column("reason", ["Reason", "Neden"], "why, as a code", 22, |line| {
        line.row.reason.as_ref().map_or(Value::Empty, |code| Value::Own(Cow::Borrowed(code.as_str())))
    }),
    column(
        "reason_text",
        ["In the gateway's words", "Kuruluşun sözleriyle"],
        "why, in the gateway's words",
        36,
        |line| text(line.row.reason_text.as_ref()),
    ),
    column(
        "reference",
        ["Attempt reference", "Deneme referansı"],
        "what the gateway knows the attempt by",
        31,
        |line| {
            line.row.reference.as_ref().map_or(Value::Empty, |reference| Value::Own(Cow::Borrowed(reference.as_str())))
        },
    ),
    column(
        "gateway_payment",
        ["Gateway payment number", "Ödeme no (kuruluş)"],
        "the gateway's own number",
        26,
        |line| text(line.row.gateway_payment.as_ref()),
    ),
    column("gateway_reference", ["Gateway reference", "Referans (kuruluş)"], "the gateway's reference", 26, |line| {
        text(line.row.gateway_reference.as_ref())
    }),
    column("authorisation", ["Authorisation code", "Provizyon kodu"], "only where an answer carried one", 14, |line| {
        text(line.row.authorisation.as_ref())
    }),
    column("alarms", ["Alarms", "Uyarılar"], "standing alarms, as codes", 22, |line| Value::Codes(&line.row.alarms)),
    column("training", ["Training", "Eğitim"], "whether it was practice: no money moved", 9, |line| {
        Value::Flag(line.row.training)
    }),
];

fn line_word<'a>(line: &Line<'a>) -> Value<'a> {
    match line.row.reversal {
        None => word("payment", words::PAYMENT),
        Some(back) => word(kind_word(back.kind), words::kind(back.kind)),
    }
}

/// The word in JSON.
pub(crate) const fn kind_word(kind: Kind) -> &'static str {
    match kind {
        Kind::Void => "void",
        Kind::Refund => "refund",
    }
}

fn text<'a>(text: Option<&'a String>) -> Value<'a> {
    text.map_or(Value::Empty, |text| Value::Text(text))
}

fn owned<'a>(id: &impl std::fmt::Display) -> Value<'a> {
    Value::Own(Cow::Owned(id.to_string()))
}

fn word<'a>(code: &'static str, shown: Both) -> Value<'a> {
    Value::Word { code: Some(Cow::Borrowed(code)), shown: shown.map(Cow::Borrowed) }
}

const fn order(subject: Option<&Subject>) -> Value<'_> {
    match subject {
        Some(Subject::Order(order)) => Value::Text(order.as_str()),
        Some(Subject::Booking { .. }) | None => Value::Empty,
    }
}

const fn booking(subject: Option<&Subject>) -> Value<'_> {
    match subject {
        Some(Subject::Order(_)) | None => Value::Empty,
        Some(Subject::Booking { number, .. }) => Value::Text(number.as_str()),
    }
}

fn part<'a>(subject: Option<&Subject>) -> Value<'a> {
    let part = match subject {
        Some(Subject::Order(_) | Subject::Booking { part: None, .. }) | None => return Value::Empty,
        Some(Subject::Booking { part: Some(part), .. }) => *part,
    };
    let shown = words::part(part);
    Value::Word {
        code: Some(Cow::Owned(part.to_string())),
        shown: match part {
            Part::Rental | Part::Deposit | Part::Extra => shown.map(Cow::Borrowed),
            Part::Number(number) => shown.map(|word| Cow::Owned(format!("{word} {}", number.get()))),
        },
    }
}

fn amount<'a>(amount: Option<Money>) -> Value<'a> {
    amount.map_or(Value::Empty, Value::Amount)
}

fn currency<'a>(amount: Option<Money>) -> Value<'a> {
    amount.map_or(Value::Empty, |amount| Value::Own(Cow::Borrowed(amount.currency().code())))
}

fn outcome<'a>(line: &Line<'a>) -> Value<'a> {
    match line.row.outcome {
        // Nobody shall take an empty cell for an outcome; a program reads that there is none.
        None => Value::Word { code: None, shown: words::IN_PROGRESS.map(Cow::Borrowed) },
        Some(outcome) => word(outcome.word(), words::outcome(outcome)),
    }
}

/// What stands between the first and the last digits. How many digits are hidden is not known, so they are not counted.
pub(crate) const HIDDEN: &str = "***";

/// The card in one cell. Four digits alone would lose a leading zero in a spreadsheet.
fn masked(card: &CardSummary) -> String {
    format!("{}{HIDDEN}{}", card.bin, card.last_four)
}
