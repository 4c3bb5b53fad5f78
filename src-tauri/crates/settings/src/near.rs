//! The word that was probably meant.

/// The nearest of `words` that is at most two slips away and not a different word altogether.
pub(crate) fn nearest<'a>(written: &str, words: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let written: Vec<char> = written.to_lowercase().chars().take(64).collect();
    words
        .into_iter()
        .map(|word| (slips(&written, &word.to_lowercase().chars().collect::<Vec<_>>()), word))
        .filter(|(slips, word)| *slips <= 2 && slips.saturating_mul(2) < word.chars().count())
        .min_by_key(|(slips, _)| *slips)
        .map(|(_, word)| word)
}

/// How many letters must be added, dropped or replaced, or neighbours swapped, to get from one to the other.
fn slips(from: &[char], to: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=to.len()).collect();
    for (row, a) in from.iter().enumerate() {
        let mut current = vec![row + 1];
        for (column, b) in to.iter().enumerate() {
            let at = |line: &[usize], index: usize| line.get(index).copied().unwrap_or(usize::MAX / 2);
            let mut best = at(&above, column) + usize::from(a != b);
            best = best.min(at(&above, column + 1) + 1).min(at(&current, column) + 1);
            let swapped = row > 0 && column > 0 && from.get(row - 1) == Some(b) && to.get(column - 1) == Some(a);
            if swapped {
                best = best.min(at(&before, column - 1) + 1);
            }
            current.push(best);
        }
        before = std::mem::replace(&mut above, current);
    }
    above.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_slip_of_the_finger_is_recognised() {
        let words = ["finrota", "yolcu360"];
        for written in ["finrotta", "finroat", "FINROTA", "inrota", "finrrotaa"] {
            assert_eq!(nearest(written, words), Some("finrota"), "{written}");
        }
        assert_eq!(nearest("yolcu", words), None);
        assert_eq!(nearest("stripe", words), None);
    }

    #[test]
    fn short_words_are_not_guessed_from_nothing() {
        assert_eq!(nearest("x", ["id", "token"]), None);
        assert_eq!(nearest("", ["id"]), None);
    }
}
