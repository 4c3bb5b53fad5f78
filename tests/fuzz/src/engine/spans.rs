//! Where the parts of a text stand: quoted texts, numbers and words, and whatever brackets hold. Enough of JSON, TOML, HTML
//! and forms for mutations to change whole values, and not so much that broken texts have no parts.

use std::ops::Range;

/// The most parts that are looked for.
const MOST: usize = 400;

/// The parts, in the order in which they end.
#[must_use]
pub(super) fn spans(bytes: &[u8]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    let mut at = 0_usize;
    while let Some(byte) = bytes.get(at) {
        if found.len() >= MOST {
            break;
        }
        let next = at.saturating_add(1);
        at = match byte {
            b'"' => {
                let end = end_of_text(bytes, next);
                found.push(at..end);
                end
            }
            b'{' | b'[' | b'(' | b'<' => {
                open.push(at);
                next
            }
            b'}' | b']' | b')' | b'>' => {
                if let Some(from) = open.pop() {
                    found.push(from..next);
                }
                next
            }
            byte if is_word(*byte) => {
                let rest = bytes.get(at..).unwrap_or_default();
                let end = at.saturating_add(rest.iter().position(|byte| !is_word(*byte)).unwrap_or(rest.len()));
                found.push(at..end);
                end
            }
            _ => next,
        };
    }
    found
}

const fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'%')
}

fn end_of_text(bytes: &[u8], from: usize) -> usize {
    let mut escaped = false;
    for (place, byte) in bytes.iter().enumerate().skip(from) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return place.saturating_add(1),
            _ => {}
        }
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_values_are_found() {
        let text = br#"{"a":[1,"x\"y"],"b":-2.5}"#;
        let parts: Vec<&str> = spans(text).into_iter().map(|span| std::str::from_utf8(&text[span]).unwrap()).collect();
        assert_eq!(
            parts,
            ["\"a\"", "1", r#""x\"y""#, r#"[1,"x\"y"]"#, "\"b\"", "-2.5", r#"{"a":[1,"x\"y"],"b":-2.5}"#]
        );
        assert_eq!(spans(b"\"never closed"), std::iter::once(0..13).collect::<Vec<_>>());
    }
}
