//! `[receipt]` and `[printer]`: what stands on papers, and where they are printed.

mod draft;

use std::path::PathBuf;

use vezne_core::text::{contains_card_number, looks_like_track_data};

use crate::key::{Default, Key, SectionKeys, Written, Wrong};
use crate::model::Language;
use crate::section::Section;
use crate::value::{flag, shown, text, word};

pub use draft::{PapersDraft, with_papers};

/// The most lines of a merchant's header.
pub const HEADER_LINES: usize = 6;
/// The most characters of one of them: what a paper of 80 mm holds.
pub const HEADER_CHARS: usize = 48;

/// What stands on receipts, and when they are printed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ReceiptSettings {
    /// The merchant's header, line by line: name, address, telephone.
    pub header: Vec<String>,
    /// The language of papers; `None` for the language of the screen.
    pub language: Option<Language>,
    /// Whether a receipt is printed by itself after an approval.
    pub after_approval: bool,
    /// Where PDFs are saved; `None` for the folder `receipts` in the home folder.
    pub folder: Option<PathBuf>,
    /// For which paper PDFs are made.
    pub pdf: PdfPaper,
}

/// The paper that a PDF is made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, std::default::Default)]
pub enum PdfPaper {
    /// Sheets of A4.
    #[default]
    A4,
    /// A roll of 80 mm.
    Roll80,
    /// A roll of 58 mm.
    Roll58,
}

/// Where a receipt printer is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PrinterPlace {
    /// Host and port.
    Network(String),
    /// A device file.
    Device(PathBuf),
    /// A print queue of the system.
    Spooler(String),
}

/// What paper is in the printer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PrinterPaper {
    /// A roll of 80 mm, 48 letters in a line.
    Roll80,
    /// A roll of 80 mm in a printer that prints 42 letters in a line.
    Roll80Narrow,
    /// A roll of 58 mm, 32 letters in a line.
    Roll58,
    /// Sheets of A4 in an office printer, which the system drives.
    A4,
}

/// What a receipt printer writes letters with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PrinterLetters {
    /// Its own, in code page 857.
    Cp857,
    /// Its own, in Windows 1254.
    Windows1254,
    /// Its own as far as ASCII goes; every other line is drawn.
    Ascii,
    /// None: everything is drawn.
    Drawn,
}

/// What cuts the paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PrinterCutter {
    /// It is torn off by hand.
    None,
    /// A knife that leaves a bridge.
    Partial,
    /// A knife that cuts through.
    Full,
}

/// The receipt printer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrinterSettings {
    /// Where it is; `None` when there is none.
    pub place: Option<PrinterPlace>,
    /// Its paper.
    pub paper: PrinterPaper,
    /// Its letters.
    pub letters: PrinterLetters,
    /// By which number the printer selects that code page; `None` for Epson's.
    pub code_page: Option<u8>,
    /// Its knife.
    pub cutter: PrinterCutter,
    /// Lines fed before the cut.
    pub feed: u8,
    /// Whether it is asked how it does before each paper.
    pub status: bool,
}

macro_rules! words {
    ($type:ident: $($word:literal $variant:ident)*) => {
        impl $type {
            const WORDS: &[(&str, Self)] = &[$(($word, Self::$variant)),*];

            /// The word for it in `config.toml`.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),* }
            }

            /// What a word stands for.
            #[must_use]
            pub fn of_word(word: &str) -> Option<Self> {
                Self::WORDS.iter().find(|(known, _)| *known == word).map(|(_, meaning)| *meaning)
            }
        }
    };
}

words!(PrinterPaper: "80" Roll80 "80_narrow" Roll80Narrow "58" Roll58 "a4" A4);
words!(PdfPaper: "a4" A4 "80" Roll80 "58" Roll58);
words!(PrinterLetters: "cp857" Cp857 "windows1254" Windows1254 "ascii" Ascii "drawn" Drawn);
words!(PrinterCutter: "none" None "partial" Partial "full" Full);

/// `way` before `address` is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    None,
    Network,
    Device,
    Spooler,
}

static HEADER: Key<Vec<String>> = Key {
    name: "header",
    kind: "list",
    allowed: "a list of at most 6 texts of at most 48 visible characters each, without a card number",
    default: Default::Toml("[]"),
    only: None,
    meaning: "The merchant's header, line by line: name, address, telephone. The first line is bold.",
    read: header,
};

static LANGUAGE: Key<Option<Language>> = Key {
    name: "language",
    kind: "word",
    allowed: "one of screen, en, tr",
    default: Default::Toml("\"screen\""),
    only: None,
    meaning: "The language of papers; `screen` is whatever the screen is in. It can be switched for each paper.",
    read: |written| {
        word(written, &[("screen", None), ("en", Some(Language::English)), ("tr", Some(Language::Turkish))])
    },
};

static PRINT_AFTER_APPROVAL: Key<bool> = Key {
    name: "print_after_approval",
    kind: "switch",
    allowed: "true or false",
    default: Default::Toml("false"),
    only: None,
    meaning: "Whether a receipt is printed by itself after each approved payment that is taken at this desk.",
    read: flag,
};

static FOLDER: Key<PathBuf> = Key {
    name: "folder",
    kind: "path",
    allowed: "the full path of a folder",
    default: Default::Absent("`receipts` in the home folder"),
    only: None,
    meaning: "Where receipts are saved as PDF.",
    read: folder,
};

static PDF: Key<PdfPaper> = Key {
    name: "pdf",
    kind: "word",
    allowed: "one of a4, 80, 58",
    default: Default::Toml("\"a4\""),
    only: None,
    meaning: "For which paper a PDF is made: sheets of A4, or one page as long as it must be for a roll of 80 or 58 mm. It can be switched for each paper.",
    read: |written| word(written, PdfPaper::WORDS),
};

static WAY: Key<Way> = Key {
    name: "way",
    kind: "word",
    allowed: "one of none, network, device, spooler",
    default: Default::Toml("\"none\""),
    only: None,
    meaning: "How the receipt printer is reached: over the network, by its device file (not on Windows), or by a print queue of the system.",
    read: |written| {
        let words =
            [("none", Way::None), ("network", Way::Network), ("device", Way::Device), ("spooler", Way::Spooler)];
        word(written, &words)
    },
};

static ADDRESS: Key<String> = Key {
    name: "address",
    kind: "text",
    allowed: "a text of at most 200 visible characters",
    default: Default::Toml("\"\""),
    only: None,
    meaning: "Where it is: `192.168.1.50:9100` for network (without a port: 9100), `/dev/usb/lp0` for device, the queue's name for spooler.",
    read: address,
};

static PAPER: Key<PrinterPaper> = Key {
    name: "paper",
    kind: "word",
    allowed: "one of 80, 80_narrow, 58, a4",
    default: Default::Toml("\"80\""),
    only: None,
    meaning: "What paper is in it: a roll of 80 mm (48 letters in a line, `80_narrow` 42), a roll of 58 mm (32), or sheets of A4, which only a spooler prints.",
    read: |written| word(written, PrinterPaper::WORDS),
};

static LETTERS: Key<PrinterLetters> = Key {
    name: "letters",
    kind: "word",
    allowed: "one of cp857, windows1254, ascii, drawn",
    default: Default::Toml("\"cp857\""),
    only: None,
    meaning: "What it writes letters with: its own in a code page that has Turkish letters, its own as far as ASCII goes (lines with Turkish letters are drawn), or none (everything is drawn, slower).",
    read: |written| word(written, PrinterLetters::WORDS),
};

static CODE_PAGE: Key<u8> = Key {
    name: "code_page",
    kind: "number",
    allowed: "a whole number from 0 to 255",
    default: Default::Absent("Epson's: 13 for cp857, 48 for windows1254"),
    only: None,
    meaning: "By which number the printer selects that code page; the printer's own test page lists them.",
    read: |written| small(written, 255),
};

static CUTTER: Key<PrinterCutter> = Key {
    name: "cutter",
    kind: "word",
    allowed: "one of none, partial, full",
    default: Default::Toml("\"partial\""),
    only: None,
    meaning: "What cuts the paper.",
    read: |written| word(written, PrinterCutter::WORDS),
};

static FEED: Key<u8> = Key {
    name: "feed",
    kind: "number",
    allowed: "a whole number from 0 to 20",
    default: Default::Toml("4"),
    only: None,
    meaning: "How many lines are fed before the cut, so that the last one is past the knife.",
    read: |written| small(written, 20),
};

static STATUS: Key<bool> = Key {
    name: "status",
    kind: "switch",
    allowed: "true or false",
    default: Default::Toml("true"),
    only: None,
    meaning: "Whether the printer is asked before each paper for its paper and its cover, and after it whether it has printed. Turn it off for a printer that prints such questions.",
    read: flag,
};

pub(crate) static RECEIPT: SectionKeys =
    SectionKeys { heading: "[receipt]", keys: &[&HEADER, &LANGUAGE, &PRINT_AFTER_APPROVAL, &FOLDER, &PDF] };

pub(crate) static PRINTER: SectionKeys = SectionKeys {
    heading: "[printer]",
    keys: &[&WAY, &ADDRESS, &PAPER, &LETTERS, &CODE_PAGE, &CUTTER, &FEED, &STATUS],
};

/// Text that is printed and kept: nothing in it that could be card data.
fn is_plain(text: &str, longest: usize) -> bool {
    text.chars().count() <= longest
        && !text.chars().any(char::is_control)
        && !contains_card_number(text)
        && !looks_like_track_data(text)
}

fn header(written: &Written<'_>) -> Result<Vec<String>, Wrong> {
    let array = written.value.as_array().ok_or_else(Wrong::unsaid)?;
    let lines: Option<Vec<String>> =
        array.iter().map(|line| line.as_str().map(|line| line.trim().to_owned())).collect();
    let lines = lines.ok_or_else(Wrong::unsaid)?;
    if lines.len() > HEADER_LINES || !lines.iter().all(|line| is_plain(line, HEADER_CHARS)) {
        return Err(Wrong::unsaid());
    }
    Ok(lines)
}

fn folder(written: &Written<'_>) -> Result<PathBuf, Wrong> {
    let path = PathBuf::from(text(written)?);
    if path.is_absolute() { Ok(path) } else { Err(Wrong { found: shown(&path.to_string_lossy()), meant: None }) }
}

fn address(written: &Written<'_>) -> Result<String, Wrong> {
    let address = text(written)?.trim();
    if is_plain(address, 200) { Ok(address.to_owned()) } else { Err(Wrong::unsaid()) }
}

fn small(written: &Written<'_>, most: u8) -> Result<u8, Wrong> {
    let number = written.value.as_integer().and_then(|number| u8::try_from(number).ok());
    number.filter(|number| *number <= most).ok_or_else(Wrong::unsaid)
}

pub(crate) fn read_receipt(section: &mut Section<'_>) -> Option<ReceiptSettings> {
    let header = section.read(&HEADER);
    let language = section.read(&LANGUAGE);
    let after_approval = section.read(&PRINT_AFTER_APPROVAL);
    let folder = section.read(&FOLDER);
    let pdf = section.read(&PDF);
    Some(ReceiptSettings { header: header?, language: language?, after_approval: after_approval?, folder, pdf: pdf? })
}

pub(crate) fn read_printer(section: &mut Section<'_>) -> Option<PrinterSettings> {
    let way = section.read(&WAY);
    let address = section.read(&ADDRESS);
    let paper = section.read(&PAPER);
    let letters = section.read(&LETTERS);
    let code_page = section.read(&CODE_PAGE);
    let cutter = section.read(&CUTTER);
    let feed = section.read(&FEED);
    let status = section.read(&STATUS);
    let place = match place(way?, &address?) {
        Ok(place) => place,
        Err(message) => {
            section.problem(section.line_of(ADDRESS.name), ADDRESS.name, message.to_owned());
            return None;
        }
    };
    let paper = paper?;
    if paper == PrinterPaper::A4 && !matches!(place, None | Some(PrinterPlace::Spooler(_))) {
        let message = "`paper = \"a4\"` needs `way = \"spooler\"`: only the system prints sheets";
        section.problem(section.line_of(PAPER.name), PAPER.name, message.to_owned());
        return None;
    }
    Some(PrinterSettings { place, paper, letters: letters?, code_page, cutter: cutter?, feed: feed?, status: status? })
}

/// Where a network printer listens if nobody says otherwise.
const PORT: u16 = 9100;

fn place(way: Way, address: &str) -> Result<Option<PrinterPlace>, &'static str> {
    Ok(match way {
        Way::None => None,
        Way::Network => Some(PrinterPlace::Network(host_and_port(address).ok_or(
            "`address` must be a host with or without a port, such as 192.168.1.50:9100, with `way = \"network\"`",
        )?)),
        Way::Device => {
            let path = PathBuf::from(address);
            let is_device = path.is_absolute() && !address.ends_with('/');
            let message =
                "`address` must be the full path of a device file, such as /dev/usb/lp0, with `way = \"device\"`";
            Some(PrinterPlace::Device(is_device.then_some(path).ok_or(message)?))
        }
        Way::Spooler => {
            let is_name = !address.is_empty() && !address.starts_with('-') && !address.contains(char::is_whitespace);
            let message = "`address` must be the name of a print queue with `way = \"spooler\"`";
            Some(PrinterPlace::Spooler(is_name.then(|| address.to_owned()).ok_or(message)?))
        }
    })
}

fn host_and_port(address: &str) -> Option<String> {
    let host_fits = |host: &str| {
        !host.is_empty()
            && host.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ':' | '[' | ']'))
    };
    // An address of IP version 6 has colons of its own and stands in brackets before a port.
    let (host, port) = match address.rsplit_once(':') {
        Some((host, port)) if !address.ends_with(']') => (host, port.parse().ok()?),
        Some(_) | None => (address, PORT),
    };
    let bare = !host.contains(':') || (host.starts_with('[') && host.ends_with(']'));
    (host_fits(host) && bare && port != 0).then(|| format!("{host}:{port}"))
}

impl PrinterPlace {
    /// The word of its way in `config.toml`.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Network(_) => "network",
            Self::Device(_) => "device",
            Self::Spooler(_) => "spooler",
        }
    }

    /// Its address in `config.toml`.
    #[must_use]
    pub fn address(&self) -> String {
        match self {
            Self::Network(address) | Self::Spooler(address) => address.clone(),
            Self::Device(path) => path.to_string_lossy().into_owned(),
        }
    }
}
