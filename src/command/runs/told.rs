//! How things are said in lists and stories: times, numbers, and text that fits the terminal.

#![expect(clippy::disallowed_methods, reason = "the command line reads it")]

use crate::agent::Usage;

/// Where nobody says how wide it is.
const WIDTH: usize = 100;

/// Columns of the terminal, or of a page.
pub fn width() -> usize {
    let terminal = terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
    let said = || std::env::var("COLUMNS").ok()?.parse().ok();
    terminal.or_else(said).unwrap_or(WIDTH).clamp(40, 200)
}

/// A moment, to the minute, in UTC.
pub fn time(millis: i64) -> String {
    match jiff::Timestamp::from_millisecond(millis) {
        Ok(at) => at.strftime("%Y-%m-%d %H:%M").to_string(),
        Err(_) => "?".into(),
    }
}

/// How long something took.
pub fn duration(millis: u64) -> String {
    crate::duration::shown(std::time::Duration::from_millis(millis))
}

/// A time that goes on, in whole seconds.
pub fn clock(time: std::time::Duration) -> String {
    match time.as_secs() {
        seconds @ 0..60 => format!("{seconds} s"),
        seconds => format!("{} min {} s", seconds / 60, seconds % 60),
    }
}

/// An amount of bytes.
pub fn bytes(bytes: u64) -> String {
    match bytes {
        0..10_000 => format!("{bytes} bytes"),
        10_000..10_000_000 => format!("{} kB", bytes / 1000),
        _ => format!("{} MB", bytes / 1_000_000),
    }
}

/// A number with its thousands apart.
pub fn number(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Tokens and money; empty where there were none.
pub fn cost(usage: &Usage) -> String {
    let mut parts = Vec::new();
    if usage.input_tokens > 0 || usage.output_tokens > 0 {
        let cached = match usage.cached_tokens {
            0 => String::new(),
            cached => format!(" ({} from a cache)", number(cached)),
        };
        parts.push(format!(
            "sent {} tokens{cached}, received {}",
            number(usage.input_tokens),
            number(usage.output_tokens)
        ));
    }
    if usage.cost_usd > 0.0 {
        parts.push(format!("{:.4} USD", usage.cost_usd));
    }
    parts.join(", ")
}

/// The beginning of a text, on one line of at most `most` characters.
pub fn cut(text: &str, most: usize) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= most {
        return line;
    }
    let mut short: String = line.chars().take(most.saturating_sub(1)).collect();
    short.push('…');
    short
}

/// Text in lines of at most `width` characters, at most `most` of them; words that are longer stand alone.
pub fn wrapped(text: &str, width: usize, most: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for paragraph in text.lines() {
        let mut line = String::new();
        for word in paragraph.split_whitespace() {
            let longer = line.chars().count() + 1 + word.chars().count();
            if !line.is_empty() && longer > width {
                lines.push(std::mem::take(&mut line));
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        if !line.is_empty() {
            lines.push(line);
        }
    }
    if lines.len() > most {
        lines.truncate(most);
        if let Some(last) = lines.last_mut() {
            last.push_str(" …");
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_times_and_costs_are_said_as_people_say_them() {
        assert_eq!([number(7), number(1234567)], ["7", "1,234,567"]);
        let times = [duration(12), duration(61_500), duration(1_250)];
        assert_eq!(times, ["12 ms", "1 min 2 s", "1.3 s"]);
        let usage = Usage {
            input_tokens: 1200,
            cached_tokens: 1000,
            output_tokens: 5,
            cost_usd: 0.01,
        };
        let said = "sent 1,200 tokens (1,000 from a cache), received 5, 0.0100 USD";
        assert_eq!(cost(&usage), said);
        assert_eq!(cost(&Usage::default()), "");
    }

    #[test]
    fn long_text_is_cut_and_wrapped_at_its_words() {
        assert_eq!(cut("one\n two three", 8), "one two…");
        assert_eq!(
            wrapped("one two three\nfour", 7, 9),
            ["one two", "three", "four"]
        );
        assert_eq!(wrapped("a b c", 1, 2), ["a", "b …"]);
    }
}
