//! What only WebKitGTK can be told or asked: without it failures are silent, frames lose their cookies, and the page
//! could draw its own lock.

use std::sync::Weak;

use gtk::gdk::ModifierType;
use gtk::gdk::keys::{Key, constants as key};
use gtk::glib::{ControlFlow, Propagation};
use gtk::pango::EllipsizeMode;
use gtk::prelude::*;
use url::Url;
use vezne_core::attempt::PageEnd;
use vezne_core::ids::AttemptId;
use webkit2gtk::{
    AuthenticationRequestExt, CacheModel, CookieAcceptPolicy, CookieManagerExt, FileChooserRequestExt, LoadEvent,
    NetworkError, PolicyError, SettingsExt, UserContentManagerExt, WebContextExt, WebView, WebViewExt,
    WebsiteDataManagerExt,
};

use super::BankWindows;
use super::returns::Landing;
use super::window::Kind;

/// Fits a web view for a bank's page. Nothing has been loaded into it yet.
pub(super) fn fit(webview: &WebView, windows: &Weak<BankWindows>, attempt: AttemptId, label: &str, kind: Kind) {
    take_out_the_bridge(webview);
    settle_settings(webview);
    refuse_what_no_bank_needs(webview);
    add_strip(webview);
    hear_the_desks_key(webview, windows, attempt);
    hear_failures(webview, windows, attempt, label, kind);
    hear_its_end(webview, windows, attempt, label, kind);
}

/// Tauri puts its bridge into every page. Only the access list protects what lies behind it; so what a bank's page does
/// not get, it can't try: neither the scripts, nor the key in them without which no call is heard, nor the way in.
fn take_out_the_bridge(webview: &WebView) {
    if let Some(content) = webview.user_content_manager() {
        content.remove_all_scripts();
        content.unregister_script_message_handler("ipc");
    }
}

fn settle_settings(webview: &WebView) {
    if let Some(settings) = WebViewExt::settings(webview) {
        settings.set_javascript_can_open_windows_automatically(true);
        settings.set_enable_developer_extras(false);
        settings.set_enable_page_cache(false);
        settings.set_enable_back_forward_navigation_gestures(false);
    }
    // What the bank shows is not written to the disk, not even for the minutes in which the folder is there.
    if let Some(context) = webview.web_context() {
        context.set_cache_model(CacheModel::DocumentViewer);
    }
    // A bank's page inside a frame of another's loses its session otherwise.
    if let Some(cookies) = webview.website_data_manager().and_then(|data| data.cookie_manager()) {
        cookies.set_accept_policy(CookieAcceptPolicy::Always);
    }
}

fn refuse_what_no_bank_needs(webview: &WebView) {
    webview.connect_context_menu(|_, _, _, _| true);
    webview.connect_print(|_, _| true);
    // A page that fills the screen could draw a desk.
    webview.connect_enter_fullscreen(|_| true);
    webview.connect_run_file_chooser(|_, request| {
        request.cancel();
        true
    });
    webview.connect_authenticate(|_, request| {
        request.cancel();
        true
    });
    // Loading a bank's page anew would post its form once more.
    webview.connect_key_press_event(|_, event| if reloads(event) { Propagation::Stop } else { Propagation::Proceed });
}

fn reloads(event: &gtk::gdk::EventKey) -> bool {
    let pressed = event.keyval();
    let with_control = event.state().contains(ModifierType::CONTROL_MASK);
    [key::F5, key::F12, key::Reload, key::Refresh, key::Back, key::Forward].contains(&pressed)
        || (with_control && [key::r, key::R, key::i, key::I, key::p, key::P].contains(&pressed))
}

/// The desk's keys are heard by its own window alone. Control and N, the next customer, leads there from the bank's window
/// too: it is heard by the window before the page gets it.
fn hear_the_desks_key(webview: &WebView, windows: &Weak<BankWindows>, attempt: AttemptId) {
    let Some(window) = webview.toplevel() else { return };
    let windows = Weak::clone(windows);
    window.connect_key_press_event(move |_, event| {
        if !is_next_customer(event.keyval(), event.state()) {
            return Propagation::Proceed;
        }
        let windows = Weak::clone(&windows);
        later(move || {
            let Some(windows) = windows.upgrade() else { return };
            // Without a page to put aside the desk is wanted all the same.
            let _gone_already = windows.park(attempt);
            super::window::raise_desk(&windows.app);
        });
        Propagation::Stop
    });
}

fn is_next_customer(pressed: Key, with: ModifierType) -> bool {
    let others = ModifierType::SHIFT_MASK | ModifierType::MOD1_MASK | ModifierType::SUPER_MASK;
    [key::n, key::N].contains(&pressed) && with.contains(ModifierType::CONTROL_MASK) && !with.intersects(others)
}

/// A strip above the page, drawn by us: the page can't reach it.
fn add_strip(webview: &WebView) {
    let Some(above) = webview.parent().and_then(|parent| parent.downcast::<gtk::Box>().ok()) else { return };
    let strip = gtk::Box::new(gtk::Orientation::Horizontal, 8);
    let (lock, host) = (gtk::DrawingArea::new(), gtk::Label::new(None));
    strip.set_border_width(6);
    lock.set_size_request(16, 16);
    lock.connect_draw(draw_lock);
    lock.set_opacity(0.0);
    host.set_xalign(0.0);
    host.set_selectable(false);
    // The end of a host says whose it is.
    host.set_ellipsize(EllipsizeMode::Start);
    strip.pack_start(&lock, false, false, 0);
    strip.pack_start(&host, true, true, 0);
    above.pack_start(&strip, false, false, 0);
    above.reorder_child(&strip, 0);
    strip.show_all();
    webview.connect_load_changed(move |webview, event| {
        if event == LoadEvent::Committed {
            let url = webview.uri().and_then(|uri| Url::parse(&uri).ok());
            let web = url.as_ref().filter(|url| matches!(url.scheme(), "http" | "https"));
            let secure = web.is_some_and(|url| url.scheme() == "https");
            lock.set_opacity(if secure { 1.0 } else { 0.0 });
            host.set_text(&web.map(|url| strip_text(url, secure)).unwrap_or_default());
            if let Some(accessible) = host.accessible() {
                accessible.set_description(if secure { "https" } else { "http" });
            }
        }
    });
}

fn strip_text(url: &Url, secure: bool) -> String {
    let host = url.host_str().unwrap_or_default();
    match (secure, url.port()) {
        (true, None) => host.to_owned(),
        (true, Some(port)) => format!("{host}:{port}"),
        (false, None) => format!("http://{host}"),
        (false, Some(port)) => format!("http://{host}:{port}"),
    }
}

/// A closed padlock in the colour of the text.
fn draw_lock(area: &gtk::DrawingArea, cairo: &gtk::cairo::Context) -> Propagation {
    let colour = area.style_context().color(area.state_flags());
    cairo.set_source_rgba(colour.red(), colour.green(), colour.blue(), colour.alpha());
    cairo.rectangle(2.0, 7.0, 12.0, 8.0);
    let body = cairo.fill();
    cairo.set_line_width(2.0);
    cairo.arc(8.0, 7.0, 3.5, std::f64::consts::PI, 0.0);
    if body.and_then(|()| cairo.stroke()).is_err() {
        tracing::debug!("the lock could not be drawn");
    }
    Propagation::Proceed
}

/// None of these is told by anyone else.
fn hear_failures(webview: &WebView, windows: &Weak<BankWindows>, attempt: AttemptId, label: &str, kind: Kind) {
    let ends = {
        let (windows, label) = (Weak::clone(windows), label.to_owned());
        move |end: PageEnd| {
            let (windows, label) = (Weak::clone(&windows), label.clone());
            later(move || {
                let Some(windows) = windows.upgrade() else { return };
                match kind {
                    Kind::Page => windows.window_ended(attempt, &label, end),
                    Kind::Popup => super::window::destroy(&windows.app, &label),
                }
            });
        }
    };
    let (failed, tls, gone) = (ends.clone(), ends.clone(), ends);
    let windows = Weak::clone(windows);
    webview.connect_load_failed(move |_, _, address, error| {
        let url = Url::parse(address).ok();
        let is_return = |url: &Url| {
            windows.upgrade().is_some_and(|windows| match kind {
                Kind::Page => windows.has_become_the_page(attempt, url, Landing::Stopped),
                Kind::Popup => false,
            })
        };
        // A redirect to our own scheme never loads; that it was the page's own way shows here.
        let returned = url.as_ref().is_some_and(is_return);
        let ours = error.matches(NetworkError::Cancelled)
            || error.matches(PolicyError::FrameLoadInterruptedByPolicyChange)
            || error.matches(PolicyError::CannotShowUri);
        if !returned && !ours {
            tracing::warn!(%attempt, error = error.message(), "the bank's page could not be loaded");
            failed(PageEnd::LoadFailed);
        }
        true
    });
    webview.connect_load_failed_with_tls_errors(move |_, _, _, flags| {
        tracing::warn!(%attempt, ?flags, "the certificate of the bank's page is not to be trusted");
        tls(PageEnd::TlsFailed);
        true
    });
    webview.connect_web_process_terminated(move |_, reason| {
        tracing::warn!(%attempt, ?reason, "the process of the bank's page is gone");
        gone(PageEnd::ProcessGone);
    });
}

/// A page that closes itself leaves an empty window: its web view is destroyed there and then, before any other handler of
/// its closing is asked, so the end of the web view is what is heard.
fn hear_its_end(webview: &WebView, windows: &Weak<BankWindows>, attempt: AttemptId, label: &str, kind: Kind) {
    let (windows, label) = (Weak::clone(windows), label.to_owned());
    webview.connect_destroy(move |_| {
        let (windows, label) = (Weak::clone(&windows), label.clone());
        later(move || {
            let Some(windows) = windows.upgrade() else { return };
            match kind {
                Kind::Page => windows.window_ended(attempt, &label, PageEnd::ClosedByHand),
                Kind::Popup => super::window::destroy(&windows.app, &label),
            }
        });
    });
}

/// A web view is not destroyed from inside its own signals.
fn later(what: impl FnOnce() + 'static) {
    let mut what = Some(what);
    gtk::glib::idle_add_local(move || {
        if let Some(what) = what.take() {
            what();
        }
        ControlFlow::Break
    });
}

/// The name of the place for our own scripts, which no page can reach into.
const OUR_WORLD: &str = "vezne";

/// Goes on if the page holds no frame: then it was the page itself that wanted to go somewhere. The page may hide its frames
/// by taking them out, but it can also go there itself; a frame alone can't.
pub(super) fn if_without_frames(webview: &WebView, then: impl FnOnce() + 'static) {
    let script = "if (window.length !== 0) throw new Error('frames')";
    webview.evaluate_javascript(script, Some(OUR_WORLD), None, None::<&gtk::gio::Cancellable>, move |ran| {
        if ran.is_ok() {
            then();
        }
    });
}

/// Sends a fitted web view to an address.
pub(super) fn load_address(webview: &WebView, address: &Url) {
    webview.load_uri(address.as_str());
}

/// Shows a page in a fitted web view as if it came from the gateway: never as if it came from us.
pub(super) fn load_html(webview: &WebView, html: &str, base: &str) {
    webview.load_html(html, Some(base));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_and_n_alone_lead_to_the_next_customer() {
        let control = ModifierType::CONTROL_MASK;
        assert!(is_next_customer(key::n, control));
        assert!(is_next_customer(key::N, control | ModifierType::LOCK_MASK | ModifierType::MOD2_MASK));
        for with in [ModifierType::empty(), control | ModifierType::SHIFT_MASK, control | ModifierType::MOD1_MASK] {
            assert!(!is_next_customer(key::n, with), "{with:?}");
        }
        assert!(!is_next_customer(key::m, control));
    }
}
