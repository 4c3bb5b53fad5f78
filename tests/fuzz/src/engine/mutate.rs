//! New inputs out of known ones: bytes, numbers, whole values, words of the format, pieces of other inputs.

use std::ops::Range;

use super::random::Random;
use super::spans::spans;

/// Numbers at which something ends.
const NUMBERS: [&str; 30] = [
    "0",
    "-0",
    "1",
    "-1",
    "2",
    "3",
    "6",
    "12",
    "99",
    "127",
    "128",
    "200",
    "255",
    "256",
    "400",
    "401",
    "404",
    "2001",
    "2007",
    "2008",
    "65535",
    "65536",
    "2147483647",
    "4294967296",
    "9007199254740993",
    "9223372036854775807",
    "18446744073709551616",
    "1e400",
    "0.00000000000000000000000000001",
    "79228162514264337593543950336",
];

/// Values of every kind.
const VALUES: [&str; 18] = [
    "null",
    "true",
    "false",
    "0",
    "1",
    "\"\"",
    "\" \"",
    "[]",
    "{}",
    "[null]",
    "[{}]",
    "\"true\"",
    "\"1\"",
    "\"4155650100416111\"",
    "\"\\u0000\"",
    "\"\\ud800\"",
    "[[[[]]]]",
    "545.00",
];

/// Characters that texts stumble over: other scripts' digits, invisible ones, marks, a byte order mark, line ends.
const CHARACTERS: [&str; 22] = [
    "\u{0}",
    "\u{7f}",
    "\u{85}",
    "\u{a0}",
    "\u{ad}",
    "\u{300}",
    "\u{660}",
    "\u{661}",
    "\u{6f4}",
    "\u{200b}",
    "\u{200d}",
    "\u{202e}",
    "\u{2028}",
    "\u{2212}",
    "\u{3000}",
    "\u{feff}",
    "\u{ff11}",
    "\u{1d7d8}",
    "\u{10ffff}",
    "İ",
    "ı",
    "ß",
];

/// Card numbers that vendors and processors publish for tests.
const CARDS: [&str; 6] = [
    "4155650100416111",
    "4355084355084358",
    "374427000000003",
    "9792096695823360",
    "4155 6501 0041 6111",
    "5571-1355-7113-5575",
];

/// What an input is changed with.
pub struct Mutator<'a> {
    /// Where chance comes from.
    pub random: Random,
    /// Words of the format.
    pub words: &'a [&'a str],
    /// No input gets longer.
    pub longest: usize,
}

impl Mutator<'_> {
    /// A changed copy; `other` is where pieces are taken from.
    pub fn mutate(&mut self, base: &[u8], other: &[u8]) -> Vec<u8> {
        let mut bytes = base.to_vec();
        let mut times = 1_usize;
        while times < 6 && self.random.below(5) < 2 {
            times = times.saturating_add(1);
        }
        for _ in 0..times {
            self.once(&mut bytes, other);
            bytes.truncate(self.longest);
        }
        bytes
    }

    fn once(&mut self, bytes: &mut Vec<u8>, other: &[u8]) {
        match self.random.below(20) {
            0 => self.flip(bytes),
            1 => self.set(bytes),
            2 => {
                let noise: Vec<u8> = (0..=self.random.below(8)).map(|_| self.random.byte()).collect();
                self.insert(bytes, &noise);
            }
            3 => {
                let range = self.range(bytes.len(), 32);
                bytes.drain(range);
            }
            4 => {
                let range = self.range(bytes.len(), 64);
                let piece = bytes.get(range).unwrap_or_default().to_vec();
                self.insert(bytes, &piece);
            }
            5 => {
                let range = self.range(other.len(), 256);
                let piece = other.get(range).unwrap_or_default().to_vec();
                self.insert(bytes, &piece);
            }
            6 | 7 => {
                let word = self.word();
                self.insert(bytes, word.as_bytes());
            }
            8 | 9 => self.number(bytes),
            10 => self.replace_span(bytes, &VALUES),
            11 => {
                let word = self.word();
                self.replace_span(bytes, &[&word]);
            }
            12 => self.wrap(bytes),
            13 => self.drop_span(bytes),
            14 => self.repeat(bytes),
            15 => self.swap(bytes),
            16 => {
                let piece = self.random.pick(&CHARACTERS).copied().unwrap_or_default();
                self.insert(bytes, piece.as_bytes());
            }
            17 => self.cross(bytes, other),
            18 => bytes.truncate(self.random.below(bytes.len().saturating_add(1))),
            _ => self.transplant(bytes, other),
        }
    }

    fn word(&mut self) -> String {
        match self.random.below(8) {
            0 => self.random.pick(&CARDS).map(|card| (*card).to_owned()).unwrap_or_default(),
            1 => self.random.pick(&VALUES).map(|value| (*value).to_owned()).unwrap_or_default(),
            _ => self.random.pick(self.words).map(|word| (*word).to_owned()).unwrap_or_default(),
        }
    }

    fn flip(&mut self, bytes: &mut [u8]) {
        let (place, bit) = (self.random.below(bytes.len()), self.random.below(8));
        if let (Some(byte), Ok(bit)) = (bytes.get_mut(place), u32::try_from(bit)) {
            *byte ^= 1_u8.rotate_left(bit);
        }
    }

    fn set(&mut self, bytes: &mut [u8]) {
        const TELLING: &[u8] = b"\0\n\r\t \"'\\/<>{}[](),:;=&%+-_.0189aZ~\x7f\x80\xff";
        let place = self.random.below(bytes.len());
        let new = self.random.pick(TELLING).copied().unwrap_or_default();
        if let Some(byte) = bytes.get_mut(place) {
            *byte = new;
        }
    }

    fn insert(&mut self, bytes: &mut Vec<u8>, piece: &[u8]) {
        let place = self.random.below(bytes.len().saturating_add(1));
        bytes.splice(place..place, piece.iter().copied());
    }

    fn range(&mut self, length: usize, most: usize) -> Range<usize> {
        let from = self.random.below(length);
        let more = self.random.below(most).saturating_add(1);
        from..from.saturating_add(more).min(length)
    }

    fn span(&mut self, bytes: &[u8]) -> Option<Range<usize>> {
        self.random.pick(&spans(bytes)).cloned()
    }

    fn number(&mut self, bytes: &mut Vec<u8>) {
        let numbers: Vec<Range<usize>> = spans(bytes)
            .into_iter()
            .filter(|span| bytes.get(span.start).is_some_and(|byte| byte.is_ascii_digit() || *byte == b'-'))
            .collect();
        let Some(span) = self.random.pick(&numbers).cloned() else { return };
        let new = self.random.pick(&NUMBERS).copied().unwrap_or_default();
        bytes.splice(span, new.bytes());
    }

    fn replace_span(&mut self, bytes: &mut Vec<u8>, with: &[&str]) {
        let Some(span) = self.span(bytes) else { return };
        let new = self.random.pick(with).copied().unwrap_or_default();
        bytes.splice(span, new.bytes());
    }

    fn wrap(&mut self, bytes: &mut Vec<u8>) {
        const AROUND: [(&str, &str); 6] =
            [("[", "]"), ("{\"data\":", "}"), ("\"", "\""), ("{\"details\":[", "]}"), ("{\"order\":", "}"), ("<", ">")];
        let Some(span) = self.span(bytes) else { return };
        let Some((before, after)) = self.random.pick(&AROUND).copied() else { return };
        let times = if self.random.below(10) == 0 { self.random.below(200) } else { 1 };
        let middle = bytes.get(span.clone()).unwrap_or_default().to_vec();
        let mut new = before.repeat(times).into_bytes();
        new.extend_from_slice(&middle);
        new.extend(after.repeat(times).bytes());
        bytes.splice(span, new);
    }

    fn drop_span(&mut self, bytes: &mut Vec<u8>) {
        let Some(span) = self.span(bytes) else { return };
        let end =
            if matches!(bytes.get(span.end), Some(b',' | b':' | b'&')) { span.end.saturating_add(1) } else { span.end };
        bytes.drain(span.start..end);
    }

    fn repeat(&mut self, bytes: &mut Vec<u8>) {
        let Some(span) = self.span(bytes) else { return };
        let times =
            if self.random.below(8) == 0 { self.random.below(300) } else { self.random.below(3).saturating_add(1) };
        let between: &[u8] = if self.random.below(3) == 0 { b"" } else { b"," };
        let piece = bytes.get(span.clone()).unwrap_or_default().to_vec();
        let room = self.longest.saturating_sub(bytes.len());
        let mut more = Vec::new();
        for _ in 0..times {
            if more.len() > room {
                break;
            }
            more.extend_from_slice(between);
            more.extend_from_slice(&piece);
        }
        bytes.splice(span.end..span.end, more);
    }

    fn swap(&mut self, bytes: &mut Vec<u8>) {
        let (Some(one), Some(other)) = (self.span(bytes), self.span(bytes)) else { return };
        let (first, second) = if one.start < other.start { (one, other) } else { (other, one) };
        if first.end > second.start {
            return;
        }
        let piece = |range: Range<usize>| bytes.get(range).unwrap_or_default().to_vec();
        let (a, b) = (piece(first.clone()), piece(second.clone()));
        bytes.splice(second, a);
        bytes.splice(first, b);
    }

    fn cross(&mut self, bytes: &mut Vec<u8>, other: &[u8]) {
        let from = self.random.below(other.len());
        bytes.truncate(self.random.below(bytes.len().saturating_add(1)));
        bytes.extend_from_slice(other.get(from..).unwrap_or_default());
    }

    fn transplant(&mut self, bytes: &mut Vec<u8>, other: &[u8]) {
        let (Some(place), Some(piece)) = (self.span(bytes), self.span(other)) else { return };
        let piece = other.get(piece).unwrap_or_default().to_vec();
        bytes.splice(place, piece);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_repeats_its_inputs_and_none_is_too_long() {
        let make = || {
            let mut mutator = Mutator { random: Random::of(7), words: &["status", "success"], longest: 300 };
            (0..2_000).map(|_| mutator.mutate(br#"{"status":"success","n":[1,2]}"#, b"{\"a\":1}")).collect::<Vec<_>>()
        };
        let made = make();
        assert_eq!(made, make());
        assert!(made.iter().all(|input| input.len() <= 300));
        let different: std::collections::BTreeSet<_> = made.iter().collect();
        assert!(different.len() > 1_000, "{}", different.len());
    }
}
