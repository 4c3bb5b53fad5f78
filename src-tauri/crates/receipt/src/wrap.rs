//! Breaking text into lines, whatever it is measured in.

use unicode_normalization::char::is_combining_mark;

/// Breaks a text into lines of at most `most`. Spaces break; a word too wide for a line breaks at its fixed spaces, and one
/// without those between any two letters. Nothing is lost but the spaces at which it breaks. An empty text is no line.
pub(crate) fn wrap(text: &str, most: i32, measure: &impl Fn(&str) -> i32) -> Vec<String> {
    let mut lines = Lines { most, measure, done: Vec::new(), line: String::new() };
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        if measure(word) <= most {
            lines.word(word);
        } else {
            for piece in word.split('\u{a0}').filter(|piece| !piece.is_empty()) {
                lines.wide(piece);
            }
        }
    }
    lines.turn();
    lines.done
}

struct Lines<'a, M> {
    most: i32,
    measure: &'a M,
    done: Vec<String>,
    line: String,
}

impl<M: Fn(&str) -> i32> Lines<'_, M> {
    fn turn(&mut self) {
        if !self.line.is_empty() {
            self.done.push(std::mem::take(&mut self.line));
        }
    }

    fn word(&mut self, word: &str) {
        if self.line.is_empty() {
            self.line.push_str(word);
            return;
        }
        let joined = format!("{} {word}", self.line);
        if (self.measure)(&joined) <= self.most {
            self.line = joined;
        } else {
            self.turn();
            self.line.push_str(word);
        }
    }

    /// A piece of a word, itself too wide perhaps.
    fn wide(&mut self, piece: &str) {
        if (self.measure)(piece) <= self.most {
            self.word(piece);
            return;
        }
        self.turn();
        for letter in letters(piece) {
            if !self.line.is_empty() && (self.measure)(&format!("{}{letter}", self.line)) > self.most {
                self.turn();
            }
            self.line.push_str(letter);
        }
    }
}

/// A text's letters, each with the marks that stand on it.
fn letters(text: &str) -> Vec<&str> {
    let mut cuts: Vec<usize> =
        text.char_indices().filter(|(at, c)| *at == 0 || !is_combining_mark(*c)).map(|(at, _)| at).collect();
    cuts.push(text.len());
    cuts.windows(2).filter_map(|pair| text.get(*pair.first()?..*pair.last()?)).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn count(text: &str) -> i32 {
        i32::try_from(text.chars().count()).unwrap()
    }

    #[test]
    fn lines_break_at_spaces_then_at_fixed_ones_then_anywhere() {
        assert_eq!(wrap("one two three", 7, &count), ["one two", "three"]);
        assert_eq!(wrap("a 1.234,50\u{a0}TRY", 12, &count), ["a", "1.234,50\u{a0}TRY"]);
        assert_eq!(wrap("1.234,50\u{a0}TRY", 8, &count), ["1.234,50", "TRY"]);
        assert_eq!(wrap("ab 0123456789 cd", 4, &count), ["ab", "0123", "4567", "89", "cd"]);
        assert_eq!(wrap("  ", 4, &count), Vec::<String>::new());
    }

    #[test]
    fn a_mark_stays_on_its_letter() {
        assert_eq!(wrap("x\u{302}x\u{302}", 2, &count), ["x\u{302}", "x\u{302}"]);
    }

    proptest! {
        #[test]
        fn nothing_is_lost_and_nothing_is_too_wide(text in "[a-zşğİ0-9 \u{a0}]{0,80}", most in 1..40_i32) {
            let lines = wrap(&text, most, &count);
            prop_assert!(lines.iter().all(|line| !line.is_empty() && count(line) <= most));
            let bare = |text: &str| text.replace([' ', '\u{a0}'], "");
            prop_assert_eq!(bare(&lines.concat()), bare(&text));
        }
    }
}
