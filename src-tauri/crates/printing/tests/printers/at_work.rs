//! A queue at work at a printer that changes its mood.

use std::io;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use vezne_core::ports::Answer as Answered;
use vezne_printing::{Answer, Closed, Job, Manner, Papers, Press, Queue, Refusal, Stand, Trouble};

use crate::played::{Mood, NEVER, Played, manner};

/// Papers of one line, and the last queue that was written down.
#[derive(Default)]
struct Desk {
    kept: Mutex<Queue>,
    full: Mutex<bool>,
    /// What says something that is so no more.
    outdated: Mutex<Vec<String>>,
}

impl Papers for Desk {
    fn bytes<'a>(&'a self, job: &'a Job) -> Answered<'a, io::Result<Vec<u8>>> {
        let copy = job.copy.map_or(String::new(), |number| format!(" COPY {number}"));
        Box::pin(std::future::ready(Ok(format!("{}{copy}\n", job.paper).into_bytes())))
    }

    fn is_current<'a>(&'a self, job: &'a Job) -> Answered<'a, io::Result<bool>> {
        let current = !self.outdated.lock().unwrap().contains(&job.paper);
        Box::pin(std::future::ready(Ok(current)))
    }

    fn keep<'a>(&'a self, queue: &'a Queue) -> Answered<'a, io::Result<()>> {
        let kept = if *self.full.lock().unwrap() {
            Err(io::ErrorKind::StorageFull.into())
        } else {
            *self.kept.lock().unwrap() = queue.clone();
            Ok(())
        };
        Box::pin(std::future::ready(kept))
    }
}

fn started(queue: Queue, printer: &Played) -> (Press, Arc<Desk>) {
    started_so(queue, printer, manner())
}

fn started_so(queue: Queue, printer: &Played, manner: Manner) -> (Press, Arc<Desk>) {
    let desk = Arc::new(Desk { kept: Mutex::new(queue.clone()), ..Desk::default() });
    let papers: Arc<dyn Papers> = Arc::<Desk>::clone(&desk);
    (Press::start(queue, printer.way.clone(), manner, papers), desk)
}

/// Waits until the queue is as it should be.
async fn until(press: &Press, wanted: impl FnMut(&Queue) -> bool) -> Queue {
    press.queue().wait_for(wanted).await.unwrap().clone()
}

async fn printed(printer: &Played, count: usize) -> Vec<String> {
    printer.papers(count).await.into_iter().map(|paper| String::from_utf8(paper).unwrap()).collect()
}

#[tokio::test]
async fn papers_come_out_in_their_order() {
    let printer = Played::start(Mood::Sound).await;
    let (press, _) = started(Queue::default(), &printer);
    for paper in ["pay_1", "pay_2", "pay_3"] {
        press.order(paper, None).await.unwrap();
    }
    let last = until(&press, |queue| queue.jobs().is_empty()).await;
    assert!(!last.is_under_way("pay_1"));
    press.order("pay_1", NonZeroU32::new(1)).await.unwrap();
    until(&press, |queue| queue.jobs().is_empty()).await;
    assert_eq!(printed(&printer, 4).await, ["pay_1\n", "pay_2\n", "pay_3\n", "pay_1 COPY 1\n"]);
}

#[tokio::test]
async fn a_printer_without_paper_is_told_in_words_and_goes_on_when_it_has_some() {
    let printer = Played::start(Mood::NoPaper).await;
    let (press, _) = started(Queue::default(), &printer);
    press.order("pay_1", None).await.unwrap();
    press.order("pay_2", None).await.unwrap();
    let queue = until(&press, |queue| {
        queue.jobs().iter().any(|job| matches!(job.stand, Stand::Waiting { trouble: Some(Trouble::NoPaper), .. }))
    })
    .await;
    assert_eq!(queue.jobs().len(), 2);
    // Whoever clicks again while it waits gets no second one.
    assert_eq!(press.order("pay_1", NonZeroU32::new(1)).await, Err(Closed::Refused(Refusal::UnderWay)));
    assert_eq!(Trouble::NoPaper.to_string(), "The printer has no paper.");
    *printer.mood.lock().unwrap() = Mood::Sound;
    press.hurry().await.unwrap();
    until(&press, |queue| queue.jobs().is_empty()).await;
    assert_eq!(printed(&printer, 2).await, ["pay_1\n", "pay_2\n"]);
}

#[tokio::test]
async fn what_broke_half_way_is_asked_about_and_comes_again_only_as_a_copy() {
    let printer = Played::start(Mood::Gone(3)).await;
    let (press, _) = started(Queue::default(), &printer);
    press.order("pay_1", None).await.unwrap();
    let queue = until(&press, |queue| queue.jobs().iter().any(|job| matches!(job.stand, Stand::Asked { .. }))).await;
    *printer.mood.lock().unwrap() = Mood::Sound;
    // The next customer's paper does not wait for the answer.
    press.order("pay_2", None).await.unwrap();
    until(&press, |queue| queue.jobs().len() == 1).await;
    let id = queue.jobs().first().unwrap().id;
    press.answer(id, Answer::Copy(NonZeroU32::MIN)).await.unwrap();
    until(&press, |queue| queue.jobs().is_empty()).await;
    assert_eq!(printed(&printer, 3).await, ["pay", "pay_2\n", "pay_1 COPY 1\n"]);
}

#[tokio::test]
async fn a_desk_that_stopped_amid_printing_asks_after_its_start_and_prints_the_rest() {
    let mut queue = Queue::default();
    let now = "2026-11-21T20:55:00Z".parse().unwrap();
    let id = queue.order("pay_1", None, now).unwrap();
    queue.order("pay_2", None, now).unwrap();
    queue.begin(id, now).unwrap();
    let printer = Played::start(Mood::Sound).await;
    let (press, _) = started(queue, &printer);
    let queue = until(&press, |queue| queue.jobs().len() == 1).await;
    assert_eq!(queue.jobs().first().unwrap().stand, Stand::Asked { trouble: Trouble::Stopped });
    press.answer(id, Answer::CameOut).await.unwrap();
    until(&press, |queue| queue.jobs().is_empty()).await;
    assert_eq!(printed(&printer, 1).await, ["pay_2\n"]);
}

#[tokio::test]
async fn what_cannot_be_written_down_is_not_printed() {
    let printer = Played::start(Mood::Sound).await;
    let (press, desk) = started(Queue::default(), &printer);
    *desk.full.lock().unwrap() = true;
    assert_eq!(press.order("pay_1", None).await, Err(Closed::NotKept));
    assert!(press.queue().borrow().jobs().is_empty());
    *desk.full.lock().unwrap() = false;
    press.order("pay_1", None).await.unwrap();
    until(&press, |queue| queue.jobs().is_empty()).await;
    assert_eq!(printed(&printer, 1).await, ["pay_1\n"]);
    assert_eq!(*desk.kept.lock().unwrap(), *press.queue().borrow());
}

#[tokio::test]
async fn a_press_that_was_stopped_prints_and_writes_nothing_more_and_the_rest_comes_out_at_the_next() {
    let printer = Played::start(Mood::Mute).await;
    let (press, desk) = started(Queue::default(), &printer);
    press.order("pay_1", None).await.unwrap();
    // It waits for answers of a printer that never gives one, so this paper does not end in time.
    until(&press, |queue| queue.jobs().iter().any(|job| matches!(job.stand, Stand::Printing { .. }))).await;
    press.order("pay_2", None).await.unwrap();
    press.stop().await;
    let kept = desk.kept.lock().unwrap().clone();
    let stands: Vec<_> = kept.jobs().iter().map(|job| (job.paper.as_str(), job.stand)).collect();
    assert!(
        matches!(
            stands.as_slice(),
            [("pay_1", Stand::Asked { trouble: Trouble::Stopped }), ("pay_2", Stand::Waiting { failures: 0, .. }),]
        ),
        "{stands:?}"
    );
    assert_eq!(press.order("pay_3", None).await, Err(Closed::Stopped));

    *printer.mood.lock().unwrap() = Mood::Sound;
    let (next, _) = started(kept, &printer);
    until(&next, |queue| queue.jobs().len() == 1).await;
    assert_eq!(next.queue().borrow().jobs().first().unwrap().paper, "pay_1");
}

#[tokio::test]
async fn a_printer_that_has_answered_before_and_is_silent_now_is_busy_and_gets_nothing() {
    let printer = Played::start(Mood::Sound).await;
    let manner = Manner { answer: NEVER, stall: Duration::from_secs(1), ..manner() };
    let (press, _) = started_so(Queue::default(), &printer, manner);
    press.order("pay_1", None).await.unwrap();
    until(&press, |queue| queue.jobs().is_empty()).await;
    *printer.mood.lock().unwrap() = Mood::Busy;
    press.order("pay_2", None).await.unwrap();
    let busy = |queue: &Queue| {
        queue.jobs().iter().any(|job| matches!(job.stand, Stand::Waiting { trouble: Some(Trouble::Slow), .. }))
    };
    until(&press, busy).await;
    *printer.mood.lock().unwrap() = Mood::Sound;
    press.hurry().await.unwrap();
    until(&press, |queue| queue.jobs().is_empty()).await;
    assert_eq!(printed(&printer, 2).await, ["pay_1\n", "pay_2\n"]);
}

#[tokio::test]
async fn what_is_so_no_more_is_not_printed_and_holds_up_nothing() {
    let printer = Played::start(Mood::NoPaper).await;
    let (press, desk) = started(Queue::default(), &printer);
    press.order("pay_1", None).await.unwrap();
    press.order("pay_2", None).await.unwrap();
    let tried = |queue: &Queue| {
        queue.jobs().iter().any(|job| matches!(job.stand, Stand::Waiting { trouble: Some(Trouble::NoPaper), .. }))
    };
    until(&press, tried).await;
    desk.outdated.lock().unwrap().push("pay_1".to_owned());
    *printer.mood.lock().unwrap() = Mood::Sound;
    press.hurry().await.unwrap();
    let queue = until(&press, |queue| queue.jobs().len() == 1).await;
    let job = queue.jobs().first().unwrap();
    assert_eq!((job.paper.as_str(), job.stand), ("pay_1", Stand::Asked { trouble: Trouble::Outdated }));
    assert_eq!(printed(&printer, 1).await, ["pay_2\n"]);
    // It did not come out, and does not come out as a copy either.
    assert_eq!(press.answer(job.id, Answer::CameOut).await, Err(Closed::Refused(Refusal::NotNow)));
    assert_eq!(press.answer(job.id, Answer::Copy(NonZeroU32::MIN)).await, Err(Closed::Refused(Refusal::NotNow)));
    press.answer(job.id, Answer::Drop).await.unwrap();
    assert!(desk.kept.lock().unwrap().jobs().is_empty());
}
