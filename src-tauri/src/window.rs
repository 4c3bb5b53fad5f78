//! The desk's own window: what it may load, how it comes to the front, and how it is closed.

#[cfg(target_os = "linux")]
mod linux;
#[cfg(target_os = "linux")]
mod renewal;

use std::sync::Arc;

use tauri::webview::NewWindowResponse;
use tauri::{AppHandle, Manager as _, Url, WebviewUrl, WebviewWindow, WebviewWindowBuilder, WindowEvent};

use vezne_core::ids::AttemptId;

#[cfg(target_os = "linux")]
use crate::anew;
use crate::desk::{Desk, Unfinished};
use crate::ipc::DESK;
use crate::view::DeskEvent;

/// The window's usual size and the smallest it can be used at, in logical pixels.
const SIZE: (f64, f64) = (1280.0, 800.0);
const SMALLEST: (f64, f64) = (1024.0, 700.0);

/// A page that is reloaded by a slip of the finger shows a payment anew instead of going on with it, and the webview's own
/// menu offers just that. Text fields keep their menu, for pasting.
const NO_RELOAD: &str = "
addEventListener('contextmenu', (event) => {
  const field = event.target instanceof Element && event.target.closest('input, textarea');
  if (!field) event.preventDefault();
}, true);
addEventListener('keydown', (event) => {
  const reload = event.key === 'F5' || event.key === 'BrowserRefresh' ||
    ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'r');
  if (reload) event.preventDefault();
}, true);
";

/// Makes the window. It shows the program's own files and nothing else: nothing is loaded from elsewhere, downloaded,
/// or opened beside it.
pub(crate) fn make(app: &AppHandle, desk: &Arc<Desk>) -> tauri::Result<WebviewWindow> {
    let window = WebviewWindowBuilder::new(app, DESK, WebviewUrl::App("index.html".into()))
        .title("Vezne")
        .inner_size(SIZE.0, SIZE.1)
        .min_inner_size(SMALLEST.0, SMALLEST.1)
        .on_navigation(is_own)
        .on_download(|_, _| false)
        .on_new_window(|_, _| NewWindowResponse::Deny)
        .initialization_script(NO_RELOAD)
        .general_autofill_enabled(false)
        .disable_drag_drop_handler()
        .devtools(cfg!(debug_assertions))
        // Elsewhere the switch needs a permission for the page; on Linux the keys are heard below.
        .zoom_hotkeys_enabled(cfg!(windows))
        .build()?;
    #[cfg(target_os = "linux")]
    linux::fit(&window, Arc::clone(&desk.stream))?;
    let (app, desk) = (app.clone(), Arc::clone(desk));
    window.on_window_event(move |event| {
        if let WindowEvent::CloseRequested { api, .. } = event {
            api.prevent_close();
            ask_to_close(&app, Arc::clone(&desk));
        }
    });
    Ok(window)
}

/// Whether the address is the program's own: its files come by a scheme, or by a host on Windows, that only it has.
fn is_own(url: &Url) -> bool {
    match (url.scheme(), url.host_str()) {
        ("tauri", Some("localhost")) => !cfg!(windows),
        ("http" | "https", Some("tauri.localhost")) => cfg!(windows) && url.port().is_none(),
        _ => false,
    }
}

/// Someone wants to close the desk. While payments are under way or something is not written down, the window asks
/// first; without a window that could ask, what is under way stays written down and is taken up at the next start.
pub(crate) fn ask_to_close(app: &AppHandle, desk: Arc<Desk>) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        let Unfinished { open, not_written_down } = desk.unfinished().await;
        let can_ask = desk.stream.is_watched() && app.get_webview_window(DESK).is_some();
        if (open > 0 || not_written_down) && can_ask {
            desk.stream.tell(DeskEvent::CloseAsked { open, not_written_down });
        } else {
            end(&app, desk);
        }
    });
}

/// Closes the till, then the program: what is under way is written down, and the journal is free.
pub(crate) fn end(app: &AppHandle, desk: Arc<Desk>) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        desk.end().await;
        tracing::info!("the desk is closed");
        app.exit(0);
    });
}

/// Brings the window to the front.
pub(crate) fn raise(app: &AppHandle) {
    let Some(window) = app.get_webview_window(DESK) else { return };
    let raised = window.unminimize().and_then(|()| window.show()).and_then(|()| window.set_focus());
    if let Err(error) = raised {
        tracing::warn!(%error, "the window could not be brought to the front");
    }
}

/// What a fresh page goes on with. It finds this in its address.
pub(crate) struct GoesOn {
    /// The attempt that is shown.
    pub(crate) shown: Option<AttemptId>,
    /// Others, whose end has not been seen yet.
    pub(crate) watched: Vec<AttemptId>,
    /// Others, whose end is known.
    pub(crate) known: Vec<AttemptId>,
}

impl GoesOn {
    #[cfg(any(test, target_os = "linux"))]
    fn fragment(&self) -> String {
        let list = |ids: &[AttemptId]| ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
        let shown = list(self.shown.as_slice());
        format!("renewed&shown={shown}&watched={}&known={}", list(&self.watched), list(&self.known))
    }
}

/// Replaces the window's page, and the process that it lives in, by a fresh one that goes on where it was: what the old one
/// was told of a card is gone then.
#[cfg(target_os = "linux")]
pub(crate) fn renew_page(window: &WebviewWindow, goes_on: &GoesOn) -> tauri::Result<()> {
    // A driver loses a page whose process ends, and its session with it.
    if anew::is_driven() {
        return Ok(());
    }
    renewal::renew(window, goes_on.fragment())
}

/// The fresh page is drawn: it may be seen.
#[cfg(target_os = "linux")]
pub(crate) fn page_stands(window: &WebviewWindow) -> tauri::Result<()> {
    renewal::stands(window)
}

/// Elsewhere the web view gives no way to end a page's process: the page stays.
#[cfg(not(target_os = "linux"))]
pub(crate) fn renew_page(_: &WebviewWindow, _: &GoesOn) -> tauri::Result<()> {
    Ok(())
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn page_stands(_: &WebviewWindow) -> tauri::Result<()> {
    Ok(())
}

/// Ends the desk properly when the system or a terminal asks for it.
#[cfg(unix)]
pub(crate) fn end_on_signals(app: &AppHandle, desk: Arc<Desk>) {
    use tokio::signal::unix::{SignalKind, signal};
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        let (terminate, interrupt) = (signal(SignalKind::terminate()), signal(SignalKind::interrupt()));
        match (terminate, interrupt) {
            (Ok(mut terminate), Ok(mut interrupt)) => {
                tokio::select! {
                    _ = terminate.recv() => {}
                    _ = interrupt.recv() => {}
                }
                tracing::info!("asked by the system to end");
                end(&app, desk);
            }
            (Err(error), _) | (_, Err(error)) => tracing::warn!(%error, "signals can't be listened to"),
        }
    });
}

/// There the system closes windows, which asks the same way as a person does.
#[cfg(not(unix))]
pub(crate) fn end_on_signals(_app: &AppHandle, _desk: Arc<Desk>) {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fresh_page_is_told_what_to_go_on_with_and_it_stays_an_address_of_our_own() {
        let id = |last: u8| AttemptId::from_parts(vezne_core::time::Timestamp::from_millis(1), [last; 10]);
        let goes_on = GoesOn { shown: Some(id(1)), watched: vec![id(2), id(3)], known: Vec::new() };
        let fragment = goes_on.fragment();
        assert_eq!(fragment, format!("renewed&shown={}&watched={},{}&known=", id(1), id(2), id(3)));
        let page = if cfg!(windows) { "http://tauri.localhost/index.html" } else { "tauri://localhost/index.html" };
        assert!(is_own(&Url::parse(&format!("{page}#{fragment}")).unwrap()));
    }

    #[test]
    fn the_window_stays_at_its_own_files() {
        let own = if cfg!(windows) { "http://tauri.localhost/index.html" } else { "tauri://localhost/index.html" };
        assert!(is_own(&Url::parse(own).unwrap()));
        for foreign in [
            "https://bank.example/3ds",
            "http://localhost/index.html",
            "tauri://elsewhere/index.html",
            "file:///etc/passwd",
            "data:text/html,hello",
            "javascript:alert(1)",
            "about:blank",
            "https://tauri.localhost.evil.example/",
            "http://tauri.localhost:8080/",
            "ipc://localhost/watch",
        ] {
            assert!(!is_own(&Url::parse(foreign).unwrap()), "{foreign}");
        }
    }
}
