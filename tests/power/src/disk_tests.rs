//! The model by itself: what it promises, and what it does not.

use super::*;

const FILE: Node = 1;

/// A disk with one file called `a`, whose name is safe.
fn disk() -> Disk {
    let mut disk = Disk::default();
    disk.make(FILE, Kind::File);
    disk.change(Change::Name { folder: 0, name: "a".to_owned(), node: FILE });
    disk.settle();
    disk
}

fn bytes(text: &str) -> Arc<[u8]> {
    text.as_bytes().into()
}

fn write(offset: usize, text: &str) -> Change {
    Change::Write { file: FILE, offset, bytes: bytes(text) }
}

fn content(tree: &Tree, path: &str) -> Option<String> {
    tree.file(path).map(|content| String::from_utf8(content.bytes()).unwrap())
}

fn a(disk: &Disk, fates: &[Fate]) -> String {
    content(&disk.cut(fates), "a").unwrap()
}

#[test]
fn bytes_are_safe_after_a_sync_and_not_before() {
    let mut disk = disk();
    disk.change(write(0, "old"));
    assert_eq!(a(&disk, &[]), "");
    assert_eq!(a(&disk, &[Fate::Lost]), "");
    assert_eq!(a(&disk, &[Fate::Kept]), "old");
    assert_eq!(a(&disk, &[Fate::Zeroes]), "\0\0\0");
    disk.sync(FILE, disk.mark());
    assert_eq!(a(&disk, &[]), "old");
    disk.change(write(0, "new"));
    disk.change(Change::Resize { file: FILE, length: 1 });
    assert_eq!(disk.pending().len(), 2);
    assert_eq!(a(&disk, &[]), "old");
    assert_eq!(a(&disk, &[Fate::Lost, Fate::Kept]), "o", "the later change may be there without the earlier one");
    assert_eq!(a(&disk, &[Fate::Kept, Fate::Lost]), "new");
}

#[test]
fn a_sync_covers_what_was_done_before_it_began_and_nothing_later() {
    let mut disk = disk();
    disk.change(write(0, "one"));
    let mark = disk.mark();
    disk.change(write(3, "two"));
    disk.sync(FILE, mark);
    assert_eq!(a(&disk, &[]), "one");
    assert_eq!(a(&disk, &[Fate::Kept]), "onetwo");
}

#[test]
fn a_name_is_safe_after_a_sync_of_its_folder_and_not_of_the_file() {
    let mut disk = disk();
    disk.make(2, Kind::File);
    disk.change(Change::Name { folder: 0, name: "b".to_owned(), node: 2 });
    disk.change(Change::Write { file: 2, offset: 0, bytes: bytes("b") });
    disk.sync(2, disk.mark());
    assert_eq!(content(&disk.cut(&[]), "b"), None, "synced, and nobody finds it");
    assert_eq!(content(&disk.cut(&[Fate::Kept]), "b").as_deref(), Some("b"));
    disk.sync(0, disk.mark());
    assert_eq!(content(&disk.cut(&[]), "b").as_deref(), Some("b"));
}

#[test]
fn a_folder_that_nobody_synced_takes_everything_in_it_along() {
    let mut disk = disk();
    disk.make(2, Kind::Folder);
    disk.change(Change::Name { folder: 0, name: "home".to_owned(), node: 2 });
    disk.make(3, Kind::File);
    disk.change(Change::Name { folder: 2, name: "x".to_owned(), node: 3 });
    disk.sync(3, disk.mark());
    disk.sync(2, disk.mark());
    assert!(disk.cut(&[]).folders.is_empty());
    let kept = disk.cut(&[Fate::Kept]);
    assert_eq!(content(&kept, "home/x").as_deref(), Some(""));
}

#[test]
fn a_rename_puts_the_old_or_the_new_file_there_and_a_removal_may_be_undone() {
    let mut disk = disk();
    disk.make(2, Kind::File);
    disk.change(Change::Name { folder: 0, name: "a.new".to_owned(), node: 2 });
    disk.change(Change::Write { file: 2, offset: 0, bytes: bytes("new") });
    disk.settle();
    disk.change(Change::Rename { folder: 0, from: "a.new".to_owned(), to: "a".to_owned(), node: 2 });
    let before = disk.cut(&[]);
    assert_eq!((content(&before, "a").as_deref(), content(&before, "a.new").as_deref()), (Some(""), Some("new")));
    let after = disk.cut(&[Fate::Kept]);
    assert_eq!((content(&after, "a").as_deref(), content(&after, "a.new")), (Some("new"), None));
    disk.sync(0, disk.mark());
    disk.change(Change::Unname { folder: 0, name: "a".to_owned() });
    assert_eq!(content(&disk.cut(&[]), "a").as_deref(), Some("new"));
    assert_eq!(content(&disk.cut(&[Fate::Kept]), "a"), None);
}

#[test]
fn a_write_tears_at_the_borders_of_sectors_and_harms_nothing_beside_itself() {
    let mut disk = disk();
    disk.change(write(0, &"o".repeat(2048)));
    disk.settle();
    disk.change(write(100, &"n".repeat(1500)));
    let mut seen = BTreeSet::new();
    for seed in 0..64 {
        let torn = a(&disk, &[Fate::Torn { sector: 512, seed }]);
        assert_eq!((&torn[..100], &torn[1600..]), ("o".repeat(100).as_str(), "o".repeat(448).as_str()));
        let pieces = [&torn[100..512], &torn[512..1024], &torn[1024..1536], &torn[1536..1600]];
        for piece in pieces {
            let first = piece.chars().next().unwrap();
            assert!(piece.chars().all(|letter| letter == first), "whole sectors: {piece:?}");
        }
        seen.insert(pieces.map(|piece| piece.chars().next().unwrap()));
    }
    assert!(seen.len() > 30, "{} of 81 combinations", seen.len());
    assert_eq!(a(&disk, &[Fate::Torn { sector: 512, seed: 5 }]), a(&disk, &[Fate::Torn { sector: 512, seed: 5 }]));
}

#[test]
fn equal_states_have_one_hash_and_others_have_another() {
    let mut disk = disk();
    disk.change(write(0, "same"));
    disk.change(write(0, "same"));
    let hash = |fates: &[Fate]| disk.cut(fates).hash();
    assert_eq!(hash(&[Fate::Kept, Fate::Lost]), hash(&[Fate::Lost, Fate::Kept]));
    assert_ne!(hash(&[Fate::Lost, Fate::Lost]), hash(&[Fate::Lost, Fate::Kept]));
    assert_ne!(hash(&[Fate::Lost, Fate::Zeroes]), hash(&[Fate::Lost, Fate::Kept]));
}
