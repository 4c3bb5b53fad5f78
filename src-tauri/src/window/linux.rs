//! What only WebKitGTK can be told about the desk's own window: how it zooms, and what becomes of it when its process ends.

use std::cell::Cell;

use gtk::gdk::keys::{Key, constants as key};
use gtk::glib::Propagation;
use gtk::prelude::*;
use tauri::WebviewWindow;
use webkit2gtk::{WebView, WebViewExt};

/// How large the screens may be made; the usual size is the fifth.
const SIZES: [f64; 10] = [0.5, 0.67, 0.8, 0.9, 1.0, 1.1, 1.25, 1.5, 1.75, 2.0];
/// The usual size.
const USUAL: usize = 4;
/// How often a run loads the window anew after its process ended: a page that always ends it must not go round for ever.
const LOADED_ANEW_MOST: u32 = 8;

/// Makes the window heed the keys for larger, smaller and usual, and come back after a crash.
pub(super) fn fit(window: &WebviewWindow) -> tauri::Result<()> {
    window.with_webview(|webview| {
        let webview = webview.inner();
        zoom_by_keys(&webview);
        come_back(&webview);
    })
}

fn zoom_by_keys(webview: &WebView) {
    let size = Cell::new(USUAL);
    webview.connect_key_press_event(move |webview, event| {
        let with_control = event.state().contains(gtk::gdk::ModifierType::CONTROL_MASK);
        match zoomed(size.get(), event.keyval()).filter(|_| with_control) {
            Some(to) => {
                size.set(to);
                webview.set_zoom_level(SIZES.get(to).copied().unwrap_or(1.0));
                Propagation::Stop
            }
            None => Propagation::Proceed,
        }
    });
}

/// The size that a key pressed with Control leads to; `None` for any other key.
fn zoomed(size: usize, pressed: Key) -> Option<usize> {
    if [key::plus, key::equal, key::KP_Add].contains(&pressed) {
        Some(size.saturating_add(1).min(SIZES.len().saturating_sub(1)))
    } else if [key::minus, key::KP_Subtract].contains(&pressed) {
        Some(size.saturating_sub(1))
    } else if [key::_0, key::KP_0].contains(&pressed) {
        Some(USUAL)
    } else {
        None
    }
}

/// A dead process leaves an empty window that could not even be closed, as nothing in it would answer. Loaded anew it asks
/// for everything, and is right.
fn come_back(webview: &WebView) {
    let times = Cell::new(0);
    webview.connect_web_process_terminated(move |webview, reason| {
        tracing::error!(?reason, "the process of the desk's window is gone");
        if times.get() < LOADED_ANEW_MOST {
            times.set(times.get().saturating_add(1));
            webview.reload();
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_and_plus_minus_or_nought_change_the_size_and_stop_at_its_ends() {
        assert_eq!(zoomed(USUAL, key::plus), Some(USUAL + 1));
        assert_eq!(zoomed(USUAL, key::KP_Subtract), Some(USUAL - 1));
        assert_eq!((zoomed(9, key::equal), zoomed(0, key::minus)), (Some(9), Some(0)));
        assert_eq!((zoomed(9, key::_0), zoomed(0, key::KP_0)), (Some(USUAL), Some(USUAL)));
        assert_eq!(zoomed(USUAL, key::p), None);
        assert!((SIZES[USUAL] - 1.0).abs() < f64::EPSILON);
    }
}
