//! One paper sent to a printer in every mood.

use std::fs::File;
use std::io::{Read, Write};
use std::time::Duration;

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{OptionalActions, tcgetattr, tcsetattr};
use tokio::net::TcpListener;
use vezne_printing::{End, Manner, Trouble, Way, ask, send};

use crate::played::{Mood, NEVER, Played, manner};

fn paper() -> Vec<u8> {
    (0..9_000_u32).map(|place| b'a' + u8::try_from(place % 26).unwrap()).collect()
}

#[tokio::test]
async fn a_sound_printer_confirms_a_paper_and_prints_it_whole() {
    let printer = Played::start(Mood::Sound).await;
    assert_eq!(send(&printer.way, &paper(), &manner()).await, End::Confirmed);
    assert_eq!(ask(&printer.way, &manner()).await, None);
    assert_eq!(printer.papers(1).await, [paper()]);
}

#[tokio::test]
async fn a_mute_printer_takes_a_paper_and_that_is_all_that_is_known() {
    let printer = Played::start(Mood::Mute).await;
    assert_eq!(send(&printer.way, &paper(), &Manner { answer: NEVER, late: NEVER, ..manner() }).await, End::Taken);
    assert_eq!(printer.papers(1).await, [paper()]);
    // One that would print the question is not asked.
    let silent = Manner { asks: false, ..manner() };
    assert_eq!(send(&printer.way, &paper(), &silent).await, End::Taken);
}

#[tokio::test]
async fn without_paper_or_with_its_cover_open_nothing_is_sent() {
    for (mood, trouble) in [(Mood::NoPaper, Trouble::NoPaper), (Mood::CoverOpen, Trouble::CoverOpen)] {
        let printer = Played::start(mood).await;
        assert_eq!(send(&printer.way, &paper(), &manner()).await, End::NothingLeft(trouble));
        assert_eq!(ask(&printer.way, &manner()).await, Some(trouble));
        assert!(printer.papers(0).await.is_empty());
    }
}

#[tokio::test]
async fn a_printer_whose_paper_ends_half_way_is_unknown_and_says_why() {
    let printer = Played::start(Mood::RunsOut(4_000)).await;
    let manner = Manner { confirm: NEVER, ..manner() };
    assert_eq!(send(&printer.way, &paper(), &manner).await, End::Unknown(Trouble::NoPaper));
}

#[tokio::test]
async fn a_printer_that_answers_late_is_not_taken_for_a_mute_one() {
    let printer = Played::start(Mood::Late(Duration::from_millis(1_200))).await;
    let manner = Manner { answer: NEVER, ..manner() };
    assert_eq!(send(&printer.way, &paper(), &manner).await, End::Confirmed);
    assert_eq!(printer.papers(1).await, [paper()]);
}

/// Linux tells what of a connection has not gone over.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn what_the_network_has_not_taken_is_not_taken_by_the_printer() {
    // It never reads, and its system keeps only a little for it.
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4096).unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let listener = socket.listen(1).unwrap();
    let way = Way::Network(listener.local_addr().unwrap().to_string());
    let never_reads = tokio::spawn(async move { listener.accept().await.unwrap() });
    let manner = Manner { asks: false, answer: NEVER, stall: NEVER, ..manner() };
    let large = vec![b'x'; 200_000];
    assert_eq!(send(&way, &large, &manner).await, End::Unknown(Trouble::Slow));
    drop(never_reads.await.unwrap());
}

#[tokio::test]
async fn what_a_printer_reports_by_itself_is_no_confirmation() {
    let printer = Played::start(Mood::Chatty).await;
    let manner = Manner { confirm: NEVER, ..manner() };
    assert_eq!(send(&printer.way, &paper(), &manner).await, End::Unknown(Trouble::Slow));
}

#[tokio::test]
async fn a_printer_that_is_gone_half_way_is_unknown() {
    let printer = Played::start(Mood::Gone(4_000)).await;
    assert_eq!(send(&printer.way, &paper(), &manner()).await, End::Unknown(Trouble::Gone));
}

#[tokio::test]
async fn a_printer_that_takes_nothing_any_more_is_unknown_in_bounded_time() {
    let printer = Played::start(Mood::Stuck).await;
    // More than the system itself keeps for a connection.
    let large = vec![b'x'; 64 * 1024 * 1024];
    assert_eq!(send(&printer.way, &large, &Manner { stall: NEVER, ..manner() }).await, End::Unknown(Trouble::Slow));
}

#[tokio::test]
async fn an_address_where_nobody_listens_refuses_and_nothing_left() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let way = Way::Network(listener.local_addr().unwrap().to_string());
    drop(listener);
    assert_eq!(send(&way, &paper(), &manner()).await, End::NothingLeft(Trouble::Refusing));
    assert_eq!(ask(&way, &manner()).await, Some(Trouble::Refusing));
    let nonsense = Way::Network("not an address".to_owned());
    assert_eq!(send(&nonsense, &paper(), &manner()).await, End::NothingLeft(Trouble::NotReachable));
}

#[tokio::test]
async fn a_device_that_is_not_there_or_is_a_file_of_the_disk_is_not_reached() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("lp0");
    let way = Way::Device(file.clone());
    assert_eq!(send(&way, &paper(), &manner()).await, End::NothingLeft(Trouble::NotReachable));
    std::fs::write(&file, b"kept").unwrap();
    assert_eq!(send(&way, &paper(), &manner()).await, End::NothingLeft(Trouble::NotReachable));
    assert_eq!(std::fs::read(&file).unwrap(), b"kept");
}

/// A device file at whose other end a thread answers as a sound printer does, and gives back what was printed.
fn device(most: usize) -> (Way, std::thread::JoinHandle<(Vec<u8>, File)>) {
    let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&master).unwrap();
    unlockpt(&master).unwrap();
    let path = std::path::PathBuf::from(ptsname(&master, Vec::new()).unwrap().into_string().unwrap());
    let end = File::options().read(true).write(true).open(&path).unwrap();
    let mut raw = tcgetattr(&end).unwrap();
    raw.make_raw();
    tcsetattr(&end, OptionalActions::Now, &raw).unwrap();
    let mut printer = File::from(master);
    let printed = std::thread::spawn(move || {
        // Kept open, so that reading goes on between two openings of the other side.
        let _end = end;
        let mut paper = Vec::new();
        let mut byte = [0];
        while paper.len() < most {
            printer.read_exact(&mut byte).unwrap();
            if matches!(byte, [0x10]) {
                printer.read_exact(&mut [0; 2]).unwrap();
                printer.write_all(&[0x12]).unwrap();
            } else {
                paper.extend(byte);
            }
        }
        printer.read_exact(&mut [0; 3]).unwrap();
        printer.write_all(&[0x00]).unwrap();
        // Still open: hung up, it would take its last answer with it.
        (paper, printer)
    });
    (Way::Device(path), printed)
}

#[tokio::test]
async fn a_device_file_is_asked_written_and_confirmed() {
    let (way, printed) = device(paper().len());
    assert_eq!(send(&way, &paper(), &manner()).await, End::Confirmed);
    assert_eq!(printed.join().unwrap().0, paper());
}
