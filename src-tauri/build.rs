//! Prepares the desk's window at build time.

/// Every command, one a line: what is not named here, no page can call, whatever the capabilities say.
const COMMANDS: &str = include_str!("commands.txt");

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo:rerun-if-changed=src-tauri/commands.txt");
    let names: &'static [&'static str] = Vec::leak(COMMANDS.lines().collect());
    let attributes = tauri_build::Attributes::new()
        .app_manifest(tauri_build::AppManifest::new().commands(names))
        .capabilities_path_pattern("./src-tauri/capabilities/**/*");
    tauri_build::try_build(attributes)?;
    Ok(())
}
