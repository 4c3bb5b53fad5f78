//! Nothing twice without being a copy, nothing lost.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;

fn at(second: u64) -> Timestamp {
    Timestamp::from_millis(1_800_000_000_000).after(Millis::seconds(second))
}

fn number(copy: u32) -> Option<NonZeroU32> {
    NonZeroU32::new(copy)
}

#[test]
fn a_second_click_orders_nothing_while_the_first_is_under_way() {
    let mut queue = Queue::default();
    let id = queue.order("pay_1", None, at(0)).unwrap();
    assert_eq!(queue.order("pay_1", None, at(0)), Err(Refusal::UnderWay));
    assert_eq!(queue.order("pay_1", number(1), at(0)), Err(Refusal::UnderWay));
    queue.begin(id, at(0)).unwrap();
    assert_eq!(queue.order("pay_1", number(1), at(0)), Err(Refusal::UnderWay));
    queue.ended(id, End::Unknown(Trouble::Gone), at(1)).unwrap();
    // Asked about: this number is still taken, and a copy may be ordered beside it.
    assert_eq!(queue.order("pay_1", None, at(2)), Err(Refusal::NumberTaken));
    queue.order("pay_1", number(1), at(2)).unwrap();
    assert_eq!(queue.answer(id, Answer::Copy(NonZeroU32::MIN), at(2)), Err(Refusal::UnderWay));
    assert_eq!(queue.jobs().len(), 2, "a refused answer loses nothing");
}

#[test]
fn a_printer_without_paper_is_tried_again_later_and_in_order() {
    let mut queue = Queue::default();
    let first = queue.order("pay_1", None, at(0)).unwrap();
    queue.order("pay_2", None, at(0)).unwrap();
    queue.begin(first, at(0)).unwrap();
    assert_eq!((queue.next(at(0)), queue.due()), (None, None));
    queue.ended(first, End::NothingLeft(Trouble::NoPaper), at(0)).unwrap();
    // The second does not overtake.
    assert_eq!((queue.next(at(1)), queue.due()), (None, Some(at(2))));
    assert_eq!(queue.next(at(2)).unwrap().id, first);
    queue.hurry(at(1));
    assert_eq!(queue.next(at(1)).unwrap().id, first);
    for pause in [5, 15, 30, 30, 30] {
        queue.begin(first, at(100)).unwrap();
        queue.ended(first, End::NothingLeft(Trouble::NoPaper), at(100)).unwrap();
        assert_eq!(queue.due(), Some(at(100 + pause)));
        queue.hurry(at(100));
    }
}

#[test]
fn a_paper_that_may_have_come_out_is_asked_about_and_holds_up_nothing() {
    let mut queue = Queue::default();
    let first = queue.order("pay_1", None, at(0)).unwrap();
    let second = queue.order("pay_2", None, at(0)).unwrap();
    queue.begin(first, at(0)).unwrap();
    queue.ended(first, End::Unknown(Trouble::Gone), at(1)).unwrap();
    assert_eq!(queue.next(at(1)).unwrap().id, second);
    queue.begin(second, at(1)).unwrap();
    queue.ended(second, End::Taken, at(2)).unwrap();
    assert_eq!(queue.next(at(3600)), None);
    assert_eq!(queue.jobs()[0].stand, Stand::Asked { trouble: Trouble::Gone });
    assert_eq!(queue.cancel(first), Err(Refusal::NotNow));
    queue.answer(first, Answer::Copy(NonZeroU32::MIN), at(3600)).unwrap();
    let copy = queue.next(at(3600)).unwrap();
    assert_eq!((copy.paper.as_str(), copy.copy.map(NonZeroU32::get)), ("pay_1", Some(1)));
    assert_eq!(queue.answer(first, Answer::CameOut, at(3600)), Err(Refusal::NoSuchJob));
}

#[test]
fn what_was_on_its_way_when_the_desk_stopped_is_asked_about() {
    let mut queue = Queue::default();
    let id = queue.order("pay_1", None, at(0)).unwrap();
    queue.begin(id, at(0)).unwrap();
    let kept = serde_json::to_string(&queue).unwrap();
    let mut queue: Queue = serde_json::from_str(&kept).unwrap();
    queue.restarted();
    assert_eq!(queue.jobs()[0].stand, Stand::Asked { trouble: Trouble::Stopped });
    assert_eq!(queue.next(at(9999)), None);
}

#[test]
fn what_was_taken_back_is_gone_and_its_paper_may_be_ordered_again() {
    let mut queue = Queue::default();
    let id = queue.order("pay_1", None, at(0)).unwrap();
    queue.cancel(id).unwrap();
    assert!(queue.jobs().is_empty() && !queue.is_under_way("pay_1"));
    queue.order("pay_1", number(1), at(1)).unwrap();
}

#[derive(Debug, Clone)]
enum Act {
    Order(u8),
    Begin,
    End(u8),
    Answer(u8),
    Cancel,
    Hurry,
    Restart,
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let act = prop_oneof![
        (0..4_u8).prop_map(Act::Order),
        (0..4_u8).prop_map(Act::Order),
        Just(Act::Begin),
        Just(Act::Begin),
        (0..5_u8).prop_map(Act::End),
        (0..5_u8).prop_map(Act::End),
        (0..3_u8).prop_map(Act::Answer),
        Just(Act::Cancel),
        Just(Act::Hurry),
        Just(Act::Restart),
    ];
    prop::collection::vec(act, 0..60)
}

/// What became of papers as the world sees it.
#[derive(Default)]
struct World {
    /// Jobs that were sent, by paper and copy: how often something of them may have come out.
    out: BTreeMap<(String, u32), u32>,
    /// Jobs that a person or a printer is done with.
    done: u64,
    ordered: u64,
    /// Numbers given, by paper: what the journal counts.
    given: BTreeMap<String, u32>,
}

impl World {
    fn next(&mut self, paper: &str) -> Option<NonZeroU32> {
        let given = self.given.entry(paper.to_owned()).or_default();
        *given += 1;
        NonZeroU32::new(*given - 1)
    }
}

fn play(queue: &mut Queue, world: &mut World, act: &Act, now: Timestamp) {
    let printing = queue.jobs().iter().find(|job| matches!(job.stand, Stand::Printing { .. })).cloned();
    match act {
        Act::Order(paper) => {
            let paper = format!("pay_{paper}");
            let copy = world.next(&paper);
            world.ordered += u64::from(queue.order(&paper, copy, now).is_ok());
        }
        Act::Begin => {
            if let Some(id) = queue.next(now).map(|job| job.id) {
                queue.begin(id, now).unwrap();
            }
        }
        Act::End(how) => {
            let Some(job) = printing else { return };
            let end = match how {
                0 => End::Confirmed,
                1 => End::Taken,
                2 => End::Unknown(Trouble::Gone),
                _ => End::NothingLeft(Trouble::NoPaper),
            };
            if !matches!(end, End::NothingLeft(_)) {
                *world.out.entry((job.paper.clone(), job.copy.map_or(0, NonZeroU32::get))).or_default() += 1;
            }
            world.done += u64::from(matches!(end, End::Confirmed | End::Taken));
            queue.ended(job.id, end, now).unwrap();
        }
        Act::Answer(which) => {
            let asked = queue.jobs().iter().find(|job| matches!(job.stand, Stand::Asked { .. })).cloned();
            let Some(job) = asked else { return };
            match which {
                // A copy takes the place of what was asked about, if none is under way.
                0 => {
                    let copy = world.next(&job.paper).unwrap();
                    let answered = queue.answer(job.id, Answer::Copy(copy), now);
                    let busy = queue.jobs().iter().any(|other| other.id == job.id);
                    assert_eq!(answered.is_err(), busy);
                    return;
                }
                1 => queue.answer(job.id, Answer::CameOut, now).unwrap(),
                _ => queue.answer(job.id, Answer::Drop, now).unwrap(),
            }
            world.done += 1;
        }
        Act::Cancel => {
            let waiting = queue.jobs().iter().find(|job| matches!(job.stand, Stand::Waiting { .. })).map(|job| job.id);
            if let Some(id) = waiting {
                queue.cancel(id).unwrap();
                world.done += 1;
            }
        }
        Act::Hurry => queue.hurry(now),
        Act::Restart => {
            if let Some(job) = printing {
                // It stopped amid printing: something may have come out.
                *world.out.entry((job.paper.clone(), job.copy.map_or(0, NonZeroU32::get))).or_default() += 1;
            }
            *queue = serde_json::from_str(&serde_json::to_string(queue).unwrap()).unwrap();
            queue.restarted();
        }
    }
}

proptest! {
    #[test]
    fn nothing_comes_out_twice_under_one_number_and_nothing_is_lost(acts in acts()) {
        let (mut queue, mut world) = (Queue::default(), World::default());
        for (act, second) in acts.iter().zip(0_u64..) {
            play(&mut queue, &mut world, act, at(second));
            prop_assert!(world.out.values().all(|times| *times == 1), "{:?} after {:?}", world.out, act);
            let waiting = u64::try_from(queue.jobs().len()).unwrap();
            prop_assert_eq!(world.ordered, world.done + waiting);
            let on_the_way = queue.jobs().iter().filter(|job| matches!(job.stand, Stand::Printing { .. })).count();
            prop_assert!(on_the_way <= 1);
        }
    }
}
