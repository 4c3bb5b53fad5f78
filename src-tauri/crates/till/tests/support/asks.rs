//! The scripted answers of one kind of call.

use std::collections::VecDeque;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::sync::oneshot;

type Once<Q, T> = Box<dyn FnOnce(&Q) -> T + Send>;
type Always<Q, T> = Box<dyn Fn(&Q) -> T + Send>;

enum Wait {
    Not,
    For(Duration),
    Until(oneshot::Receiver<()>),
}

/// Lets a call that is held go on; it is held for ever when this is dropped unused.
pub(crate) struct Gate(oneshot::Sender<()>);

impl Gate {
    pub(crate) fn release(self) {
        self.0.send(()).expect("the call must still be waited for");
    }
}

/// One kind of call: scripted answers first, then the usual one.
pub(crate) struct Asks<Q, T> {
    scripted: Mutex<VecDeque<(Wait, Once<Q, T>)>>,
    usual: Mutex<Always<Q, T>>,
    asked: AtomicUsize,
}

impl<Q, T> Asks<Q, T> {
    pub(crate) fn new(usual: impl Fn(&Q) -> T + Send + 'static) -> Self {
        Self { scripted: Mutex::new(VecDeque::new()), usual: Mutex::new(Box::new(usual)), asked: AtomicUsize::new(0) }
    }

    /// What is answered when nothing is scripted.
    pub(crate) fn always(&self, usual: impl Fn(&Q) -> T + Send + 'static) {
        *self.usual.lock().unwrap() = Box::new(usual);
    }

    /// The next answer that is not scripted yet.
    pub(crate) fn then(&self, answer: impl FnOnce(&Q) -> T + Send + 'static) {
        self.push(Wait::Not, Box::new(answer));
    }

    /// The same, after so many seconds.
    pub(crate) fn then_after(&self, seconds: u64, answer: impl FnOnce(&Q) -> T + Send + 'static) {
        self.push(Wait::For(Duration::from_secs(seconds)), Box::new(answer));
    }

    /// The same, once the gate is opened.
    pub(crate) fn then_held(&self, answer: impl FnOnce(&Q) -> T + Send + 'static) -> Gate {
        let (gate, held) = oneshot::channel();
        self.push(Wait::Until(held), Box::new(answer));
        Gate(gate)
    }

    fn push(&self, wait: Wait, answer: Once<Q, T>) {
        self.scripted.lock().unwrap().push_back((wait, answer));
    }

    /// How often it was asked.
    pub(crate) fn count(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }

    pub(crate) async fn ask(&self, question: Q) -> T {
        self.asked.fetch_add(1, Ordering::SeqCst);
        let next = self.scripted.lock().unwrap().pop_front();
        let Some((wait, answer)) = next else { return (self.usual.lock().unwrap())(&question) };
        match wait {
            Wait::Not => {}
            Wait::For(span) => tokio::time::sleep(span).await,
            Wait::Until(held) => {
                if held.await.is_err() {
                    std::future::pending::<()>().await;
                }
            }
        }
        answer(&question)
    }
}
