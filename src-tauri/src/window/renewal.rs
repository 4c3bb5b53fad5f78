//! A page that has seen a card is replaced by a fresh one, in a fresh process. What WebKit still holds of what was typed
//! (texts that nobody has collected yet, a field's history, what was drawn) goes with the old process, and the system hands its
//! memory to nobody before it is wiped.
//!
//! The cashier sees none of it: a picture of the page covers the window meanwhile, and keys wait behind it.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use gtk::cairo::Surface;
use gtk::gdk::Event;
use gtk::glib::Propagation;
use gtk::prelude::*;
use tauri::WebviewWindow;
use webkit2gtk::{SnapshotOptions, SnapshotRegion, WebView, WebViewExt};

/// A page that does not say in this time that it stands is shown as it is: an empty one must be seen.
const AT_MOST: Duration = Duration::from_secs(5);
/// From when the page says that it stands until it is surely drawn.
const DRAWN: Duration = Duration::from_millis(60);
/// More keys than anyone presses in that time.
const KEYS_MOST: usize = 256;

thread_local! {
    /// The desk has one window; it and all of this live on the main thread.
    static COVER: RefCell<Option<Rc<Cover>>> = const { RefCell::new(None) };
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// The page is seen.
    Lifted,
    /// A picture of the page is asked for.
    Taking,
    /// The old process is being ended.
    Ending,
    /// The fresh page is on its way.
    Loading,
}

/// The picture in front of the page.
struct Cover {
    webview: WebView,
    picture: gtk::DrawingArea,
    shown: RefCell<Option<Surface>>,
    keys: RefCell<Vec<Event>>,
    state: Cell<State>,
    /// Counts the renewals, so that an earlier one's time-out does not end a later one.
    turn: Cell<u32>,
    address: RefCell<String>,
    begun: Cell<std::time::Instant>,
}

/// Makes the page of this window one that can be renewed.
pub(super) fn fit(webview: &WebView) {
    let picture = gtk::DrawingArea::new();
    let cover = Rc::new(Cover {
        webview: webview.clone(),
        picture,
        shown: RefCell::default(),
        keys: RefCell::default(),
        state: Cell::new(State::Lifted),
        turn: Cell::new(0),
        address: RefCell::default(),
        begun: Cell::new(std::time::Instant::now()),
    });
    if cover.lay_over() {
        cover.hold_keys();
        COVER.with_borrow_mut(|kept| *kept = Some(cover));
    } else {
        tracing::warn!("the window is not built as expected: its page can't be renewed");
    }
}

/// Replaces the page; the fresh one finds `fragment` at the end of its address.
pub(crate) fn renew(window: &WebviewWindow, fragment: String) -> tauri::Result<()> {
    window.with_webview(move |_| {
        if let Some(cover) = COVER.with_borrow(Clone::clone) {
            cover.begin(&fragment);
        }
    })
}

/// The fresh page says that it stands.
pub(crate) fn stands(window: &WebviewWindow) -> tauri::Result<()> {
    window.with_webview(|_| {
        let cover = COVER.with_borrow(Clone::clone);
        if let Some(cover) = cover.filter(|cover| cover.state.get() == State::Loading) {
            let turn = cover.turn.get();
            gtk::glib::timeout_add_local_once(DRAWN, move || cover.lift(turn));
        }
    })
}

/// The page's process is gone: whether it was ended from here, and the fresh page is on its way now.
pub(super) fn was_meant() -> bool {
    let cover = COVER.with_borrow(Clone::clone);
    cover.filter(|cover| cover.state.get() == State::Ending).is_some_and(|cover| {
        cover.state.set(State::Loading);
        let address = cover.address.take();
        cover.webview.load_uri(&address);
        true
    })
}

impl Cover {
    /// Puts the picture's place in front of the page. Says whether the window is built so that this can be done.
    fn lay_over(self: &Rc<Self>) -> bool {
        let Some(within) = self.webview.parent().and_then(|parent| parent.downcast::<gtk::Box>().ok()) else {
            return false;
        };
        let overlay = gtk::Overlay::new();
        within.remove(&self.webview);
        overlay.add(&self.webview);
        overlay.add_overlay(&self.picture);
        within.pack_start(&overlay, true, true, 0);
        self.picture.set_no_show_all(true);
        overlay.show_all();
        // Taken out of the window, the page lost the keyboard.
        self.webview.grab_focus();
        let cover = Rc::downgrade(self);
        self.picture.connect_draw(move |_, cairo| {
            if let Some(cover) = cover.upgrade()
                && let Err(error) = cover.draw(cairo)
            {
                tracing::debug!(%error, "the picture of the page could not be drawn");
            }
            Propagation::Stop
        });
        true
    }

    fn draw(&self, cairo: &gtk::cairo::Context) -> Result<(), gtk::cairo::Error> {
        let shown = self.shown.borrow();
        let Some(surface) = shown.as_ref() else { return Ok(()) };
        cairo.set_source_surface(surface, 0.0, 0.0)?;
        cairo.paint()
    }

    /// While the picture is shown there is no page that could hear a key: they wait, and are heard in their order.
    fn hold_keys(self: &Rc<Self>) {
        let Some(window) = self.webview.toplevel() else { return };
        let (down, up) = (Rc::downgrade(self), Rc::downgrade(self));
        window.connect_key_press_event(move |_, key| match down.upgrade() {
            Some(cover) => cover.hold(key),
            None => Propagation::Proceed,
        });
        window.connect_key_release_event(move |_, key| match up.upgrade() {
            Some(cover) => cover.hold(key),
            None => Propagation::Proceed,
        });
    }

    fn hold(&self, key: &gtk::gdk::EventKey) -> Propagation {
        if self.state.get() == State::Lifted {
            return Propagation::Proceed;
        }
        let mut keys = self.keys.borrow_mut();
        if keys.len() < KEYS_MOST {
            keys.push(Event::clone(key));
        }
        Propagation::Stop
    }

    fn begin(self: &Rc<Self>, fragment: &str) {
        if self.state.get() != State::Lifted {
            return;
        }
        let Some(address) = self.webview.uri() else { return };
        let page = address.split('#').next().unwrap_or_default();
        self.address.replace(format!("{page}#{fragment}"));
        let turn = self.turn.get().wrapping_add(1);
        self.turn.set(turn);
        self.state.set(State::Taking);
        self.begun.set(std::time::Instant::now());
        let (cover, late) = (Rc::clone(self), Rc::clone(self));
        gtk::glib::timeout_add_local_once(AT_MOST, move || late.lift(turn));
        let nobody = None::<&gtk::gio::Cancellable>;
        self.webview.snapshot(SnapshotRegion::Visible, SnapshotOptions::NONE, nobody, move |taken| match taken {
            Ok(picture) if cover.turn.get() == turn && cover.state.get() == State::Taking => cover.replace(picture),
            Ok(_) => {}
            Err(error) => {
                tracing::warn!(error = error.message(), "there is no picture of the page, so it is not renewed");
                cover.lift(turn);
            }
        });
    }

    fn replace(&self, picture: Surface) {
        self.shown.replace(Some(picture));
        self.picture.show();
        self.picture.queue_draw();
        self.state.set(State::Ending);
        self.webview.terminate_web_process();
    }

    fn lift(&self, turn: u32) {
        if self.turn.get() != turn || self.state.get() == State::Lifted {
            return;
        }
        self.state.set(State::Lifted);
        tracing::info!(millis = self.begun.get().elapsed().as_millis(), "the page was renewed");
        self.picture.hide();
        self.shown.replace(None);
        self.webview.grab_focus();
        for mut key in self.keys.take() {
            gtk::main_do_event(&mut key);
        }
    }
}
