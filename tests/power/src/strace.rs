//! What `strace -f -y -xx` writes, read back: who called what, with which bytes, and in which order.

use std::collections::HashMap;
use std::io::BufRead;

use crate::Fault;

/// The calls that must be traced: all that may change a file, name one, or send something.
pub const TRACED: &str = "openat,open,openat2,creat,write,pwrite64,writev,pwritev,pwritev2,ftruncate,truncate,fallocate,\
fsync,fdatasync,sync_file_range,sync,syncfs,rename,renameat,renameat2,unlink,unlinkat,rmdir,link,linkat,symlink,symlinkat,\
mkdir,mkdirat,close,dup,dup2,dup3,lseek,mmap,sendto,sendmsg,sendmmsg,sendfile,splice,copy_file_range,io_uring_setup";

/// A call as it was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// The thread.
    pub thread: u32,
    /// Its name.
    pub name: String,
    /// Its arguments as they stand there.
    pub arguments: Vec<String>,
    /// What it gave back; negative for an error. 0 while it is under way.
    pub result: i64,
    /// The path of the file that it opened.
    pub opened: Option<String>,
}

/// What happens in the trace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// A call began: what a sync covers, and when a byte left at the earliest.
    Begun(Call),
    /// A call came back.
    Ended(Call),
}

/// Reads a trace from its beginning to its end.
///
/// # Errors
/// A line that is not understood, or a trace that can't be read.
pub fn read(trace: impl BufRead, mut tell: impl FnMut(Event) -> Result<(), Fault>) -> Result<(), Fault> {
    let mut under_way: HashMap<u32, (String, String)> = HashMap::new();
    for line in trace.lines() {
        let line = line.map_err(|error| Fault::of("the trace", &error))?;
        let unknown = || Fault(format!("a line of the trace is not understood: {:.200}", line));
        let (thread, rest) = line.split_once(' ').ok_or_else(unknown)?;
        let thread: u32 = thread.parse().map_err(|_| unknown())?;
        let rest = rest.trim_start();
        if rest.starts_with("+++") || rest.starts_with("---") {
            continue;
        }
        if let Some(resumed) = rest.strip_prefix("<... ") {
            let (name, after) = resumed.split_once(" resumed>").ok_or_else(unknown)?;
            let (begun, before) = under_way.remove(&thread).ok_or_else(unknown)?;
            if begun != name {
                return Err(unknown());
            }
            let call = ended(thread, name, &format!("{before}{after}")).ok_or_else(unknown)?;
            tell(Event::Ended(call))?;
            continue;
        }
        let (name, rest) = rest.split_once('(').ok_or_else(unknown)?;
        if let Some(before) = rest.strip_suffix("<unfinished ...>") {
            let before = before.trim_end();
            let arguments = split(before);
            tell(Event::Begun(Call { thread, name: name.to_owned(), arguments, result: 0, opened: None }))?;
            under_way.insert(thread, (name.to_owned(), before.to_owned()));
            continue;
        }
        let call = ended(thread, name, rest).ok_or_else(unknown)?;
        tell(Event::Begun(Call { result: 0, opened: None, ..call.clone() }))?;
        tell(Event::Ended(call))?;
    }
    Ok(())
}

/// `args) = result<path> …`
fn ended(thread: u32, name: &str, rest: &str) -> Option<Call> {
    let (arguments, result) = rest.rsplit_once(" = ")?;
    let arguments = arguments.trim_end().strip_suffix(')')?;
    let digits = result.split([' ', '<']).next()?;
    // `?`: the program ended inside it. An address: of mmap, which gives no descriptor.
    let result_number = if digits == "?" { -1 } else { digits.parse().unwrap_or(0) };
    let opened = result.split_once('<').filter(|_| result_number >= 0).and_then(|(_, path)| {
        let (path, _) = path.split_once('>')?;
        text(path)
    });
    Some(Call { thread, name: name.to_owned(), arguments: split(arguments), result: result_number, opened })
}

/// Splits arguments at the commas outside of brackets and quotes.
fn split(arguments: &str) -> Vec<String> {
    let mut found = Vec::new();
    let (mut depth, mut quoted, mut from) = (0_u32, false, 0);
    for (place, byte) in arguments.bytes().enumerate() {
        match byte {
            b'"' => quoted = !quoted,
            b'[' | b'{' | b'(' | b'<' if !quoted => depth = depth.saturating_add(1),
            b']' | b'}' | b')' | b'>' if !quoted => depth = depth.saturating_sub(1),
            b',' if !quoted && depth == 0 => {
                found.extend(arguments.get(from..place).map(|one| one.trim().to_owned()));
                from = place.saturating_add(1);
            }
            _ => {}
        }
    }
    found.extend(arguments.get(from..).map(str::trim).filter(|one| !one.is_empty()).map(str::to_owned));
    found
}

/// `\x61\x62` → `ab`.
fn unescape(escaped: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(escaped.len() / 4);
    let mut rest = escaped.as_bytes();
    while let [b'\\', b'x', high, low, after @ ..] = rest {
        let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
        bytes.push(digit(*high)?.checked_mul(16)?.checked_add(digit(*low)?)?);
        rest = after;
    }
    rest.is_empty().then_some(bytes)
}

fn text(escaped: &str) -> Option<String> {
    String::from_utf8(unescape(escaped)?).ok()
}

impl Call {
    fn argument(&self, place: usize) -> Result<&str, Fault> {
        self.arguments.get(place).map(String::as_str).ok_or_else(|| self.not_understood("too few arguments"))
    }

    /// An error that names this call.
    #[must_use]
    pub fn not_understood(&self, why: &str) -> Fault {
        let short: Vec<_> = self.arguments.iter().map(|one| one.chars().take(60).collect::<String>()).collect();
        Fault(format!("{}({}): {why}", self.name, short.join(", ")))
    }

    /// The descriptor at this place, and the path that it stood for.
    ///
    /// # Errors
    /// There is none.
    pub fn descriptor(&self, place: usize) -> Result<(i64, Option<String>), Fault> {
        let argument = self.argument(place)?;
        let (number, path) = argument.split_once('<').unwrap_or((argument, ""));
        let path = path.split_once('>').and_then(|(path, _)| text(path));
        if number == "AT_FDCWD" {
            return Ok((-100, path));
        }
        Ok((number.parse().map_err(|_| self.not_understood("no descriptor"))?, path))
    }

    /// The path at this place.
    ///
    /// # Errors
    /// There is none.
    pub fn path(&self, place: usize) -> Result<String, Fault> {
        let quoted = self.argument(place)?.strip_prefix('"').and_then(|path| path.strip_suffix('"'));
        quoted.and_then(text).ok_or_else(|| self.not_understood("no path"))
    }

    /// The number at this place.
    ///
    /// # Errors
    /// There is none.
    pub fn number(&self, place: usize) -> Result<usize, Fault> {
        self.argument(place)?.parse().map_err(|_| self.not_understood("no number"))
    }

    /// Whether the argument at this place has this flag.
    #[must_use]
    pub fn has(&self, place: usize, flag: &str) -> bool {
        self.arguments.get(place).is_some_and(|flags| flags.split('|').any(|one| one == flag))
    }

    /// All bytes that the argument at this place hands over: one buffer, or several of a list.
    ///
    /// # Errors
    /// They are not all there: cut off, or in memory that could not be read.
    pub fn bytes(&self, place: usize) -> Result<Vec<u8>, Fault> {
        let argument = self.argument(place)?;
        let mut bytes = Vec::new();
        let mut pieces = argument.split('"');
        let mut found = false;
        // Before, between and after the quotes by turns.
        while let (Some(_), Some(quoted)) = (pieces.next(), pieces.next()) {
            found = true;
            bytes.extend(unescape(quoted).ok_or_else(|| self.not_understood("bytes in another form"))?);
        }
        if !found || argument.contains("\"...") || argument.contains("...]") {
            return Err(self.not_understood(
                "its bytes are not in the trace: cut off, or the program's memory may not be read (a process that is not \
                 dumpable can be traced by root only)",
            ));
        }
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(text: &str) -> String {
        text.bytes().map(|byte| format!("\\x{byte:02x}")).collect()
    }

    fn events(trace: &str) -> Vec<Event> {
        let mut events = Vec::new();
        read(trace.as_bytes(), |event| {
            events.push(event);
            Ok(())
        })
        .unwrap();
        events
    }

    #[test]
    fn calls_are_read_with_their_bytes_paths_and_results() {
        let (path, data) = (hex("/h/a, b"), hex("x\"\n,"));
        let trace = format!(
            "7 openat(AT_FDCWD<{path}>, \"{path}\", O_RDWR|O_CREAT|O_CLOEXEC, 0600) = 9<{path}>\n\
             7 pwrite64(9<{path}>, \"{data}\", 4, 4096) = 4\n\
             7 unlink(\"{path}\") = -1 ENOENT (No such file or directory)\n\
             7 --- SIGCHLD {{si_signo=SIGCHLD}} ---\n7 +++ exited with 0 +++\n"
        );
        let ended: Vec<Call> = events(&trace)
            .into_iter()
            .filter_map(|event| if let Event::Ended(call) = event { Some(call) } else { None })
            .collect();
        assert_eq!(ended.len(), 3);
        assert_eq!((ended[0].result, ended[0].opened.as_deref()), (9, Some("/h/a, b")));
        assert!(ended[0].has(2, "O_CREAT") && !ended[0].has(2, "O_EXCL"));
        assert_eq!(ended[1].descriptor(0).unwrap(), (9, Some("/h/a, b".to_owned())));
        assert_eq!((ended[1].bytes(1).unwrap(), ended[1].number(3).unwrap()), (b"x\"\n,".to_vec(), 4096));
        assert_eq!((ended[2].path(0).unwrap().as_str(), ended[2].result), ("/h/a, b", -1));
    }

    #[test]
    fn a_call_that_others_interrupt_begins_and_ends_at_its_own_places() {
        let path = hex("/h/a");
        let trace = format!(
            "7 fsync(9<{path}> <unfinished ...>\n8 ftruncate(9<{path}>, 5) = 0\n7 <... fsync resumed>)             = 0\n"
        );
        let names: Vec<(bool, String)> = events(&trace)
            .into_iter()
            .map(|event| match event {
                Event::Begun(call) => (false, call.name),
                Event::Ended(call) => (true, call.name),
            })
            .collect();
        let expected = [(false, "fsync"), (false, "ftruncate"), (true, "ftruncate"), (true, "fsync")];
        assert_eq!(names, expected.map(|(ended, name)| (ended, name.to_owned())));
    }

    #[test]
    fn the_pieces_of_a_list_are_put_together_and_missing_ones_are_noticed() {
        let (a, b) = (hex("POST "), hex("/pay"));
        let call = |argument: String| Call {
            thread: 1,
            name: "writev".to_owned(),
            arguments: vec!["3".to_owned(), argument],
            result: 9,
            opened: None,
        };
        let list = format!("[{{iov_base=\"{a}\", iov_len=5}}, {{iov_base=\"{b}\", iov_len=4}}]");
        assert_eq!(call(list).bytes(1).unwrap(), b"POST /pay");
        for gone in [format!("\"{a}\"..."), "0x7ffd0000".to_owned(), format!("[{{iov_base=\"{a}\", iov_len=5}}, ...]")]
        {
            assert!(call(gone.clone()).bytes(1).is_err(), "{gone}");
        }
    }

    #[test]
    fn what_is_not_understood_is_an_error_and_not_skipped() {
        for trace in ["hello\n", "7 write\n", "7 <... fsync resumed>) = 0\n"] {
            assert!(read(trace.as_bytes(), |_| Ok(())).is_err(), "{trace}");
        }
    }
}
