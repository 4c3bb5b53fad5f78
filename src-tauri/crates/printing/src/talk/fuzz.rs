//! Whatever a printer says, and whenever it stops: a conversation ends, a paper of which anything arrived is not sent again, and one
//! that came out has arrived whole (`tests/fuzz` has the loop).

use tokio::io::DuplexStream;
use vezne_fuzz::engine::{Target, in_a_test};

use super::tests::road;
use super::*;

const TARGET: Target = Target { name: "printer", run, words: &WORDS, longest: 64 };

/// Answers, reports of its own accord, and what it does besides.
const WORDS: [&str; 10] = [
    "\u{12}\u{12}\u{12}",
    "\u{16}",
    "\u{32}",
    "\u{72}",
    "\u{12}\u{12}\u{12}\0",
    "\u{10}\0\0\0",
    "\u{11}",
    "\u{13}",
    "H",
    "S",
];

/// Letters of the paper that no question has.
const PAPER: [u8; 3_000] = [b'P'; 3_000];
/// What a road holds that is on its way.
const ROAD: usize = 256;
/// More than all waiting of one conversation together.
const AT_MOST: Duration = Duration::from_secs(180);

/// Reads, and does one thing of its script each time: `H` hangs up, `S` stands still for a second, everything else it says. What
/// it read of the paper, and whether it read to the end.
async fn printer(mut stream: DuplexStream, script: &[u8]) -> (usize, bool) {
    let mut paper = 0_usize;
    let mut piece = [0; 64];
    let mut script = script.iter();
    loop {
        match stream.read(&mut piece).await {
            Ok(0) | Err(_) => return (paper, true),
            Ok(count) => paper += piece.iter().take(count).filter(|byte| **byte == b'P').count(),
        }
        match script.next() {
            None => {}
            Some(b'H') => return (paper, false),
            Some(b'S') => sleep(Duration::from_secs(1)).await,
            Some(says) => drop(stream.write_all(&[*says]).await),
        }
    }
}

fn run(data: &[u8]) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
    let Ok(runtime) = runtime else { return };
    let Some((first, script)) = data.split_first() else { return };
    runtime.block_on(async {
        let (ours, theirs, _) = road(ROAD, false);
        let manner = Manner { asks: first % 2 == 0, ..Manner::default() };
        let mut answers = first % 4 >= 2;
        let began = Instant::now();
        let (end, (paper, whole)) = tokio::join!(deliver(ours, &PAPER, &manner, &mut answers), printer(theirs, script));
        assert!(began.elapsed() < AT_MOST, "it took {:?}", began.elapsed());
        match end {
            End::NothingLeft(_) => assert_eq!(paper, 0, "it would be sent again, and {paper} bytes of it arrived"),
            End::Confirmed | End::Taken if whole => assert_eq!(paper, PAPER.len(), "{end:?}"),
            End::Confirmed | End::Taken => assert!(paper + ROAD >= PAPER.len(), "{end:?}, and {paper} bytes arrived"),
            End::Unknown(_) => {}
        }
    });
}

#[test]
fn whatever_a_printer_says_nothing_is_sent_twice_and_nothing_half() {
    in_a_test(&TARGET);
}
