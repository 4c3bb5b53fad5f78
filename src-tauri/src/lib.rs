//! The desk: the only code that knows Tauri. Its window asks through the commands in `commands/`, which ask the till;
//! the bank's pages stand in windows of their own (`bank/`) from which nothing of this can be reached.
//!
//! This file is the composition root: arguments → second start → logs → window → the first till. It decides nothing.

mod accounts;
mod anew;
pub mod arguments;
pub mod bank;
pub mod commands;
pub mod desk;
pub mod exports;
pub mod ipc;
mod opening;
mod papers;
mod preferences;
mod second_start;
pub mod session;
mod stream;
mod training;
pub mod view;
mod window;

use std::fmt::Display;
use std::io::Write as _;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser as _;
use tauri::{AppHandle, Manager as _, RunEvent};
use vezne_core::text::ForeignText;
use vezne_home::{Home, Logs};

use crate::arguments::Arguments;
use crate::desk::Desk;
use crate::opening::Front;
use crate::second_start::{Door, Start};
use crate::session::Sessions;
use crate::stream::Stream;

/// The program's name: its log files carry it.
const PROGRAM: &str = "vezne";

/// The whole program.
#[must_use]
pub fn main() -> ExitCode {
    // Before there is anything that could be driven or is to be wiped, and before any thread.
    if let Err(error) = anew::start_anew() {
        return failed(&error);
    }
    // Before there is anything in the memory that nobody may read.
    let private = vezne_memory::keep_private();
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) if error.use_stderr() => return failed(&"the arguments can't be read; see --help"),
        Err(help_or_version) => help_or_version.exit(),
    };
    if arguments.open_page {
        let opened = vezne_home::open_in_browser(std::io::stdin().lock());
        return if opened.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE };
    }
    match run(arguments, private) {
        Ok(code) => code,
        Err(error) => failed(&error),
    }
}

/// Before there is a window and a log, a terminal is all that could be told.
fn failed(error: &dyn Display) -> ExitCode {
    tracing::error!(%error, "the desk could not be started");
    let _nobody_reads = writeln!(std::io::stderr(), "vezne: {error}");
    ExitCode::FAILURE
}

fn run(arguments: Arguments, private: std::io::Result<()>) -> Result<ExitCode, Box<dyn std::error::Error>> {
    let home = Home::locate(arguments.home.clone())?;
    // A folder that can't be made is said by the window, which can say what to do.
    let made = home.create();
    let _best_effort = Logs::begin(&home.logs(), PROGRAM);
    write_down_panics();
    if let Err(error) = private {
        tracing::warn!(%error, "the system does not keep other programs from reading this one's memory");
    }
    let door = match made.ok().map(|()| second_start::knock(home.folder(), arguments.link)) {
        Some(Ok(Start::First(door))) => Some(door),
        Some(Ok(Start::Shown)) => return Ok(ExitCode::SUCCESS),
        Some(Ok(Start::Silent)) => return Err("the desk runs already, and gives no answer".into()),
        // The journal has a lock of its own: two tills are never open on it.
        Some(Err(error)) => {
            tracing::warn!(%error, "it can't be told whether the desk runs already");
            None
        }
        None => None,
    };
    find_display()?;
    let app = bank::protocol(tauri::Builder::default())
        .invoke_handler(ipc::handler())
        .setup(move |app| Ok(set_up(app.handle(), home, &arguments, door)?))
        .build(tauri::generate_context!())?;
    app.run(|app, event| {
        // The last window was closed, or the system's menu says "Quit": the same question as for the window.
        if let RunEvent::ExitRequested { code: None, api, .. } = event {
            api.prevent_exit();
            window::ask_to_close(app, Arc::clone(app.state::<Arc<Desk>>().inner()));
        }
    });
    Ok(ExitCode::SUCCESS)
}

/// Without a display the window's library would end the program by a panic, of which a terminal would read nothing.
#[cfg(target_os = "linux")]
fn find_display() -> Result<(), &'static str> {
    gtk::init().map_err(|_| "there is no display that its window could be shown on")
}

#[cfg(not(target_os = "linux"))]
const fn find_display() -> Result<(), &'static str> {
    Ok(())
}

fn set_up(app: &AppHandle, home: Home, arguments: &Arguments, door: Option<Door>) -> tauri::Result<()> {
    let stream = Arc::new(Stream::new());
    let front = Front::new(app.clone(), Arc::clone(&stream));
    let desk = Arc::new(Desk::new(home, front, stream));
    let first_turn = desk.first_turn();
    app.manage(Arc::clone(&desk));
    let sessions: Arc<dyn Sessions> = desk.clone();
    app.manage(sessions);
    app.manage(Arc::clone(&desk.exports));
    let folder = exports::folder(app.path().document_dir().ok(), &desk.home);
    tauri::async_runtime::spawn_blocking(move || exports::sweep(&folder));
    window::make(app, &desk)?;
    window::end_on_signals(app, Arc::clone(&desk));
    if let Some(door) = door {
        let (app, desk) = (app.clone(), Arc::clone(&desk));
        door.open(move |link| {
            if let Some(named) = link {
                desk.show(named);
            }
            window::raise(&app);
        });
    }
    if let Some(named) = arguments.link {
        desk.show(named);
    }
    let training = arguments.training;
    if let Some(turn) = first_turn {
        tauri::async_runtime::spawn(async move { desk.begin(training, turn).await });
    }
    Ok(())
}

/// A panic goes into the log, its words through the filter for card numbers; nothing of it is printed.
fn write_down_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        let payload = panic.payload();
        let words = payload.downcast_ref::<&str>().copied();
        let words = words.or_else(|| payload.downcast_ref::<String>().map(String::as_str)).unwrap_or("no words");
        let words = ForeignText::filter(words);
        tracing::error!(place, words = words.as_str(), "something went wrong inside Vezne");
    }));
}
