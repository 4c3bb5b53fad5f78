//! Papers that leave the desk: receipts, day closes. Each is written down before anything of it leaves, so that there is one
//! original of each, and every further one says that it is a copy.

use std::fmt;
use std::num::NonZeroU32;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::ids::{OperatorId, PaymentId};

/// The longest name of a paper, in characters.
const NAME_CHARS: usize = 80;

/// Which paper: a name that stays the same for its copies, in whatever language and by whatever way they are issued, such as
/// `att_….approved`. What says something else is another paper: the slip of an unknown outcome is no copy of the receipt.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PaperName(String);

/// Why a text names no paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the name of a paper has 1 to {NAME_CHARS} letters, digits, dots, hyphens and underscores")]
pub struct PaperNameError;

impl PaperName {
    /// The paper of a day close: of the one with this number whose own event has that number, and of no other.
    #[must_use]
    pub fn of_close(number: u32, close_seq: i64) -> Self {
        Self(format!("close.{number}.{close_seq}"))
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for PaperName {
    type Error = PaperNameError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
        if text.is_empty() || text.len() > NAME_CHARS || !text.chars().all(fits) {
            return Err(PaperNameError);
        }
        Ok(Self(text))
    }
}

impl FromStr for PaperName {
    type Err = PaperNameError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.to_owned().try_into()
    }
}

impl From<PaperName> for String {
    fn from(name: PaperName) -> Self {
        name.0
    }
}

impl fmt::Display for PaperName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// By which way a paper leaves the desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaperWay {
    /// To the receipt printer.
    Printer,
    /// As a PDF file.
    Pdf,
    /// As the draft of a mail.
    Mail,
    /// Through the system's print dialog.
    Dialog,
    /// As a file of a printer's bytes.
    Bytes,
}

impl PaperWay {
    /// Every way.
    pub const ALL: [Self; 5] = [Self::Printer, Self::Pdf, Self::Mail, Self::Dialog, Self::Bytes];

    /// The word used in JSON, exports and projections.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Printer => "printer",
            Self::Pdf => "pdf",
            Self::Mail => "mail",
            Self::Dialog => "dialog",
            Self::Bytes => "bytes",
        }
    }

    /// The way of a word.
    #[must_use]
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|way| way.word() == word)
    }
}

/// The language of a paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaperLanguage {
    /// English.
    En,
    /// Turkish.
    Tr,
}

impl PaperLanguage {
    /// Its ISO 639-1 code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Tr => "tr",
        }
    }

    /// The language of a code.
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        [Self::En, Self::Tr].into_iter().find(|language| language.code() == code)
    }
}

/// A paper was issued: written down before anything of it leaves the desk, so that after a crash it counts as out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PaperIssued {
    /// Which paper.
    pub paper: PaperName,
    /// The number of the copy; none for the first one of this name.
    pub copy: Option<NonZeroU32>,
    /// By which way.
    pub way: PaperWay,
    /// In which language.
    pub language: PaperLanguage,
    /// The payment that it speaks of, if it speaks of one.
    pub payment: Option<PaymentId>,
    /// Who sat at the desk.
    pub operator: Option<OperatorId>,
}

/// A paper that was issued came to nothing: a person took it back while it waited for the printer, and nothing of it has left.
/// Its number is free again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PaperWithdrawn {
    /// Which paper.
    pub paper: PaperName,
    /// The number of the copy; none for the first one of this name.
    pub copy: Option<NonZeroU32>,
    /// The payment that it speaks of, if it speaks of one.
    pub payment: Option<PaymentId>,
    /// Who sat at the desk.
    pub operator: Option<OperatorId>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_nothing_in_it_that_could_be_a_path_or_a_command() {
        for good in ["att_01ABC.approved", "close-17", "x", &"x".repeat(80)] {
            let name: PaperName = good.parse().unwrap();
            assert_eq!((name.as_str(), name.to_string().as_str()), (good, good));
        }
        for bad in ["", "a b", "../x/y", "a\u{1b}", "ş", &"x".repeat(81)] {
            assert_eq!(bad.parse::<PaperName>(), Err(PaperNameError), "{bad:?}");
        }
    }

    #[test]
    fn every_way_and_language_is_found_by_the_word_that_stands_in_the_journal() {
        for way in PaperWay::ALL {
            assert_eq!(PaperWay::of_word(way.word()), Some(way));
            assert_eq!(serde_json::to_value(way).unwrap(), way.word());
        }
        for language in [PaperLanguage::En, PaperLanguage::Tr] {
            assert_eq!(PaperLanguage::of_code(language.code()), Some(language));
            assert_eq!(serde_json::to_value(language).unwrap(), language.code());
        }
    }

    #[test]
    fn what_is_written_is_read_back() {
        let issued = PaperIssued {
            paper: "att_1.approved".parse().unwrap(),
            copy: NonZeroU32::new(2),
            way: PaperWay::Pdf,
            language: PaperLanguage::Tr,
            payment: None,
            operator: None,
        };
        let text = serde_json::to_string(&issued).unwrap();
        let written =
            r#"{"paper":"att_1.approved","copy":2,"way":"pdf","language":"tr","payment":null,"operator":null}"#;
        assert_eq!(text, written);
        assert_eq!(serde_json::from_str::<PaperIssued>(&text).unwrap(), issued);
        assert!(serde_json::from_str::<PaperIssued>(&text.replace("att_1", "a b")).is_err());
    }
}
