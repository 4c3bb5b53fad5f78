//! Building a bank window, and moving it about. Everything here runs on the main thread.

use std::path::PathBuf;
use std::sync::{Arc, Weak};

use tauri::webview::{NewWindowFeatures, NewWindowResponse, PageLoadEvent, PermissionResponse};
use tauri::{AppHandle, Manager, WebviewUrl, WebviewWindow, WebviewWindowBuilder, WindowEvent, Wry};
use url::Url;
use vezne_core::attempt::PageEnd;
use vezne_core::ids::AttemptId;
use vezne_core::ports::BankPage;
use vezne_home::Loopback;

use super::BankWindows;

/// The label of the desk's own window.
const DESK: &str = "desk";
/// Below this width of the desk, in logical pixels, a bank's page beside the right column would be too narrow.
const WIDE: u32 = 900;
/// The size of a window where the desk's is not known, in logical pixels.
const USUAL: (u32, u32) = (640, 680);

/// A page as a window can be sent to it.
pub(super) enum Start {
    /// An address.
    Address(Url),
    /// A page, with the address that it counts as coming from.
    #[cfg(target_os = "linux")]
    Html {
        /// The page.
        html: String,
        /// The gateway's address.
        base: String,
    },
}

impl Start {
    /// The address, where the page is laid ready on this machine.
    pub(super) fn of_our_own(&self) -> Option<Url> {
        match self {
            Self::Address(address) => Some(address.clone()),
            #[cfg(target_os = "linux")]
            Self::Html { .. } => None,
        }
    }
}

/// Which window of an attempt it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// The one that shows the bank's page.
    Page,
    /// One that the page opened.
    Popup,
}

/// Makes a page ready for a window. Where the system lets a page be given an address only by unsafe calls, the loop-back
/// server hands it out once, as a stranger without an origin.
#[cfg_attr(target_os = "linux", expect(clippy::unused_async, reason = "elsewhere the page is laid ready first"))]
pub(super) async fn start(loopback: &Loopback, attempt: AttemptId, page: &BankPage) -> Result<Start, String> {
    match page {
        BankPage::Address(address) => Url::parse(address).map(Start::Address).map_err(|error| error.to_string()),
        #[cfg(target_os = "linux")]
        BankPage::Html { html, base } => {
            let _ = (loopback, attempt);
            Ok(Start::Html { html: html.clone(), base: base.clone() })
        }
        #[cfg(not(target_os = "linux"))]
        BankPage::Html { .. } => {
            let address = loopback.lay_ready(attempt, page.clone()).await?;
            Url::parse(&address).map(Start::Address).map_err(|error| error.to_string())
        }
    }
}

/// Opens the window of an attempt.
pub(super) fn open(
    windows: &Arc<BankWindows>,
    attempt: AttemptId,
    label: &str,
    folder: PathBuf,
    start: Start,
) -> Result<(), String> {
    #[cfg(target_os = "linux")]
    super::network::a_window_opens();
    let builder = builder(windows, attempt, label, folder, Kind::Page).map_err(|error| error.to_string())?;
    let ((x, y), (width, height)) = place(desk_place(&windows.app));
    let mut builder = builder.inner_size(f64::from(width), f64::from(height)).title("Vezne");
    builder = match (x, y) {
        (Some(x), Some(y)) => builder.position(f64::from(x), f64::from(y)),
        _ => builder.center(),
    };
    let window = builder.build().map_err(|error| error.to_string())?;
    heed(windows, attempt, &window, Kind::Page);
    load(windows, attempt, &window, start).map_err(|error| error.to_string())
}

#[cfg(target_os = "linux")]
fn load(windows: &Arc<BankWindows>, attempt: AttemptId, window: &WebviewWindow, start: Start) -> tauri::Result<()> {
    let (windows, label) = (Arc::downgrade(windows), window.label().to_owned());
    window.with_webview(move |webview| {
        let webview = webview.inner();
        super::linux::fit(&webview, &windows, attempt, &label, Kind::Page);
        match &start {
            Start::Address(address) => super::linux::load_address(&webview, address),
            Start::Html { html, base } => super::linux::load_html(&webview, html, base),
        }
    })
}

#[cfg(not(target_os = "linux"))]
fn load(_windows: &Arc<BankWindows>, _attempt: AttemptId, window: &WebviewWindow, start: Start) -> tauri::Result<()> {
    match start {
        Start::Address(address) => window.navigate(address),
    }
}

fn builder<'a>(
    windows: &'a Arc<BankWindows>,
    attempt: AttemptId,
    label: &str,
    folder: PathBuf,
    kind: Kind,
) -> tauri::Result<WebviewWindowBuilder<'a, Wry, AppHandle>> {
    // Nothing is loaded before the window is fitted: its handlers stand, and the bridge is out of it, when it begins.
    let nowhere = Url::parse("about:blank").map_err(tauri::Error::InvalidUrl)?;
    let (go, create, show) = (Arc::downgrade(windows), Arc::downgrade(windows), Arc::downgrade(windows));
    let builder = WebviewWindowBuilder::new(&windows.app, label, WebviewUrl::External(nowhere))
        .devtools(false)
        .general_autofill_enabled(false)
        .use_https_scheme(true)
        .disable_drag_drop_handler()
        .on_navigation(move |url| go.upgrade().is_some_and(|windows| windows.may_go(attempt, url, kind)))
        .on_new_window(move |url, features| popup(&create, attempt, &url, features))
        .on_download(|_, _| false)
        .on_permission_request(|_, _| PermissionResponse::Deny)
        .on_page_load(move |window, load| {
            let Some(windows) = show.upgrade().filter(|_| load.event() == PageLoadEvent::Started) else { return };
            let _only_a_title = window.set_title(&title(load.url()));
            if kind == Kind::Page {
                windows.shows(attempt, load.url());
            }
        });
    let builder = if shared() { builder } else { builder.data_directory(folder) };
    match windows.app.get_webview_window(DESK) {
        Some(desk) => builder.parent(&desk),
        None => Ok(builder),
    }
}

/// Whether bank windows share the desk's web context, so that WebDriver sees them: for tests, and in no package.
#[cfg(feature = "webdriver")]
fn shared() -> bool {
    std::env::var_os("VEZNE_BANK_SHARED").is_some_and(|value| value == "1")
}

#[cfg(not(feature = "webdriver"))]
const fn shared() -> bool {
    false
}

fn heed(windows: &Arc<BankWindows>, attempt: AttemptId, window: &WebviewWindow, kind: Kind) {
    let (windows, label) = (Arc::downgrade(windows), window.label().to_owned());
    window.on_window_event(move |event| {
        let Some(windows) = windows.upgrade() else { return };
        match (event, kind) {
            (WindowEvent::CloseRequested { api, .. }, Kind::Page) => {
                api.prevent_close();
                windows.close_asked(attempt);
            }
            // Destroyed by the system, with the desk as a rule: for the till that is somebody's hand.
            (WindowEvent::Destroyed, Kind::Page) => {
                windows.window_ended(attempt, &label, PageEnd::ClosedByHand);
            }
            (WindowEvent::Destroyed, Kind::Popup) => windows.popup_gone(attempt, &label),
            _ => {}
        }
    });
}

fn popup(
    windows: &Weak<BankWindows>,
    attempt: AttemptId,
    url: &Url,
    features: NewWindowFeatures,
) -> NewWindowResponse<Wry> {
    let Some(windows) = windows.upgrade() else { return NewWindowResponse::Deny };
    let Some((label, folder)) = windows.popup(attempt, url) else { return NewWindowResponse::Deny };
    let size = features.size().map_or((480.0, 600.0), |size| (size.width, size.height));
    let built = builder(&windows, attempt, &label, folder, Kind::Popup)
        .and_then(|builder| builder.title("Vezne").inner_size(size.0, size.1).window_features(features).build());
    match built {
        Ok(window) => {
            heed(&windows, attempt, &window, Kind::Popup);
            fit_popup(&windows, attempt, &window);
            NewWindowResponse::Create { window }
        }
        Err(error) => {
            tracing::warn!(%attempt, %error, "a pop-up of the bank's page could not be opened");
            windows.popup_gone(attempt, &label);
            NewWindowResponse::Deny
        }
    }
}

#[cfg(target_os = "linux")]
fn fit_popup(windows: &Arc<BankWindows>, attempt: AttemptId, window: &WebviewWindow) {
    let (windows, label) = (Arc::downgrade(windows), window.label().to_owned());
    let fitted =
        window.with_webview(move |webview| super::linux::fit(&webview.inner(), &windows, attempt, &label, Kind::Popup));
    if let Err(error) = fitted {
        tracing::warn!(%attempt, %error, "a pop-up of the bank's page is closed");
        let _gone = window.destroy();
    }
}

#[cfg(not(target_os = "linux"))]
fn fit_popup(_windows: &Arc<BankWindows>, _attempt: AttemptId, _window: &WebviewWindow) {}

/// The window's title: how it came, and the host, which no page can write.
pub(super) fn title(url: &Url) -> String {
    match url.host_str() {
        Some(host) if url.scheme() == "https" => format!("\u{1f512} {host} \u{2013} Vezne"),
        Some(host) if url.scheme() == "http" => format!("\u{26a0} {host} \u{2013} Vezne"),
        Some(_) | None => "Vezne".to_owned(),
    }
}

/// Where the desk's window stands, in logical pixels: its corner, and its size.
fn desk_place(app: &AppHandle) -> Option<((i32, i32), (u32, u32))> {
    let desk = app.get_webview_window(DESK)?;
    let scale = desk.scale_factor().ok()?;
    let corner = desk.outer_position().ok()?.to_logical::<i32>(scale);
    let size = desk.inner_size().ok()?.to_logical::<u32>(scale);
    Some(((corner.x, corner.y), (size.width, size.height)))
}

type Place = ((Option<i32>, Option<i32>), (u32, u32));

/// Over the left part of the desk, so that what is paid stays in sight at its right; in the middle where the desk is
/// too narrow for that.
fn place(desk: Option<((i32, i32), (u32, u32))>) -> Place {
    match desk {
        Some(((x, y), (width, height))) if width >= WIDE => {
            let margin = 16;
            let size = (width.saturating_mul(62) / 100, height.saturating_sub(48).max(320));
            ((Some(x.saturating_add(margin)), Some(y.saturating_add(margin))), size)
        }
        Some((_, (width, height))) => ((None, None), (width.clamp(320, USUAL.0), height.clamp(320, USUAL.1))),
        None => ((None, None), USUAL),
    }
}

/// Destroys a window, if it is there.
pub(super) fn destroy(app: &AppHandle, label: &str) {
    if let Some(window) = app.get_webview_window(label)
        && let Err(error) = window.destroy()
    {
        tracing::info!(%error, "a bank window was gone already");
    }
}

/// Shows or hides a window.
pub(super) fn turn(app: &AppHandle, label: &str, shown: bool) {
    let Some(window) = app.get_webview_window(label) else { return };
    let turned = if shown { window.show().and_then(|()| window.set_focus()) } else { window.hide() };
    if let Err(error) = turned {
        tracing::warn!(%error, "a bank window could not be turned");
    }
}

/// Gives the desk's window the focus: it has a question.
pub(super) fn raise_desk(app: &AppHandle) {
    if let Some(desk) = app.get_webview_window(DESK)
        && let Err(error) = desk.set_focus()
    {
        tracing::info!(%error, "the desk could not be brought to the front");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_title_says_how_the_page_came_and_from_where() {
        let title = |text: &str| title(&Url::parse(text).unwrap());
        assert_eq!(title("https://3ds.bank.com/x?y"), "\u{1f512} 3ds.bank.com \u{2013} Vezne");
        assert_eq!(title("http://127.0.0.1:80/x"), "\u{26a0} 127.0.0.1 \u{2013} Vezne");
        assert_eq!(title("about:blank"), "Vezne");
        assert_eq!(title("vezne-return://return/X"), "Vezne");
    }

    #[test]
    fn the_page_leaves_the_desks_right_column_in_sight() {
        for width in [900, 1024, 1920, 3840] {
            let ((x, _), (wide, _)) = place(Some(((100, 50), (width, 700))));
            let right_edge = u32::try_from(x.unwrap() - 100).unwrap() + wide;
            assert!(right_edge <= width * 2 / 3, "{width}: {right_edge}");
        }
        assert_eq!(place(Some(((0, 0), (800, 600)))), ((None, None), (640, 600)));
        assert_eq!(place(None), ((None, None), USUAL));
    }
}
