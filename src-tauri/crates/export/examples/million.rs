//! Writes a million payments in one format and says what it took: seconds, the process's peak of memory, the file's size.
//! `million FORMAT [ROWS] [FILE]`; without a file the table goes into a temporary folder and is removed.

#![expect(clippy::print_stdout, reason = "figures are what this program is for")]

use std::error::Error;
use std::path::PathBuf;
use std::time::Instant;

use vezne_core::account::GatewayKind;
use vezne_core::attempt::Outcome;
use vezne_core::card::{Bin, CardSummary, LastFour};
use vezne_core::ids::{AttemptId, AttemptReference, PaymentId};
use vezne_core::money::{Currency, Money};
use vezne_core::time::Timestamp;
use vezne_export::{
    EvidenceKind, Existing, FileExport, Format, Head, Language, Means, PaymentRow, Separators, Subject, Total,
};

type Wrong = Box<dyn Error>;

/// Names of a few lengths, with the letters that are two bytes long.
const NAMES: [&str; 8] = [
    "Ayşe Yılmaz",
    "İSMAİL IŞIK",
    "Mehmet Öztürk",
    "Çağla Gümüş",
    "John Smith",
    "Anna-Lena Müller",
    "Ümit Şahin",
    "Elif Nur Kaya Demirtaş",
];
const OPERATORS: [&str; 4] = ["Zeynep", "Burak", "Gökhan", "Selin"];
const BINS: [&str; 5] = ["41556501", "54000100", "97920300", "37593900", "65019800"];

/// One of a busy chain's payments: most are approved, a tenth from the credit limit, some declined, few unknown. What
/// differs from row to row is as long as in life, and packs no better.
struct Payments {
    /// The next numbers at random: xorshift, which is enough to look like chance to a packer.
    state: u64,
}

impl Payments {
    fn next(&mut self) -> u64 {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        self.state
    }

    fn bytes<const N: usize>(&mut self) -> [u8; N] {
        std::array::from_fn(|_| self.next().to_le_bytes()[3])
    }

    fn below(&mut self, most: u64) -> u64 {
        self.next() % most
    }

    fn of<T: Copy>(&mut self, all: &[T]) -> Option<T> {
        let place = usize::try_from(self.below(u64::try_from(all.len()).ok()?)).ok()?;
        all.get(place).copied()
    }

    fn card(&mut self) -> Option<CardSummary> {
        let bin = Bin::parse(self.of(&BINS)?).ok()?;
        let last_four = LastFour::parse(&format!("{:04}", self.below(10_000))).ok()?;
        Some(CardSummary { brand: bin.brand(), bin, last_four })
    }

    fn row(&mut self, opened: Timestamp) -> Result<PaymentRow, Wrong> {
        let card = if self.below(10) > 0 { self.card() } else { None };
        let outcome = match self.below(100) {
            0..85 => Outcome::Approved,
            85..95 => Outcome::Declined,
            95..98 => Outcome::NotSent,
            98 => Outcome::Refused,
            _ => Outcome::Unknown,
        };
        let approved = outcome == Outcome::Approved;
        let owed = i64::try_from(self.below(5_000_000))?;
        let installments = u8::try_from(self.below(12))?.saturating_add(1);
        let charged = owed.saturating_add(owed / 100 * i64::from(installments));
        let reversed_minor = (approved && self.below(20) == 0).then_some(charged);
        let subject = match &card {
            Some(_) => Subject::Booking { number: format!("RZ-2026-{}", self.below(10_000_000)), part: None },
            None => Subject::Order(format!("{:024x}", u128::from(self.next()) << 32)),
        };
        Ok(PaymentRow {
            opened,
            since: Timestamp::from_millis(opened.as_millis().saturating_add(i64::try_from(self.below(90_000))?)),
            reversal: None,
            payment: PaymentId::from_parts(opened, self.bytes()),
            attempt: AttemptId::from_parts(opened, self.bytes()),
            reference: Some(AttemptReference::from_random(self.bytes())),
            desk: format!("Havalimanı {}", self.below(30)),
            operator: self.of(&OPERATORS).map(str::to_owned),
            account: if card.is_some() { "rental" } else { "agency" }.parse()?,
            gateway: if card.is_some() { GatewayKind::Finrota } else { GatewayKind::Yolcu360 },
            subject: Some(subject),
            owed: Some(Money::from_minor(owed, Currency::TRY)),
            total: Some(Total { amount: Money::from_minor(charged, Currency::TRY), reversed_minor }),
            installments: card.as_ref().map(|_| installments),
            means: Some(if card.is_some() { Means::Card } else { Means::CreditLimit }),
            holder: if card.is_some() { self.of(&NAMES).map(str::to_owned) } else { None },
            card,
            outcome: Some(outcome),
            refused_by: None,
            evidence: approved.then_some(EvidenceKind::GatewayStatus),
            unconfirmed: false,
            reason: if approved { None } else { Some("insufficient_funds".parse()?) },
            reason_text: (!approved).then(|| "Kart limiti yetersiz; bankanızla görüşün.".to_owned()),
            gateway_payment: approved.then(|| self.below(100_000_000).to_string()),
            gateway_reference: approved.then(|| format!("2026{:016}", self.below(10_000_000_000_000_000))),
            authorisation: approved.then(|| format!("{:06}", self.below(1_000_000))),
            alarms: Vec::new(),
            training: false,
        })
    }
}

fn main() -> Result<(), Wrong> {
    let mut arguments = std::env::args().skip(1);
    let (format, language) = match arguments.next().as_deref() {
        Some("csv") => (Format::Csv(Separators::Semicolon), Language::Turkish),
        Some("jsonl") => (Format::JsonLines, Language::English),
        Some("xlsx") => (Format::Xlsx, Language::Turkish),
        // The rows alone, so that what they take can be taken off.
        Some("none") => return nothing(),
        Some(_) | None => return Err("say csv, jsonl, xlsx or none".into()),
    };
    let rows: u64 = arguments.next().map_or(Ok(1_000_000), |count| count.parse())?;
    let folder = tempfile::tempdir()?;
    let path = arguments.next().map_or_else(|| folder.path().join("million"), PathBuf::from);
    let begun = Instant::now();
    let head = Head {
        language,
        zone: "Europe/Istanbul".parse()?,
        from: None,
        until: None,
        made: "2026-11-22T07:00:00.000Z".parse()?,
    };
    let mut export = FileExport::begin(&path, Existing::Replace, format, &head)?;
    for row in payments(rows) {
        export.row(&row?)?;
    }
    let bytes = export.end()?;
    let millis = begun.elapsed().as_millis();
    println!("{rows} rows, {millis} ms, {} at work, peak {}, {bytes} bytes", worked(), peak());
    Ok(())
}

fn nothing() -> Result<(), Wrong> {
    let begun = Instant::now();
    let mut count = 0_u64;
    for row in payments(1_000_000) {
        count += u64::from(row?.installments.is_some());
    }
    println!("{count} card payments made in {} ms, {} at work, peak {}", begun.elapsed().as_millis(), worked(), peak());
    Ok(())
}

fn payments(count: u64) -> impl Iterator<Item = Result<PaymentRow, Wrong>> {
    let mut payments = Payments { state: 0x9e37_79b9_7f4a_7c15 };
    let mut opened = 1_735_689_600_000_i64;
    (0..count).map(move |_| {
        opened = opened.saturating_add(i64::try_from(payments.below(120_000))?);
        payments.row(Timestamp::from_millis(opened))
    })
}

/// The most memory that this process ever held, where the system says so.
fn peak() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.map_or_else(|| "not told by this system".to_owned(), |peak| peak.trim().to_owned())
}

/// How long a processor worked for this process, where the system says so: on a busy machine the clock says little.
fn worked() -> String {
    let times = std::fs::read_to_string("/proc/self/schedstat").unwrap_or_default();
    let nanos = times.split(' ').next().and_then(|first| first.parse::<u64>().ok());
    nanos.map_or_else(|| "not told by this system".to_owned(), |nanos| format!("{} ms", nanos / 1_000_000))
}
