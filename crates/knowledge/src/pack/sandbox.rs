//! What a prompt template may use. Templates come from repositories: they are kept to variables, `if`, `for` and
//! `raw`, so that no value can grow from step to step, and every turn of a loop is counted.

/// Statements that are allowed.
const STATEMENTS: &[&str] = &[
    "if", "elif", "else", "endif", "for", "endfor", "raw", "endraw", "break", "continue",
];
/// Branches by `elif` of a whole template: the engine takes each one inside of the one before, and some thousands of them
/// end the process for want of stack.
const MAX_BRANCHES: usize = 200;
/// Name of the function that counts turns of loops.
pub(super) const TICK: &str = "__turn";

/// The template with each turn of its loops counted by a call of [`TICK`].
///
/// # Errors
/// The construct that is not allowed.
pub(super) fn confine(template: &str) -> Result<String, String> {
    let mut confined = String::with_capacity(template.len() + 64);
    let mut rest = template;
    let mut branches = 0;
    while let Some(at) = tag_start(rest) {
        confined.push_str(&rest[..at]);
        rest = &rest[at..];
        if rest.starts_with("{#") {
            // An open comment is the parser's to report.
            let end = rest.find("#}").map_or(rest.len(), |end| end + 2);
            confined.push_str(&rest[..end]);
            rest = &rest[end..];
            continue;
        }
        let statement = rest.starts_with("{%");
        let end = tag_end(rest, if statement { "%}" } else { "}}" });
        let tag = &rest[..end];
        rest = &rest[end..];
        let words = words(tag);
        let first = words.first().map_or("", String::as_str);
        if statement && !STATEMENTS.contains(&first) {
            return Err(first.to_owned());
        }
        branches += usize::from(statement && first == "elif");
        if branches > MAX_BRANCHES {
            return Err(format!("elif more than {MAX_BRANCHES} times"));
        }
        if words
            .iter()
            .skip(usize::from(statement))
            .any(|word| word == "for")
        {
            return Err("for inside an expression".to_owned());
        }
        if words.iter().any(|word| word == TICK) {
            return Err(TICK.to_owned());
        }
        confined.push_str(tag);
        if statement && first == "for" {
            let trims = tag.ends_with("-%}");
            confined.push_str(&if trims {
                format!("{{{{- {TICK}() -}}}}")
            } else {
                format!("{{{{ {TICK}() }}}}")
            });
        }
        if statement && first == "raw" {
            let end = raw_end(rest);
            confined.push_str(&rest[..end]);
            rest = &rest[end..];
        }
    }
    confined.push_str(rest);
    Ok(confined)
}

fn tag_start(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    bytes
        .windows(2)
        .position(|pair| pair[0] == b'{' && matches!(pair[1], b'{' | b'%' | b'#'))
}

/// Behind the closing mark that is not inside a string.
fn tag_end(tag: &str, close: &str) -> usize {
    let bytes = tag.as_bytes();
    let mut quote = None;
    let mut at = 2;
    while at < bytes.len() {
        match quote {
            Some(open) if bytes[at] == open => quote = None,
            Some(_) if bytes[at] == b'\\' => at += 1,
            Some(_) => {}
            None if matches!(bytes[at], b'"' | b'\'' | b'`') => quote = Some(bytes[at]),
            None if bytes[at..].starts_with(close.as_bytes()) => return at + 2,
            None => {}
        }
        at += 1;
    }
    tag.len()
}

/// Start of `{% endraw %}`.
fn raw_end(text: &str) -> usize {
    let mut from = 0;
    while let Some(at) = text[from..].find("{%") {
        let inside = text[from + at + 2..].trim_start_matches('-').trim_start();
        if inside.starts_with("endraw") {
            return from + at;
        }
        from += at + 2;
    }
    text.len()
}

/// Identifiers of a tag that are not inside strings.
fn words(tag: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quote = None;
    let mut skip = false;
    for sign in tag.chars() {
        match quote {
            Some(_) if skip => skip = false,
            Some(_) if sign == '\\' => skip = true,
            Some(open) if sign == open => quote = None,
            Some(_) => {}
            None if matches!(sign, '"' | '\'' | '`') => quote = Some(sign),
            None if sign.is_alphanumeric() || sign == '_' => {
                if let Some(last) = words.last_mut() {
                    last.push(sign);
                }
                continue;
            }
            None => {}
        }
        if words.last().is_some_and(|last| !last.is_empty()) {
            words.push(String::new());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::confine;

    #[test]
    fn loops_are_counted_with_their_white_space_kept() {
        assert_eq!(
            confine("{% for a in b %}x{% endfor %}").unwrap(),
            "{% for a in b %}{{ __turn() }}x{% endfor %}"
        );
        assert_eq!(
            confine("{%- for a in b -%}\nx{%- endfor -%}").unwrap(),
            "{%- for a in b -%}{{- __turn() -}}\nx{%- endfor -%}"
        );
    }

    #[test]
    fn what_lets_values_grow_or_reaches_elsewhere_is_refused_by_name() {
        for (template, construct) in [
            ("{% set x = 1 %}", "set"),
            ("{%- set_global x = 1 %}", "set_global"),
            ("{% include '/etc/passwd' %}", "include"),
            ("{% extends 'a' %}", "extends"),
            ("{% block a %}{% endblock %}", "block"),
            ("{% component A() %}{% endcomponent A %}", "component"),
            ("{% filter upper %}{% endfilter %}", "filter"),
            ("{{ [x for x in y] }}", "for inside an expression"),
            (
                "{% for x in [y for y in z] %}{% endfor %}",
                "for inside an expression",
            ),
            ("{{ __turn() }}", "__turn"),
            ("{{ '%}' }}{% set x = 1 %}", "set"),
        ] {
            assert_eq!(confine(template).unwrap_err(), construct, "{template}");
        }
    }

    /// Found beside fuzzing: the engine ran out of stack.
    #[test]
    fn branches_are_counted() {
        let chain = |count| format!("{{% if a %}}{}{{% endif %}}", "{% elif a %}".repeat(count));
        assert!(confine(&chain(200)).is_ok());
        let refused = confine(&chain(20_000)).unwrap_err();
        assert_eq!(refused, "elif more than 200 times");
    }

    #[test]
    fn text_strings_comments_and_raw_are_left_alone() {
        for template in [
            "set include for",
            "{{ 'for' }}",
            "{# {% set x = 1 %} #}",
            "{% raw %}{% set x = 1 %}{% endraw %}",
            "{ % set }",
            "{{ \"}}\" }} for",
            "{{ open",
        ] {
            assert_eq!(confine(template).unwrap(), template);
        }
    }
}
