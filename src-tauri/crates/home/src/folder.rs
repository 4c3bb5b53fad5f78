//! Where a desk lives.

use std::ffi::OsString;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use vezne_settings::Settings;

use crate::HomeFault;

/// The environment variable that names the home folder.
pub const HOME_VARIABLE: &str = "VEZNE_HOME";

/// What a practice home's settings begin with. What is done there moves no money, and its papers say so.
pub const PRACTICE_MARK: &str = "# Training mode:";

/// A home folder; that it is named does not mean that it is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Home {
    folder: PathBuf,
}

impl Home {
    /// The folder that was asked for, else the one that `VEZNE_HOME` names, else the platform's data folder.
    ///
    /// # Errors
    /// [`HomeFault::Nowhere`] when none of them says anything.
    pub fn locate(asked: Option<PathBuf>) -> Result<Self, HomeFault> {
        let folder = asked
            .or_else(|| set(HOME_VARIABLE).map(PathBuf::from))
            .or_else(platform_folder)
            .ok_or(HomeFault::Nowhere)?;
        let folder = std::path::absolute(&folder).map_err(|cause| HomeFault::Folder { path: folder, cause })?;
        Ok(Self { folder })
    }

    /// Exactly this folder.
    #[must_use]
    pub fn at(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into() }
    }

    /// The folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// `config.toml`.
    #[must_use]
    pub fn config(&self) -> PathBuf {
        self.folder.join("config.toml")
    }

    /// Whether this is the home of training mode.
    #[must_use]
    pub fn is_practice(&self) -> bool {
        std::fs::read_to_string(self.config()).is_ok_and(|text| text.starts_with(PRACTICE_MARK))
    }

    /// `logs/`.
    #[must_use]
    pub fn logs(&self) -> PathBuf {
        self.folder.join("logs")
    }

    /// Makes the folder, for its owner only, if it is not there.
    ///
    /// # Errors
    /// [`HomeFault::Folder`] with what the system said.
    pub fn create(&self) -> Result<(), HomeFault> {
        private_folder(&self.folder).map_err(|cause| HomeFault::Folder { path: self.folder.clone(), cause })
    }

    /// Replaces `config.toml` in one step, for its owner only: after a power cut there is the old one or the new one. Text
    /// that could not be read again is not written.
    ///
    /// # Errors
    /// [`HomeFault::Settings`] for what is wrong with the text, [`HomeFault::Folder`] with what the system said.
    pub fn write_config(&self, text: &str) -> Result<(), HomeFault> {
        Settings::parse(text, "config.toml")?;
        self.create()?;
        // Whoever keeps the file elsewhere and links it here goes on doing so.
        let path = std::fs::canonicalize(self.config()).unwrap_or_else(|_| self.config());
        replace(&path, text).map_err(|cause| HomeFault::Folder { path, cause })
    }
}

/// Writes beside the file, has it on the disk, and then puts it in the file's place.
pub(crate) fn replace(path: &Path, text: &str) -> std::io::Result<()> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".new");
    let beside = path.with_file_name(name);
    // What an earlier try left there may have anybody's rights.
    match std::fs::remove_file(&beside) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
        Ok(()) | Err(_) => {}
    }
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&beside)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    drop(file);
    std::fs::rename(&beside, path)?;
    // The new name must be on the disk too; Windows keeps folders by itself.
    #[cfg(unix)]
    if let Some(folder) = path.parent() {
        std::fs::File::open(folder)?.sync_all()?;
    }
    Ok(())
}

/// Makes a folder and those above it; what is made is its owner's alone.
pub(crate) fn private_folder(path: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// A variable's value; an empty one counts as not set.
fn set(variable: &str) -> Option<OsString> {
    std::env::var_os(variable).filter(|value| !value.is_empty())
}

fn platform_folder() -> Option<PathBuf> {
    if cfg!(target_os = "windows") {
        return set("APPDATA").map(|folder| PathBuf::from(folder).join("Vezne"));
    }
    let home = std::env::home_dir().filter(|home| home.is_absolute());
    if cfg!(target_os = "macos") {
        return home.map(|home| home.join("Library/Application Support/Vezne"));
    }
    // The XDG rule: a relative path there is to be ignored.
    let data = set("XDG_DATA_HOME").map(PathBuf::from).filter(|folder| folder.is_absolute());
    data.or_else(|| home.map(|home| home.join(".local/share"))).map(|folder| folder.join("vezne"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folder_that_was_asked_for_comes_first_and_becomes_absolute() {
        let home = Home::locate(Some(PathBuf::from("desk"))).unwrap();
        assert!(home.folder().is_absolute() && home.folder().ends_with("desk"));
        assert!(home.config().ends_with("desk/config.toml"));
    }

    #[cfg(unix)]
    #[test]
    fn a_new_home_is_its_owners_alone() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let home = Home::at(folder.path().join("a/b"));
        home.create().unwrap();
        home.create().unwrap();
        let mode = std::fs::metadata(home.folder()).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o700);
    }

    #[test]
    fn a_config_is_replaced_whole_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::at(folder.path().join("desk"));
        home.write_config("[desk]\nid = \"one\"\n").unwrap();
        assert_eq!(home.settings().unwrap().desk.id, "one");
        // What a desk that broke down left behind.
        std::fs::write(home.folder().join("config.toml.new"), "half of").unwrap();
        home.write_config("# two\n[desk]\nid = \"two\"\n").unwrap();
        let fault = home.write_config("[desk]\nid = \"NOT AN ID\"\n").unwrap_err();
        assert!(matches!(fault, HomeFault::Settings(_)), "{fault}");
        assert_eq!(std::fs::read_to_string(home.config()).unwrap(), "# two\n[desk]\nid = \"two\"\n");
        assert_eq!(std::fs::read_dir(home.folder()).unwrap().count(), 1, "nothing is left beside it");
    }

    #[cfg(unix)]
    #[test]
    fn a_config_is_its_owners_alone_and_a_link_to_it_stays_one() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let home = Home::at(folder.path().join("desk"));
        home.create().unwrap();
        let elsewhere = folder.path().join("kept.toml");
        std::fs::write(&elsewhere, "").unwrap();
        std::os::unix::fs::symlink(&elsewhere, home.config()).unwrap();
        home.write_config("[desk]\nid = \"two\"\n").unwrap();
        assert!(home.config().is_symlink());
        let meta = std::fs::metadata(&elsewhere).unwrap();
        assert_eq!((meta.permissions().mode() & 0o777, meta.len()), (0o600, 18));
    }

    #[test]
    fn a_file_in_the_way_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        std::fs::write(&file, "").unwrap();
        let fault = Home::at(file.join("home")).create().unwrap_err();
        assert!(fault.to_string().contains("file"), "{fault}");
        assert_eq!(fault.class(), crate::FaultClass::Environment);
    }
}
