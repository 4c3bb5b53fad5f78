//! What only WebKitGTK can be told about the desk's own window: how it zooms, and what becomes of it when its process ends.

use std::cell::{Cell, RefCell};
use std::sync::Arc;
use std::time::{Duration, Instant};

use gtk::gdk::keys::{Key, constants as key};
use gtk::glib::Propagation;
use gtk::prelude::*;
use tauri::WebviewWindow;
use webkit2gtk::{WebView, WebViewExt};

use super::renewal;
use crate::stream::Stream;

/// How large the screens may be made; the usual size is the fifth.
const SIZES: [f64; 10] = [0.5, 0.67, 0.8, 0.9, 1.0, 1.1, 1.25, 1.5, 1.75, 2.0];
/// The usual size.
const USUAL: usize = 4;
/// Deaths so close together that another page would only die as well: a page that always ends its process must not go
/// round for ever.
const TOO_MANY: usize = 3;
/// How close together they are then.
const CLOSE_TOGETHER: Duration = Duration::from_secs(10);

/// Makes the window heed the keys for larger, smaller and usual, and come back after a crash.
pub(super) fn fit(window: &WebviewWindow, stream: Arc<Stream>) -> tauri::Result<()> {
    window.with_webview(move |webview| {
        let webview = webview.inner();
        zoom_by_keys(&webview);
        come_back(&webview, stream);
        renewal::fit(&webview);
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

/// A dead process leaves an empty window. Loaded anew it asks for everything, and is right. Until then, or for good where
/// loading does not help, nobody watches: the window can be closed, as nothing in it could answer a question.
fn come_back(webview: &WebView, stream: Arc<Stream>) {
    let (deaths, begun) = (RefCell::new(Deaths::default()), Instant::now());
    webview.connect_web_process_terminated(move |webview, reason| {
        let had_watched = stream.page_is_gone();
        if renewal::was_meant() {
            return;
        }
        if deaths.borrow_mut().another(begun.elapsed(), had_watched) {
            tracing::error!(?reason, "the process of the desk's window is gone; it is loaded anew");
            webview.reload();
        } else {
            tracing::error!(
                ?reason,
                "the process of the desk's window is gone again and again; the window stays empty"
            );
        }
    });
}

/// When the window's process died lately.
#[derive(Debug, Default)]
struct Deaths(Vec<Duration>);

impl Deaths {
    /// It died, so long after the start; whether to load the page anew. A page that came as far as to watch was well: only
    /// those that die before it are counted.
    fn another(&mut self, at: Duration, had_watched: bool) -> bool {
        if had_watched {
            self.0.clear();
        }
        self.0.retain(|before| at.saturating_sub(*before) < CLOSE_TOGETHER);
        self.0.push(at);
        self.0.len() < TOO_MANY
    }
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

    /// What is done about deaths at these seconds, none of which had watched.
    fn after(seconds: &[u64]) -> Vec<bool> {
        let mut deaths = Deaths::default();
        seconds.iter().map(|at| deaths.another(Duration::from_secs(*at), false)).collect()
    }

    #[test]
    fn a_page_that_dies_at_once_each_time_is_not_loaded_for_ever() {
        assert_eq!(after(&[100, 101, 102, 103]), [true, true, false, false]);
        assert_eq!(after(&[100, 104, 109]), [true, true, false]);
    }

    #[test]
    fn deaths_far_apart_are_not_counted_however_many_they_are() {
        assert!(after(&[0, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55]).iter().all(|anew| *anew));
    }

    #[test]
    fn a_page_that_has_watched_before_it_died_is_loaded_anew() {
        let mut deaths = Deaths::default();
        let at = Duration::from_secs;
        assert!((0..20).all(|second| deaths.another(at(second), true)));
        assert!(deaths.another(at(20), false), "the second in a row");
        assert!(!deaths.another(at(21), false));
    }
}
