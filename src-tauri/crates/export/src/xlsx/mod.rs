//! XLSX as Excel opens it: numbers are numbers, days are days, texts are texts.
//!
//! Written here rather than by a library for three reasons. Those at hand take amounts as floats; this writes their
//! digits. They keep a sheet in memory, or in the system's folder for temporary files, where names of customers have no
//! business, until all is packed at the end; this packs as it goes. And so progress is true, and a cancel is obeyed at once.

mod archive;
mod cell;
mod parts;

use std::io::{self, Write};

use jiff::civil;
use jiff::tz::TimeZone;
use vezne_core::money::Currency;

use crate::column::{COLUMNS, Line, Value};
use crate::head::Head;
use crate::row::PaymentRow;
use crate::separated::{in_language, joined};
use crate::words;
use archive::Archive;
use cell::Place;
use parts::style;

pub use crate::text::CELL_MOST;
pub use cell::EXACT_BELOW;

/// The most rows of a sheet, the titles' included; there are more sheets for more rows.
pub const SHEET_ROWS: u32 = 1_048_576;

/// A sheet that has grown to this many bytes is followed by another, long before the 4 GiB that its file may have.
const SHEET_BYTES: u64 = 3 << 30;

/// How much XML is gathered before it is packed.
const GATHERED: usize = 64 * 1024;

/// A workbook that is being written. It needs the same memory for any number of rows.
#[derive(Debug)]
pub struct Workbook<W> {
    archive: Archive<W>,
    head: Head,
    /// The columns' letters.
    letters: Vec<String>,
    currencies: Vec<Currency>,
    sheets: usize,
    /// Rows of the open sheet, the titles' included.
    rows: u32,
    rows_most: u32,
    xml: String,
}

impl<W: Write> Workbook<W> {
    /// Begins the first sheet.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn begin(head: &Head, out: W) -> io::Result<Self> {
        Self::with_sheets_of(SHEET_ROWS, head, out)
    }

    /// Begins a workbook whose sheets have fewer rows than a sheet may have.
    pub(crate) fn with_sheets_of(rows_most: u32, head: &Head, out: W) -> io::Result<Self> {
        let mut archive = Archive::new(out);
        archive.file("_rels/.rels", &parts::relations())?;
        archive.file("docProps/core.xml", &parts::properties(head.language.of(&words::SHEET), head.made))?;
        let mut book = Self {
            archive,
            head: head.clone(),
            letters: (0..COLUMNS.len()).map(cell::letters).collect(),
            currencies: Vec::new(),
            sheets: 0,
            rows: 0,
            rows_most,
            xml: String::with_capacity(GATHERED.saturating_mul(2)),
        };
        book.begin_sheet()?;
        Ok(book)
    }

    /// Writes a row, in a further sheet if the last one is full.
    ///
    /// # Errors
    /// When it can't be written, or the workbook would be larger than 4 GiB.
    pub fn row(&mut self, row: &PaymentRow) -> io::Result<()> {
        if self.rows >= self.rows_most || self.archive.unpacked() >= SHEET_BYTES {
            self.end_sheet()?;
            self.begin_sheet()?;
        }
        self.rows = self.rows.saturating_add(1);
        parts::put(&mut self.xml, format_args!("<row r=\"{}\">", self.rows));
        let line = Line::of(row, &self.head.zone);
        for (place, column) in COLUMNS.iter().enumerate() {
            self.cell(place, column.value(&line));
        }
        self.xml.push_str("</row>");
        if self.xml.len() >= GATHERED { self.pack() } else { Ok(()) }
    }

    /// Writes what is left, and gives the output back.
    ///
    /// # Errors
    /// When it can't be written, or the workbook would be larger than 4 GiB.
    pub fn end(mut self) -> io::Result<W> {
        self.end_sheet()?;
        let sheets = self.sheets;
        let name = self.head.language.of(&words::SHEET);
        self.archive.file("xl/styles.xml", &parts::styles(self.head.language, &self.currencies))?;
        self.archive.file("xl/workbook.xml", &parts::workbook(name, sheets))?;
        self.archive.file("xl/_rels/workbook.xml.rels", &parts::workbook_relations(sheets))?;
        self.archive.file("[Content_Types].xml", &parts::types(sheets))?;
        self.archive.end()
    }

    fn begin_sheet(&mut self) -> io::Result<()> {
        self.sheets = self.sheets.saturating_add(1);
        self.rows = 1;
        self.archive.begin(&parts::sheet_path(self.sheets))?;
        self.xml.push_str(&parts::sheet_begin(self.sheets, COLUMNS.iter().map(|column| column.width)));
        self.xml.push_str("<row r=\"1\">");
        for (column, letters) in COLUMNS.iter().zip(&self.letters) {
            cell::words(&mut self.xml, Place { column: letters, row: 1 }, style::TITLE, &column.title(&self.head));
        }
        self.xml.push_str("</row>");
        self.pack()
    }

    fn end_sheet(&mut self) -> io::Result<()> {
        self.xml.push_str(parts::SHEET_END);
        self.pack()
    }

    fn pack(&mut self) -> io::Result<()> {
        self.archive.write(self.xml.as_bytes())?;
        self.xml.clear();
        Ok(())
    }

    fn cell(&mut self, place: usize, value: Value<'_>) {
        let language = self.head.language;
        let amount_style = if let Value::Amount(amount) = &value { self.amount_style(amount.currency()) } else { 0 };
        let column = self.letters.get(place).map_or("", String::as_str);
        let (place, out) = (Place { column, row: self.rows }, &mut self.xml);
        match value {
            Value::Empty => {}
            Value::Text(text) => cell::text(out, place, text),
            Value::Own(text) => cell::words(out, place, style::TEXT, &text),
            Value::Word { shown, .. } => cell::words(out, place, style::TEXT, &in_language(language, shown)),
            Value::Flag(flag) => {
                cell::words(out, place, style::TEXT, language.of(if flag { &words::YES } else { &words::NO }));
            }
            Value::Count(count) => cell::number(out, place, style::COUNT, &count.to_string()),
            Value::Amount(amount) => cell::amount(out, place, amount_style, amount),
            Value::Day(day) => day_cell(out, place, day),
            Value::Time(time) => {
                let to_second = civil::time(time.hour(), time.minute(), time.second(), 0);
                cell::number(out, place, style::TIME, &format!("0.{}", cell::day_part(to_second)));
            }
            Value::Instant(moment) => {
                let utc = TimeZone::UTC.to_datetime(moment.to_jiff());
                match cell::day_number(utc.date()) {
                    Some(day) => {
                        let number = format!("{day}.{}", cell::day_part(utc.time()));
                        cell::number(out, place, style::INSTANT, &number);
                    }
                    None => cell::words(out, place, style::TEXT, &moment.to_string()),
                }
            }
            Value::Codes(codes) => cell::words(out, place, style::TEXT, &joined(codes)),
        }
    }

    fn amount_style(&mut self, currency: Currency) -> usize {
        let known = self.currencies.iter().position(|known| *known == currency);
        let place = known.unwrap_or_else(|| {
            self.currencies.push(currency);
            self.currencies.len().saturating_sub(1)
        });
        style::AMOUNTS.saturating_add(place)
    }
}

fn day_cell(out: &mut String, place: Place<'_>, day: civil::Date) {
    match cell::day_number(day) {
        Some(number) => cell::number(out, place, style::DAY, &number.to_string()),
        None => cell::words(out, place, style::TEXT, &day.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use vezne_core::money::Money;

    use super::*;
    use crate::words::Language;

    fn cell_of(text: &str) -> String {
        let mut xml = String::new();
        cell::text(&mut xml, Place { column: "B", row: 7 }, text);
        xml
    }

    #[test]
    fn what_would_be_a_formula_is_text_and_stays_text_when_it_is_edited() {
        for text in ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", "＝1", "\u{200f}=1", " -x"] {
            assert!(cell_of(text).starts_with("<c r=\"B7\" s=\"3\" t=\"inlineStr\">"), "{text:?}");
        }
        assert_eq!(cell_of("A=1"), "<c r=\"B7\" s=\"2\" t=\"inlineStr\"><is><t>A=1</t></is></c>");
        let styles = parts::styles(Language::English, &[]);
        let formats = styles.split_once("<cellXfs").unwrap().1;
        let marked: Vec<bool> =
            formats.split("<xf ").skip(1).map(|format| format.contains("quotePrefix=\"1\"")).collect();
        assert_eq!(marked, [false, false, false, true, false, false, false, false]);
    }

    #[test]
    fn an_amount_shows_its_currency_and_its_decimals() {
        let styles = parts::styles(Language::English, &[Currency::TRY, Currency::JPY, Currency::KWD]);
        for format in ["#,##0.00\\ &quot;TRY&quot;", "#,##0\\ &quot;JPY&quot;", "#,##0.000\\ &quot;KWD&quot;"] {
            assert!(styles.contains(&format!("formatCode=\"{format}\"")), "{format}");
        }
        let mut xml = String::new();
        let place = Place { column: "B", row: 7 };
        cell::amount(&mut xml, place, style::AMOUNTS, Money::from_minor(-5, Currency::TRY));
        assert_eq!(xml, "<c r=\"B7\" s=\"8\"><v>-0.05</v></c>");
    }

    #[test]
    fn the_titles_stand_still_and_columns_have_their_letters() {
        let begin = parts::sheet_begin(1, [12, 10].into_iter());
        assert!(begin.contains("<pane ySplit=\"1\" topLeftCell=\"A2\" activePane=\"bottomLeft\" state=\"frozen\"/>"));
        assert!(begin.contains("<col min=\"2\" max=\"2\" width=\"10\" customWidth=\"1\"/>"));
        assert_eq!([0, 25, 26, 35, 52, 701].map(cell::letters), ["A", "Z", "AA", "AJ", "BA", "ZZ"]);
    }

    #[test]
    fn rows_without_end_are_packed_as_they_come() {
        let head = crate::tests::istanbul(Language::English);
        let mut book = Workbook::begin(&head, io::sink()).unwrap();
        let row = crate::tests::usual();
        for _ in 0..1_000 {
            book.row(&row).unwrap();
            assert!(book.xml.capacity() <= 2 * GATHERED);
        }
    }
}
