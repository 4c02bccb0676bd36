use super::folder::{graph, pack, two};
use crate::pack::{Pack, PackError};

fn with(template: &str, budget: usize) -> Result<Pack, PackError> {
    let (app, lib) = two();
    let graph = graph(app.path(), lib.path(), |graph| {
        graph["experts"]["app"]["prompt"] = template.into();
    });
    pack(&graph, Some(budget))
}

fn refusal(template: &str) -> String {
    with(template, 8000).unwrap_err().to_string()
}

#[test]
fn the_experts_own_template_replaces_the_default_one() {
    let pack = with(
        "I am {{ name }}.{% for source in sources %} {{ source.path }}{% endfor %}",
        8000,
    )
    .unwrap();
    assert_eq!(
        pack.text,
        "I am app. README.md src/used.rs src/main.rs src/other.rs tests/run.rs"
    );
}

#[test]
fn nothing_is_escaped() {
    let (app, lib) = two();
    let graph = graph(app.path(), lib.path(), |graph| {
        graph["experts"]["app"]["role"] = "Owns <b> & \"c\".".into();
        graph["experts"]["app"]["prompt"] = "{{ role }}".into();
    });
    assert_eq!(pack(&graph, None).unwrap().text, "Owns <b> & \"c\".");
}

#[test]
fn an_unknown_variable_is_an_error_that_names_it_the_expert_and_the_repair() {
    assert_eq!(
        refusal("{{ rol }}"),
        "the prompt template of expert 'app' uses the unknown variable 'rol', did you mean 'role'?\n\
         repair: use one of name, role, dir, budget, provides, neighbors, checks, capabilities, outline, sources, left_out, left_out_more; templates/expert.md.tera of poag documents them"
    );
    assert!(refusal("{% if no_such_thing %}x{% endif %}").contains("'no_such_thing'\nrepair: "));
}

#[test]
fn an_unknown_field_a_wrong_filter_and_a_syntax_error_are_errors_with_the_repair() {
    for template in [
        "{% for source in sources %}{{ source.nonsense }}{% endfor %}",
        "{{ name | no_such_filter }}",
        "{% if name %}",
        "{{ name",
        "{% endif %}",
    ] {
        let error = refusal(template);
        assert!(
            error.starts_with("the prompt template of expert 'app' cannot be rendered: "),
            "{error}"
        );
        assert!(
            error.ends_with("\nrepair: correct the file that `prompt` of mkPoagExpert names, or remove `prompt` to use the default template"),
            "{error}"
        );
    }
}

#[test]
fn a_template_reaches_no_file_and_sets_no_variable() {
    for (template, construct) in [
        ("{% include \"/etc/passwd\" %}", "include"),
        ("{% set x = role ~ role %}{{ x }}", "set"),
        ("{% extends \"other\" %}", "extends"),
    ] {
        assert_eq!(
            refusal(template),
            format!(
                "the prompt template of expert 'app' uses `{construct}`, which a prompt template may not\n\
                 repair: use only variables, `if`, `for`, `raw` and comments"
            )
        );
    }
}

#[test]
fn loops_end_and_output_stays_within_bounds() {
    let range = "range(end=100000)";
    let forever =
        format!("{{% for a in {range} %}}{{% for b in {range} %}}{{% endfor %}}{{% endfor %}}");
    assert!(
        refusal(&forever).contains("its loops take more than 200000 turns"),
        "{}",
        refusal(&forever)
    );
    let large = format!("{{% for a in {range} %}}{}{{% endfor %}}", "x".repeat(1000));
    assert!(
        refusal(&large).contains("it renders to more than 16777216 bytes"),
        "{}",
        refusal(&large)
    );
    let joined = format!("{{{{ {range} | join(sep=\"{}\") }}}}", "x".repeat(1000));
    assert!(
        refusal(&joined).contains("`join` makes more than"),
        "{}",
        refusal(&joined)
    );
    let grown = "{{ name | replace(from=\"a\", to=\"aaaaaaaa\") }}";
    assert!(
        refusal(grown).contains("not available in prompt templates"),
        "{}",
        refusal(grown)
    );
}

#[test]
fn a_template_that_repeats_the_sources_still_obeys_the_budget() {
    let one = "{% for source in sources %}{{ source.text }}{% endfor %}";
    for budget in [300, 600, 1200] {
        let pack = with(&one.repeat(9), budget).unwrap();
        assert!(
            pack.tokens <= budget && pack.tokens > budget / 4,
            "{}",
            pack.tokens
        );
    }
    let error = with(&"role ".repeat(400), 300).unwrap_err().to_string();
    assert!(error.contains("does not fit into 300 tokens"), "{error}");
}
