//! What a person prefers, kept in the home folder as `preferences.json`. Nothing of a sale is in it.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read as _, Write as _};
use std::path::{Path, PathBuf};

use vezne_home::Home;

use crate::view::{Code, Fault, LanguageWord, Preferences, Theme};

/// The file's name.
const FILE: &str = "preferences.json";
/// The longest file that is read, in bytes; a real one has some hundred.
const LIMIT_BYTES: u64 = 16 * 1024;
/// The longest id that is taken, in characters: ids of accounts and operators are shorter.
const ID_CHARS: usize = 80;

/// Where preferences are kept.
pub(crate) fn path(home: &Home) -> PathBuf {
    home.folder().join(FILE)
}

/// The preferences, each by itself: a file or a value that can't be read costs no more than that choice.
pub(crate) fn read(path: &Path) -> Preferences {
    let text = match text(path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Preferences::new(),
        Err(error) => {
            tracing::warn!(%error, "the preferences can't be read");
            return Preferences::new();
        }
    };
    of_text(&text)
}

fn text(path: &Path) -> std::io::Result<String> {
    let mut text = String::new();
    File::open(path)?.take(LIMIT_BYTES).read_to_string(&mut text)?;
    Ok(text)
}

pub(crate) fn of_text(text: &str) -> Preferences {
    let Ok(kept) = serde_json::from_str::<serde_json::Value>(text) else {
        tracing::warn!("the preferences are no JSON");
        return Preferences::new();
    };
    let choice = |name: &str| kept.get(name).filter(|value| !value.is_null());
    let id = |name: &str| {
        let text = choice(name).and_then(serde_json::Value::as_str);
        text.filter(|text| text.chars().count() <= ID_CHARS).map(str::to_owned)
    };
    let language = choice("language").and_then(|value| serde_json::from_value(value.clone()).ok());
    let theme = choice("theme").and_then(|value| serde_json::from_value(value.clone()).ok());
    Preferences { language, theme: theme.unwrap_or(Theme::System), account: id("account"), operator: id("operator") }
}

/// Keeps the preferences: after a crash there are the old ones or the new ones.
///
/// # Errors
/// [`Code::PreferencesFailed`] with the system's words.
pub(crate) fn write(path: &Path, preferences: &Preferences) -> Result<(), Fault> {
    replace(path, preferences).map_err(|error| {
        tracing::warn!(%error, "the preferences can't be written");
        Fault::new(Code::PreferencesFailed).because(error)
    })
}

fn replace(path: &Path, preferences: &Preferences) -> std::io::Result<()> {
    let new = path.with_extension("json.new");
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&new)?;
    let mut text = serde_json::to_vec_pretty(preferences)?;
    text.push(b'\n');
    file.write_all(&text)?;
    file.sync_all()?;
    drop(file);
    std::fs::rename(&new, path)
}

impl Preferences {
    /// Before anyone has chosen anything.
    pub(crate) const fn new() -> Self {
        Self { language: None, theme: Theme::System, account: None, operator: None }
    }

    /// With the language that the settings name, until someone has chosen one.
    pub(crate) fn or_language(mut self, language: vezne_settings::Language) -> Self {
        self.language.get_or_insert(match language {
            vezne_settings::Language::English => LanguageWord::En,
            vezne_settings::Language::Turkish => LanguageWord::Tr,
        });
        self
    }

    /// Without ids that are too long to be any.
    pub(crate) fn bounded(mut self) -> Self {
        let fits = |id: &String| id.chars().count() <= ID_CHARS;
        self.account = self.account.filter(fits);
        self.operator = self.operator.filter(fits);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen() -> Preferences {
        Preferences {
            language: Some(LanguageWord::Tr),
            theme: Theme::Dark,
            account: Some("sisli".to_owned()),
            operator: None,
        }
    }

    #[test]
    fn what_was_chosen_is_there_after_a_restart() {
        let folder = tempfile::tempdir().unwrap();
        let path = path(&Home::at(folder.path()));
        assert_eq!(read(&path), Preferences::new());
        write(&path, &chosen()).unwrap();
        assert_eq!(read(&path), chosen());
        write(&path, &Preferences::new()).unwrap();
        assert_eq!(read(&path), Preferences::new());
    }

    #[test]
    fn one_unreadable_choice_costs_no_other() {
        let text = r#"{"language":"tr","theme":"purple","account":"sisli","operator":7,"later":[1]}"#;
        assert_eq!(of_text(text), Preferences { theme: Theme::System, ..chosen() });
        let long = format!(r#"{{"account":"{}","theme":"dark"}}"#, "a".repeat(81));
        assert_eq!(of_text(&long), Preferences { theme: Theme::Dark, ..Preferences::new() });
        assert_eq!(of_text("{\"language\":"), Preferences::new());
    }

    #[test]
    fn a_folder_that_can_not_be_written_is_said() {
        let folder = tempfile::tempdir().unwrap();
        let fault = write(&folder.path().join("nowhere").join(FILE), &chosen()).unwrap_err();
        assert_eq!(fault.code, Code::PreferencesFailed);
        assert!(fault.text.is_some());
    }

    #[test]
    fn the_settings_language_holds_until_someone_chooses() {
        let from_settings = Preferences::new().or_language(vezne_settings::Language::Turkish);
        assert_eq!(from_settings.language, Some(LanguageWord::Tr));
        assert_eq!(chosen().or_language(vezne_settings::Language::English).language, Some(LanguageWord::Tr));
    }
}
