//! The small files of a workbook, around its sheets.

use std::fmt::Write as _;

use vezne_core::money::Currency;
use vezne_core::time::Timestamp;

use crate::words::Language;

const XML: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";

/// The styles of cells, as places in the list that [`styles`] writes.
pub(super) mod style {
    pub(in crate::xlsx) const TITLE: usize = 1;
    pub(in crate::xlsx) const TEXT: usize = 2;
    /// Text that would be a formula if somebody typed it: Excel shows and keeps it as text, also when it is edited.
    pub(in crate::xlsx) const MARKED_TEXT: usize = 3;
    pub(in crate::xlsx) const COUNT: usize = 4;
    pub(in crate::xlsx) const DAY: usize = 5;
    pub(in crate::xlsx) const TIME: usize = 6;
    pub(in crate::xlsx) const INSTANT: usize = 7;
    /// Amounts: one style for each currency, from here on.
    pub(in crate::xlsx) const AMOUNTS: usize = 8;
}

/// The first number of a format that is not built in.
const OWN_FORMATS: usize = 164;

pub(super) fn relations() -> String {
    format!(
        "{XML}<Relationships xmlns=\"{PACKAGE}/relationships\">\
         <Relationship Id=\"rId1\" Type=\"{OFFICE}/officeDocument\" Target=\"xl/workbook.xml\"/>\
         <Relationship Id=\"rId2\" Type=\"{PACKAGE}/relationships/metadata/core-properties\" Target=\"docProps/core.xml\"/>\
         </Relationships>"
    )
}

pub(super) fn properties(title: &str, made: Timestamp) -> String {
    // This place takes no decimals of a second.
    let made = made.to_jiff().strftime("%Y-%m-%dT%H:%M:%SZ");
    format!(
        "{XML}<cp:coreProperties xmlns:cp=\"{PACKAGE}/metadata/core-properties\" \
         xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:dcterms=\"http://purl.org/dc/terms/\" \
         xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><dc:title>{title}</dc:title>\
         <dc:creator>Vezne</dc:creator>\
         <dcterms:created xsi:type=\"dcterms:W3CDTF\">{made}</dcterms:created></cp:coreProperties>"
    )
}

pub(super) fn types(sheets: usize) -> String {
    const OFFICE_TYPE: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml";
    const PACKAGE_TYPE: &str = "application/vnd.openxmlformats-package";
    let mut text = format!(
        "{XML}<Types xmlns=\"{PACKAGE}/content-types\">\
         <Default Extension=\"rels\" ContentType=\"{PACKAGE_TYPE}.relationships+xml\"/>\
         <Default Extension=\"xml\" ContentType=\"application/xml\"/>\
         <Override PartName=\"/xl/workbook.xml\" ContentType=\"{OFFICE_TYPE}.sheet.main+xml\"/>\
         <Override PartName=\"/xl/styles.xml\" ContentType=\"{OFFICE_TYPE}.styles+xml\"/>\
         <Override PartName=\"/docProps/core.xml\" ContentType=\"{PACKAGE_TYPE}.core-properties+xml\"/>"
    );
    for number in 1..=sheets {
        put(
            &mut text,
            format_args!(
                "<Override PartName=\"/{}\" ContentType=\"{OFFICE_TYPE}.worksheet+xml\"/>",
                sheet_path(number)
            ),
        );
    }
    text.push_str("</Types>");
    text
}

/// Where the sheet with this number, from 1 on, stands in the archive.
pub(super) fn sheet_path(number: usize) -> String {
    format!("xl/worksheets/sheet{number}.xml")
}

/// The sheets' names: `Payments`, `Payments 2`, …
pub(super) fn workbook(name: &str, sheets: usize) -> String {
    let mut text = format!(
        "{XML}<workbook xmlns=\"{MAIN}\" xmlns:r=\"{OFFICE}\"><bookViews><workbookView activeTab=\"0\"/></bookViews><sheets>"
    );
    for number in 1..=sheets {
        let suffix = if number == 1 { String::new() } else { format!(" {number}") };
        put(&mut text, format_args!("<sheet name=\"{name}{suffix}\" sheetId=\"{number}\" r:id=\"rId{number}\"/>"));
    }
    text.push_str("</sheets></workbook>");
    text
}

pub(super) fn workbook_relations(sheets: usize) -> String {
    let mut text = format!("{XML}<Relationships xmlns=\"{PACKAGE}/relationships\">");
    for number in 1..=sheets {
        put(
            &mut text,
            format_args!(
                "<Relationship Id=\"rId{number}\" Type=\"{OFFICE}/worksheet\" Target=\"worksheets/sheet{number}.xml\"/>"
            ),
        );
    }
    put(
        &mut text,
        format_args!(
            "<Relationship Id=\"rId{}\" Type=\"{OFFICE}/styles\" Target=\"styles.xml\"/></Relationships>",
            sheets.saturating_add(1)
        ),
    );
    text
}

/// The styles, with a number format for each currency that occurs, in their order.
pub(super) fn styles(language: Language, currencies: &[Currency]) -> String {
    let day = language.of(&["yyyy\\-mm\\-dd", "dd\\.mm\\.yyyy"]);
    let mut formats = vec![day.to_owned(), "hh:mm:ss".to_owned(), "yyyy\\-mm\\-dd\\ hh:mm:ss.000".to_owned()];
    formats.extend(currencies.iter().map(|currency| amount_format(*currency)));
    let mut text = format!("{XML}<styleSheet xmlns=\"{MAIN}\"><numFmts count=\"{}\">", formats.len());
    let numbered = || formats.iter().zip(OWN_FORMATS..);
    for (format, number) in numbered() {
        put(&mut text, format_args!("<numFmt numFmtId=\"{number}\" formatCode=\"{format}\"/>"));
    }
    text.push_str(
        "</numFmts><fonts count=\"2\"><font><sz val=\"11\"/><name val=\"Calibri\"/><family val=\"2\"/></font>\
         <font><b/><sz val=\"11\"/><name val=\"Calibri\"/><family val=\"2\"/></font></fonts>\
         <fills count=\"2\"><fill><patternFill patternType=\"none\"/></fill>\
         <fill><patternFill patternType=\"gray125\"/></fill></fills>\
         <borders count=\"1\"><border><left/><right/><top/><bottom/><diagonal/></border></borders>\
         <cellStyleXfs count=\"1\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\"/></cellStyleXfs>",
    );
    // Five styles before those with formats of our own: as it comes, title, text, marked text, whole number.
    put(&mut text, format_args!("<cellXfs count=\"{}\">", formats.len().saturating_add(5)));
    text.push_str(
        "<xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\"/>\
         <xf numFmtId=\"49\" fontId=\"1\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyNumberFormat=\"1\" applyFont=\"1\"/>\
         <xf numFmtId=\"49\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyNumberFormat=\"1\"/>\
         <xf numFmtId=\"49\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\" quotePrefix=\"1\" applyNumberFormat=\"1\"/>\
         <xf numFmtId=\"1\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyNumberFormat=\"1\"/>",
    );
    for (_, number) in numbered() {
        put(
            &mut text,
            format_args!(
                "<xf numFmtId=\"{number}\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyNumberFormat=\"1\"/>"
            ),
        );
    }
    text.push_str(
        "</cellXfs><cellStyles count=\"1\"><cellStyle name=\"Normal\" xfId=\"0\" builtinId=\"0\"/></cellStyles></styleSheet>",
    );
    text
}

/// `#,##0.00 "TRY"`: the signs are Excel's own, and each reader's region says how they look.
fn amount_format(currency: Currency) -> String {
    let decimals = match currency.exponent() {
        0 => String::new(),
        exponent => format!(".{}", "0".repeat(usize::from(exponent))),
    };
    format!("#,##0{decimals}\\ &quot;{currency}&quot;")
}

/// The beginning of a sheet, up to its first row: the titles' row stands still, columns have widths.
pub(super) fn sheet_begin(number: usize, widths: impl Iterator<Item = u8>) -> String {
    let selected = if number == 1 { " tabSelected=\"1\"" } else { "" };
    let mut text = format!(
        "{XML}<worksheet xmlns=\"{MAIN}\"><sheetViews><sheetView{selected} workbookViewId=\"0\">\
         <pane ySplit=\"1\" topLeftCell=\"A2\" activePane=\"bottomLeft\" state=\"frozen\"/>\
         <selection pane=\"bottomLeft\"/></sheetView></sheetViews><sheetFormatPr defaultRowHeight=\"15\"/><cols>"
    );
    for (width, place) in widths.zip(1_usize..) {
        put(&mut text, format_args!("<col min=\"{place}\" max=\"{place}\" width=\"{width}\" customWidth=\"1\"/>"));
    }
    text.push_str("</cols><sheetData>");
    text
}

pub(super) const SHEET_END: &str = "</sheetData></worksheet>";

/// Writing into a string can't fail.
pub(super) fn put(text: &mut String, what: std::fmt::Arguments<'_>) {
    let _ = text.write_fmt(what);
}
