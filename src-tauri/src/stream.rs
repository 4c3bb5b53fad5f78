//! The window's stream: a snapshot, and from then on every change. A window that was loaded again asks for both anew, and
//! is right.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::broadcast::{self, error::RecvError};
use tokio::task::AbortHandle;
use vezne_core::ports::Answer;
use vezne_till::{Change, JournalState};

use crate::view::{AttemptView, Code, DeskEvent, Fault, Hello, JournalView, ReversalView};

/// How many of the desk's own news a slow window may be behind before it is told everything anew.
const NEWS_KEPT: usize = 256;

/// What the stream is made from.
pub(crate) trait Source: Send + Sync + 'static {
    /// The open till's changes from now on; `None` while no till is open.
    fn changes(&self) -> Option<broadcast::Receiver<Change>>;
    /// Everything, as it stands now.
    fn hello(&self) -> Answer<'_, Hello>;
}

/// What only the desk knows of.
#[derive(Debug, Clone)]
enum News {
    Event(Box<DeskEvent>),
    /// Another till is open, or none: everything is different.
    Anew,
}

/// The one window that listens.
struct Watcher {
    /// Which question it was, counted from the first.
    question: u64,
    task: AbortHandle,
}

/// Where the desk tells its news, and the one window listens.
pub(crate) struct Stream {
    news: broadcast::Sender<News>,
    watcher: Mutex<Option<Watcher>>,
    asked: AtomicU64,
    /// What a link asks to be shown, until a window listens.
    waiting: Mutex<Option<DeskEvent>>,
    /// The window's page is gone, and none has asked since: whoever still listens tells nobody.
    page_gone: AtomicBool,
}

impl Stream {
    pub(crate) fn new() -> Self {
        let (news, _) = broadcast::channel(NEWS_KEPT);
        Self {
            news,
            watcher: Mutex::new(None),
            asked: AtomicU64::new(0),
            waiting: Mutex::new(None),
            page_gone: AtomicBool::new(false),
        }
    }

    /// Tells the window something that the till doesn't know of.
    pub(crate) fn tell(&self, event: DeskEvent) {
        let _nobody_listens = self.news.send(News::Event(Box::new(event)));
    }

    /// Tells the window once: now if one listens, else the next that does. The newest takes the place of what still waits.
    pub(crate) fn tell_once(&self, event: DeskEvent) {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        if self.is_watched() {
            self.tell(event);
        } else {
            *waiting = Some(event);
        }
    }

    /// Tells the window everything anew.
    pub(crate) fn anew(&self) {
        let _nobody_listens = self.news.send(News::Anew);
    }

    /// Whether a window listens.
    pub(crate) fn is_watched(&self) -> bool {
        !self.page_gone.load(Ordering::SeqCst) && self.news.receiver_count() > 0
    }

    /// The window's page is gone: until another asks to watch, nobody does. Answers whether it had watched.
    #[cfg(any(test, target_os = "linux"))]
    pub(crate) fn page_is_gone(&self) -> bool {
        let had_watched = self.is_watched();
        self.page_gone.store(true, Ordering::SeqCst);
        if let Some(gone) = self.watcher.lock().unwrap_or_else(PoisonError::into_inner).take() {
            gone.task.abort();
        }
        had_watched
    }

    /// Everything as it stands now; from then on `sink` gets every change, until it says that nobody is there. Whoever
    /// watched before is let go of. It listens before it looks, so nothing falls between the two: a change may be told
    /// that the answer holds already, and never the other way round.
    pub(crate) async fn watch(
        &self,
        source: Arc<dyn Source>,
        sink: impl Fn(DeskEvent) -> bool + Send + 'static,
    ) -> Hello {
        let question = self.asked.fetch_add(1, Ordering::SeqCst);
        let (news, waited) = {
            let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
            let news = self.news.subscribe();
            self.page_gone.store(false, Ordering::SeqCst);
            (news, waiting.take())
        };
        let changes = source.changes();
        let hello = source.hello().await;
        let work = async move {
            if waited.is_none_or(&sink) {
                forward(source, sink, news, changes).await;
            }
        };
        let task = tokio::spawn(work).abort_handle();
        let mut watcher = self.watcher.lock().unwrap_or_else(PoisonError::into_inner);
        match &*watcher {
            // A window that was loaded again while this one waited for its answer: nobody reads this one any more.
            Some(newer) if newer.question > question => task.abort(),
            before => {
                if let Some(before) = before {
                    before.task.abort();
                }
                *watcher = Some(Watcher { question, task });
            }
        }
        drop(watcher);
        hello
    }
}

async fn forward(
    source: Arc<dyn Source>,
    sink: impl Fn(DeskEvent) -> bool,
    mut news: broadcast::Receiver<News>,
    mut changes: Option<broadcast::Receiver<Change>>,
) {
    loop {
        let next = tokio::select! {
            news = news.recv() => match news {
                Ok(News::Event(event)) => Some(*event),
                Ok(News::Anew) | Err(RecvError::Lagged(_)) => None,
                Err(RecvError::Closed) => return,
            },
            change = next_change(&mut changes) => change.as_ref().map(DeskEvent::from),
        };
        let event = match next {
            Some(event) => event,
            None => {
                changes = source.changes();
                DeskEvent::Anew { hello: Box::new(source.hello().await) }
            }
        };
        if !sink(event) {
            return;
        }
    }
}

/// The till's next change; `None` when some were missed. A till that has ended has none, and its end is the desk's news.
async fn next_change(changes: &mut Option<broadcast::Receiver<Change>>) -> Option<Change> {
    if let Some(open) = changes {
        match open.recv().await {
            Ok(change) => return Some(change),
            Err(RecvError::Lagged(missed)) => {
                tracing::warn!(missed, "the window was too slow, and is told everything anew");
                return None;
            }
            Err(RecvError::Closed) => *changes = None,
        }
    }
    std::future::pending().await
}

impl From<&Change> for DeskEvent {
    fn from(change: &Change) -> Self {
        match change {
            Change::Attempt(attempt) => Self::Attempt { attempt: Box::new(AttemptView::from(attempt.as_ref())) },
            Change::Reversal(reversal) => Self::Reversal { reversal: Box::new(ReversalView::from(reversal.as_ref())) },
            Change::Journal(state) => Self::Journal { journal: state.into() },
            Change::Closed { number } => Self::DayClosed { number: *number },
            Change::Comparing(view) => Self::Comparing { comparing: view.as_ref().into() },
        }
    }
}

impl From<&JournalState> for JournalView {
    fn from(state: &JournalState) -> Self {
        match state {
            JournalState::Written => Self::Written,
            JournalState::NotWritten(why) => Self::NotWritten { why: why.clone() },
            JournalState::Refusing { code, why } => {
                Self::Refusing { fault: Fault::new(Code::of_word(code).unwrap_or(Code::Journal)).because(why) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::sync::mpsc;

    use super::*;
    use crate::view::{Place, Preferences};

    /// A desk whose version counts how often it was asked for everything.
    struct Counting {
        till: Mutex<broadcast::Sender<Change>>,
        asked: Mutex<u32>,
    }

    impl Counting {
        fn new(kept: usize) -> Arc<Self> {
            Arc::new(Self { till: Mutex::new(broadcast::channel(kept).0), asked: Mutex::new(0) })
        }

        fn change(&self, why: &str) {
            let state = JournalState::NotWritten(why.to_owned());
            self.till.lock().unwrap().send(Change::Journal(state)).unwrap();
        }
    }

    impl Source for Counting {
        fn changes(&self) -> Option<broadcast::Receiver<Change>> {
            Some(self.till.lock().unwrap().subscribe())
        }

        fn hello(&self) -> Answer<'_, Hello> {
            *self.asked.lock().unwrap() += 1;
            let version = self.asked.lock().unwrap().to_string();
            Box::pin(async move { Hello { version, preferences: Preferences::new(), place: Place::Locked } })
        }
    }

    /// A desk whose answers are given when the test says so.
    struct Slow {
        till: broadcast::Sender<Change>,
        questions: mpsc::UnboundedSender<tokio::sync::oneshot::Sender<()>>,
    }

    impl Source for Slow {
        fn changes(&self) -> Option<broadcast::Receiver<Change>> {
            Some(self.till.subscribe())
        }

        fn hello(&self) -> Answer<'_, Hello> {
            let (answer, given) = tokio::sync::oneshot::channel();
            self.questions.send(answer).unwrap();
            Box::pin(async move {
                given.await.unwrap();
                Hello { version: String::new(), preferences: Preferences::new(), place: Place::Locked }
            })
        }
    }

    #[tokio::test]
    async fn an_older_question_that_is_answered_later_does_not_silence_the_window_that_asked_last() {
        let (questions, mut asked) = mpsc::unbounded_channel();
        let (stream, desk) = (Arc::new(Stream::new()), Arc::new(Slow { till: broadcast::channel(8).0, questions }));
        let (old_sink, mut old) = window();
        let (new_sink, mut new) = window();
        let watch = |sink: Box<dyn Fn(DeskEvent) -> bool + Send>| {
            let (stream, desk) = (Arc::clone(&stream), Arc::clone(&desk));
            tokio::spawn(async move { stream.watch(desk, sink).await })
        };
        let first = watch(Box::new(old_sink));
        let answer_first = asked.recv().await.unwrap();
        let second = watch(Box::new(new_sink));
        asked.recv().await.unwrap().send(()).unwrap();
        second.await.unwrap();
        answer_first.send(()).unwrap();
        first.await.unwrap();
        stream.tell(not_written("a"));
        assert_eq!(new.recv().await, Some(not_written("a")));
        assert_eq!(old.recv().await, None);
    }

    fn not_written(why: &str) -> DeskEvent {
        DeskEvent::Journal { journal: JournalView::NotWritten { why: why.to_owned() } }
    }

    fn anew(event: DeskEvent) -> String {
        let DeskEvent::Anew { hello } = event else { panic!("{event:?}") };
        hello.version
    }

    fn window() -> (impl Fn(DeskEvent) -> bool + Send + 'static, mpsc::UnboundedReceiver<DeskEvent>) {
        let (sink, events) = mpsc::unbounded_channel();
        (move |event| sink.send(event).is_ok(), events)
    }

    #[tokio::test]
    async fn changes_follow_the_snapshot_in_their_order() {
        let (stream, desk) = (Stream::new(), Counting::new(8));
        let (sink, mut events) = window();
        let hello = stream.watch(desk.clone(), sink).await;
        assert_eq!(hello.version, "1");
        desk.change("a");
        desk.change("b");
        assert_eq!(events.recv().await, Some(not_written("a")));
        assert_eq!(events.recv().await, Some(not_written("b")));
        stream.tell(not_written("c"));
        assert_eq!(events.recv().await, Some(not_written("c")));
    }

    #[tokio::test]
    async fn a_window_that_was_too_slow_is_told_everything_anew_and_goes_on() {
        let (stream, desk) = (Stream::new(), Counting::new(2));
        let (sink, mut events) = window();
        stream.watch(desk.clone(), sink).await;
        // Nothing runs between these: the task that forwards has not looked yet.
        for n in 0..5 {
            desk.change(&n.to_string());
        }
        assert_eq!(anew(events.recv().await.unwrap()), "2");
        desk.change("later");
        assert_eq!(events.recv().await, Some(not_written("later")));
    }

    #[tokio::test]
    async fn another_till_is_told_and_listened_to() {
        let (stream, desk) = (Stream::new(), Counting::new(8));
        let (sink, mut events) = window();
        stream.watch(desk.clone(), sink).await;
        let old = std::mem::replace(&mut *desk.till.lock().unwrap(), broadcast::channel(8).0);
        stream.anew();
        assert_eq!(anew(events.recv().await.unwrap()), "2");
        assert!(old.send(Change::Journal(JournalState::Written)).is_err(), "the old till is still listened to");
        desk.change("new");
        assert_eq!(events.recv().await, Some(not_written("new")));
    }

    #[tokio::test]
    async fn a_till_that_has_ended_ends_nothing_else() {
        let (stream, desk) = (Stream::new(), Counting::new(8));
        let (sink, mut events) = window();
        stream.watch(desk.clone(), sink).await;
        drop(std::mem::replace(&mut *desk.till.lock().unwrap(), broadcast::channel(8).0));
        stream.tell(not_written("still here"));
        assert_eq!(events.recv().await, Some(not_written("still here")));
    }

    #[tokio::test]
    async fn a_window_that_was_loaded_again_takes_the_place_of_the_old_one() {
        let (stream, desk) = (Stream::new(), Counting::new(8));
        assert!(!stream.is_watched());
        let (sink, mut old) = window();
        stream.watch(desk.clone(), sink).await;
        let (sink, mut new) = window();
        let hello = stream.watch(desk.clone(), sink).await;
        assert_eq!(hello.version, "2");
        assert_eq!(old.recv().await, None, "the old window is let go of");
        desk.change("a");
        assert_eq!(new.recv().await, Some(not_written("a")));
        assert!(stream.is_watched());
    }

    #[tokio::test]
    async fn a_window_whose_page_is_gone_is_not_watched_until_one_asks_again() {
        let (stream, desk) = (Stream::new(), Counting::new(8));
        let (sink, mut old) = window();
        stream.watch(desk.clone(), sink).await;
        assert!(stream.page_is_gone(), "it had watched");
        assert!(!stream.is_watched());
        assert_eq!(old.recv().await, None, "nothing is told to a page that is gone");
        assert!(!stream.page_is_gone(), "the next page did not come as far as to watch");
        let (sink, mut new) = window();
        stream.watch(desk.clone(), sink).await;
        assert!(stream.is_watched());
        stream.tell(not_written("a"));
        assert_eq!(new.recv().await, Some(not_written("a")));
    }

    #[tokio::test]
    async fn a_question_that_is_answered_after_its_page_has_gone_makes_nobody_watch() {
        let (questions, mut asked) = mpsc::unbounded_channel();
        let (stream, desk) = (Arc::new(Stream::new()), Arc::new(Slow { till: broadcast::channel(8).0, questions }));
        let (sink, _events) = window();
        let question = tokio::spawn({
            let (stream, desk) = (Arc::clone(&stream), Arc::clone(&desk));
            async move { stream.watch(desk, sink).await }
        });
        let answer = asked.recv().await.unwrap();
        stream.page_is_gone();
        answer.send(()).unwrap();
        question.await.unwrap();
        assert!(!stream.is_watched());
    }
}
