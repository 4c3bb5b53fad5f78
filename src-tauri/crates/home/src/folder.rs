//! Where a desk lives.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crate::HomeFault;

/// The environment variable that names the home folder.
pub const HOME_VARIABLE: &str = "VEZNE_HOME";

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
    fn a_file_in_the_way_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        std::fs::write(&file, "").unwrap();
        let fault = Home::at(file.join("home")).create().unwrap_err();
        assert!(fault.to_string().contains("file"), "{fault}");
        assert_eq!(fault.class(), crate::FaultClass::Environment);
    }
}
