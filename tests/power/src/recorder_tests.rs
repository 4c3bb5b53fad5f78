//! From calls to operations, on traces written by hand.

use super::*;

fn hex(text: &str) -> String {
    text.bytes().map(|byte| format!("\\x{byte:02x}")).collect()
}

/// A trace in which `{…}` stands for that text as `strace -xx` writes it.
fn trace(lines: &str) -> String {
    let mut trace = String::new();
    for piece in lines.split('{') {
        match piece.split_once('}') {
            Some((text, rest)) => {
                trace.push_str(&hex(text));
                trace.push_str(rest);
            }
            None => trace.push_str(piece),
        }
    }
    trace
}

fn home() -> Disk {
    let mut disk = Disk::default();
    disk.make(1, Kind::Folder);
    disk.change(Change::Name { folder: 0, name: "home".to_owned(), node: 1 });
    disk.settle();
    disk
}

fn recorded(lines: &str) -> Result<Recorder, Fault> {
    let mut recorder = Recorder::new("/r", &home());
    recorder.take_in(trace(lines).as_bytes())?;
    Ok(recorder)
}

#[test]
fn a_file_is_made_written_and_synced() {
    let recorder = recorded(
        "7 openat(AT_FDCWD<{/}>, \"{/r/home/a}\", O_RDWR|O_CREAT, 0600) = 9<{/r/home/a}>\n\
         7 write(9<{/r/home/a}>, \"{one}\", 3) = 3\n\
         7 write(9<{/r/home/a}>, \"{two}\", 3) = 3\n\
         7 lseek(9<{/r/home/a}>, 1, SEEK_SET) = 1\n\
         7 write(9<{/r/home/a}>, \"{three}\", 5) = 2\n\
         7 ftruncate(9<{/r/home/a}>, 6) = 0\n\
         7 ftruncate(9<{/r/home/a}>, 2) = 0\n\
         7 fsync(9<{/r/home/a}>) = 0\n\
         7 close(9<{/r/home/a}>) = 0\n",
    );
    let write = |offset, text: &str| Op::Change(Change::Write { file: 2, offset, bytes: text.as_bytes().into() });
    let expected = [
        Op::Make { node: 2, kind: Kind::File },
        Op::Change(Change::Name { folder: 1, name: "a".to_owned(), node: 2 }),
        write(0, "one"),
        write(3, "two"),
        write(1, "th"),
        Op::Change(Change::Resize { file: 2, length: 2 }),
        Op::SyncBegun { ticket: 1, node: 2 },
        Op::Synced { ticket: 1 },
    ];
    assert_eq!(recorder.unwrap().ops, expected, "a length that stays is no change");
}

#[test]
fn a_request_leaves_when_its_first_byte_does() {
    // The braces of JSON mean something else in these traces.
    let body = hex("{\"clientReferenceCode\":\"R1\"}");
    let mut all = Recorder::new("/r", &home());
    let text = trace(
        "7 sendto(5<{socket:[1]}>, \"{POST /b2c/payment HTTP/1.1\r\ncontent-length: 28\r\n\r\n}\", 9, 0, NULL, 0 <unfinished ...>\n\
         8 mkdir(\"{/r/home/x}\", 0700) = 0\n\
         7 <... sendto resumed>) = 500\n",
    ) + &format!("7 sendto(5<{}>, \"{body}\", 28, 0, NULL, 0) = 28\n", hex("socket:[1]"));
    all.take_in(text.as_bytes()).unwrap();
    assert_eq!(all.requests, [Request::PaymentOf("R1".to_owned())]);
    assert_eq!(all.ops.first(), Some(&Op::Left(0)), "before what another thread did meanwhile");
}

#[test]
fn a_sync_that_others_interrupt_covers_what_was_before_it() {
    let recorder = recorded(
        "7 openat(AT_FDCWD<{/}>, \"{/r/home/a}\", O_RDWR|O_CREAT, 0600) = 9<{/r/home/a}>\n\
         7 fdatasync(9<{/r/home/a}> <unfinished ...>\n\
         8 pwrite64(9<{/r/home/a}>, \"{x}\", 1, 0) = 1\n\
         7 <... fdatasync resumed>) = 0\n",
    )
    .unwrap();
    let tail: Vec<&Op> = recorder.ops.iter().skip(2).collect();
    assert!(matches!(
        tail.as_slice(),
        [Op::SyncBegun { ticket: 1, node: 2 }, Op::Change(Change::Write { .. }), Op::Synced { ticket: 1 }]
    ));
}

#[test]
fn the_marker_tells_how_far_the_journal_is() {
    let recorder = recorded(
        "7 openat(AT_FDCWD<{/}>, \"{/r/home/journal.head}\", O_RDWR|O_CREAT, 0600) = 9<{/r/home/journal.head}>\n\
         7 write(9<{/r/home/journal.head}>, \"{vezne journal head 1\ndsk_1\n0000001\n0000042\nab\n}\", 50) = 50\n",
    )
    .unwrap();
    assert_eq!(recorder.ops.last(), Some(&Op::Known(42)));
}

#[test]
fn whatever_writes_otherwise_is_refused_and_what_is_elsewhere_is_passed_over() {
    for line in [
        "7 mmap(NULL, 4096, PROT_READ|PROT_WRITE, MAP_SHARED, 9<{/r/home/journal.db}>, 0) = 0x7f00",
        "7 fallocate(9<{/r/home/journal.db}>, 0, 0, 4096) = 0",
        "7 link(\"{/r/home/a}\", \"{/r/home/b}\") = 0",
        "7 pwrite64(9<{/r/home/never-opened}>, \"{x}\", 1, 0) = 1",
        "7 rename(\"{/r/home/a}\", \"{/elsewhere}\") = 0",
        "7 io_uring_setup(8, 0x7f00) = 9<{anon_inode:[io_uring]}>",
    ] {
        assert!(recorded(&format!("{line}\n")).is_err(), "{line}");
    }
    for line in [
        "7 mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, 9<{/lib/x.so}>, 0) = 0x7f00",
        "7 mmap(NULL, 32768, PROT_READ|PROT_WRITE, MAP_SHARED, 9<{/r/home/journal.db-shm}>, 0) = 0x7f00",
        "7 write(3<{/r/home/logs/1.log}>, \"{x}\", 1) = 1",
        "7 link(\"{/tmp/a}\", \"{/tmp/b}\") = 0",
        "7 unlink(\"{/r/home/a}\") = -1 ENOENT (No such file or directory)",
    ] {
        assert_eq!(recorded(&format!("{line}\n")).unwrap().ops, [], "{line}");
    }
}

#[test]
fn a_number_that_another_thread_gets_at_once_is_the_new_file() {
    let recorder = recorded(
        "7 openat(AT_FDCWD<{/}>, \"{/r/home/a}\", O_RDWR|O_CREAT, 0600) = 9<{/r/home/a}>\n\
         7 close(9<{/r/home/a}> <unfinished ...>\n\
         8 openat(AT_FDCWD<{/}>, \"{/r/home/b}\", O_RDWR|O_CREAT, 0600) = 9<{/r/home/b}>\n\
         7 <... close resumed>) = 0\n\
         8 pwrite64(9<{/r/home/b}>, \"{x}\", 1, 0) = 1\n",
    );
    assert!(recorder.is_ok(), "{recorder:?}");
}
