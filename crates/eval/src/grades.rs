//! `poag-eval grades`: how right plans were, over all works of this machine.

use std::fmt::Write as _;
use std::path::PathBuf;

use poag_core::work::grade::PlanGrade;
use poag_engine::work::GradedPlan;
use poag_engine::{Engine, EngineSettings};

/// Lists how right plans were by what came of them, over all works of this machine, the newest first
///
/// Named are the files that a plan says have to change, changed are those that the tasks of its work changed. Precision is the
/// share of the first that is in the second, recall the share of the second that is in the first.
#[derive(clap::Args, Debug)]
pub struct Grades {
    /// poag's state folder, such as ~/.local/state/poag
    #[arg(long, value_name = "FOLDER")]
    state: PathBuf,
    /// Of works alone whose branch was landed and not taken back
    #[arg(long)]
    landed: bool,
    /// For a script: one JSON object a work
    #[arg(long)]
    json: bool,
}

/// Runs the verb.
pub fn run(args: &Grades) -> Result<(), Box<dyn std::error::Error>> {
    let state = std::path::absolute(&args.state)?;
    if !state.is_dir() {
        let said = format!(
            "{} is no folder\nrepair: name the one that poag uses",
            state.display()
        );
        return Err(said.into());
    }
    let settings = EngineSettings::new(state.join("cache"), state.clone(), state);
    let mut plans = Engine::new(settings).plan_grades(None)?;
    plans.retain(|plan| plan.landed || !args.landed);
    let text = match args.json {
        true => lines(&plans)?,
        false => table(&plans),
    };
    print!("{text}");
    Ok(())
}

fn lines(plans: &[GradedPlan]) -> Result<String, serde_json::Error> {
    let mut text = String::new();
    for plan in plans {
        text.push_str(&serde_json::to_string(plan)?);
        text.push('\n');
    }
    Ok(text)
}

fn table(plans: &[GradedPlan]) -> String {
    let mut text = "work           named  changed  both  precision  recall  request\n".to_owned();
    let (mut precisions, mut recalls) = (Vec::new(), Vec::new());
    for plan in plans {
        let PlanGrade {
            hit,
            unneeded,
            missed,
        } = &plan.grade;
        let (precision, recall) = (plan.grade.precision(), plan.grade.recall());
        precisions.extend(precision);
        recalls.extend(recall);
        let request: String = plan
            .request
            .chars()
            .filter(|c| !c.is_control())
            .take(60)
            .collect();
        // Writing to a string does not fail.
        let _ = writeln!(
            text,
            "{:13}  {:5}  {:7}  {:4}  {:>9}  {:>6}  {request}",
            plan.work.get(..13).unwrap_or(&plan.work),
            hit.len() + unneeded.len(),
            hit.len() + missed.len(),
            hit.len(),
            share(precision),
            share(recall)
        );
    }
    let _ = writeln!(
        text,
        "{} works, on average                {:>9}  {:>6}",
        plans.len(),
        share(mean(&precisions)),
        share(mean(&recalls))
    );
    text
}

fn mean(shares: &[f64]) -> Option<f64> {
    let count = u32::try_from(shares.len())
        .ok()
        .filter(|count| *count > 0)?;
    Some(shares.iter().sum::<f64>() / f64::from(count))
}

fn share(share: Option<f64>) -> String {
    share.map_or("-".to_owned(), |share| format!("{:.0} %", share * 100.0))
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;

    #[test]
    fn each_work_has_a_line_and_all_have_an_average() {
        let set = |paths: &[&str]| -> BTreeSet<String> {
            paths.iter().map(ToString::to_string).collect()
        };
        let plan = |hit: &[&str], unneeded: &[&str], missed: &[&str]| GradedPlan {
            work: "0198b1c2-aaaa-7bbb".into(),
            run: "run".into(),
            flake: "/f".into(),
            began: 0,
            request: "Be\u{1b}[31m polite".into(),
            landed: true,
            grade: PlanGrade {
                hit: set(hit),
                unneeded: set(unneeded),
                missed: set(missed),
            },
            experts: BTreeMap::new(),
        };
        let table = table(&[plan(&["a"], &[], &["b"]), plan(&["a"], &["b"], &[])]);
        let lines: Vec<&str> = table.lines().collect();
        assert_eq!(
            lines[1],
            "0198b1c2-aaaa      1        2     1      100 %    50 %  Be[31m polite"
        );
        assert!(lines[3].starts_with("2 works, on average"), "{table}");
        assert!(lines[3].ends_with("75 %    75 %"), "{table}");
    }
}
