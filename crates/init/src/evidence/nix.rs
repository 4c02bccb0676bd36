//! What the outputs of a flake are called, as far as they are spelled out: packages, modules, overlays, library.

use std::collections::BTreeMap;

use rnix::ast::{AttrSet, AttrpathValue, Entry, Expr, HasEntry, Path};

use crate::flake::FlakeFile;
use crate::tree;

/// Outputs that others use → the contract that they become, and what one of them is called.
pub const KINDS: [(&str, &str, &str); 12] = [
    ("packages", "packages", "packages"),
    ("legacyPackages", "packages", "packages"),
    ("nixosModules", "nixos-modules", "NixOS modules"),
    ("nixosModule", "nixos-modules", "NixOS modules"),
    ("homeModules", "home-modules", "Home Manager modules"),
    ("homeManagerModules", "home-modules", "Home Manager modules"),
    ("darwinModules", "darwin-modules", "nix-darwin modules"),
    ("flakeModules", "flake-modules", "flake-parts modules"),
    ("overlays", "overlays", "overlays"),
    ("overlay", "overlays", "overlays"),
    ("lib", "nix-library", "Nix functions"),
    ("templates", "templates", "flake templates"),
];

/// One kind of output.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct NixOutput {
    /// The names in it, sorted; empty where they are computed.
    pub names: Vec<String>,
    /// Relative paths that its values name.
    pub paths: Vec<String>,
    /// The line of its first binding.
    pub line: usize,
}

/// Output → what is in it.
pub fn outputs(flake: &FlakeFile) -> BTreeMap<&'static str, NixOutput> {
    let mut out: BTreeMap<&'static str, NixOutput> = BTreeMap::new();
    let Ok((binding, _)) = flake.outputs() else {
        return out;
    };
    for binding in tree::all::<_, AttrpathValue>(&binding) {
        let (Some(path), Some(value)) = (binding.attrpath(), binding.value()) else {
            continue;
        };
        let path = tree::names(&path);
        // `flake.overlays` in a module of flake-parts.
        let path = match path.first() {
            Some(Some(first)) if first == "flake" && path.len() > 1 => &path[1..],
            _ => &path[..],
        };
        let kind = path.first().and_then(Option::as_deref);
        let Some((kind, ..)) = KINDS.iter().find(|(name, ..)| Some(*name) == kind) else {
            continue;
        };
        if !is_output(&binding) {
            continue;
        }
        let mut names: Vec<String> = path[1..]
            .iter()
            .flatten()
            .filter(|name| !is_system(name))
            .take(1)
            .cloned()
            .collect();
        if names.is_empty() {
            names = members(value.clone(), 0);
        }
        let paths: Vec<String> = tree::all::<_, Path>(&value)
            .map(|path| tree::text(&path))
            .collect();
        if names.is_empty() && paths.is_empty() && matches!(value, Expr::List(_)) {
            continue;
        }
        if !names.is_empty() && !names.iter().any(|name| is_product(name)) {
            continue;
        }
        let entry = out.entry(kind).or_default();
        if entry.line == 0 {
            entry.line = flake.line(&binding);
        }
        entry.names.extend(names);
        entry.paths.extend(
            paths
                .iter()
                .filter_map(|path| path.strip_prefix("./"))
                .map(str::to_owned),
        );
    }
    for output in out.values_mut() {
        output.names.retain(|name| is_product(name));
        output.names.sort();
        output.names.dedup();
        output.paths.sort();
        output.paths.dedup();
    }
    out
}

/// Whether the flake spells out checks of its own.
pub fn has_checks(flake: &FlakeFile) -> bool {
    let Ok((binding, _)) = flake.outputs() else {
        return false;
    };
    tree::all::<_, AttrpathValue>(&binding).any(|binding| {
        let path = binding.attrpath().map(|path| tree::names(&path));
        let named = path.is_some_and(|path| path.iter().flatten().any(|name| name == "checks"));
        named && is_output(&binding)
    })
}

/// `packages` of a shell or of a system's configuration is no output: what stands around an output is a set that a
/// function of systems, or nothing, gives.
fn is_output(binding: &AttrpathValue) -> bool {
    let mut outer: Option<AttrpathValue> = tree::around(binding);
    for _ in 0..8 {
        let Some(one) = outer else {
            return true;
        };
        let name = one
            .attrpath()
            .and_then(|path| path.attrs().next())
            .and_then(|attr| tree::name(&attr));
        match name.as_deref() {
            Some("outputs") => return true,
            Some("perSystem" | "flake") => (),
            _ => return false,
        }
        outer = tree::around(&one);
    }
    false
}

/// Whether others want what has such a name: not documentation, tests, benchmarks or configurations of machines.
fn is_product(name: &str) -> bool {
    let last = name.rsplit(['-', '_']).next().unwrap_or(name);
    let aside = [
        "bench",
        "benchmark",
        "benchmarks",
        "doc",
        "docs",
        "example",
        "examples",
        "manual",
        "test",
        "tests",
    ];
    !aside.contains(&last) && !name.ends_with("Configurations")
}

/// `x86_64-linux`, and no `nix-darwin`.
fn is_system(name: &str) -> bool {
    let cpus = [
        "x86_64",
        "aarch64",
        "i686",
        "armv6l",
        "armv7l",
        "riscv64",
        "powerpc64le",
        "powerpc64",
        "mipsel",
        "s390x",
        "loongarch64",
    ];
    let known = name.split_once('-');
    known.is_some_and(|(cpu, system)| cpus.contains(&cpu) && !system.is_empty())
}

/// The names in the set that a value is, behind functions of systems.
fn members(value: Expr, depth: usize) -> Vec<String> {
    let (value, _) = tree::tail(value);
    if depth > 4 {
        return Vec::new();
    }
    match value {
        Expr::AttrSet(set) => names(&set, depth),
        Expr::Lambda(function) => function
            .body()
            .map_or_else(Vec::new, |body| members(body, depth + 1)),
        // `forAllSystems (system: { … })`; what other functions are given is not what they give.
        Expr::Apply(call) => match call.argument().map(|argument| tree::tail(argument).0) {
            Some(function @ Expr::Lambda(_)) => members(function, depth + 1),
            _ => Vec::new(),
        },
        Expr::BinOp(both) => {
            let sides = [both.lhs(), both.rhs()];
            sides
                .into_iter()
                .flatten()
                .flat_map(|side| members(side, depth + 1))
                .collect()
        }
        _ => Vec::new(),
    }
}

fn names(set: &AttrSet, depth: usize) -> Vec<String> {
    let mut out = Vec::new();
    for entry in set.entries() {
        match entry {
            Entry::Inherit(inherit) => {
                out.extend(inherit.attrs().filter_map(|attr| tree::name(&attr)))
            }
            Entry::AttrpathValue(binding) => {
                let first = binding
                    .attrpath()
                    .and_then(|path| path.attrs().next())
                    .and_then(|attr| tree::name(&attr));
                match first {
                    Some(name) if is_system(&name) => {
                        out.extend(
                            binding
                                .value()
                                .map_or_else(Vec::new, |value| members(value, depth + 1)),
                        );
                    }
                    Some(name) => out.push(name),
                    None => out.extend(
                        binding
                            .value()
                            .map_or_else(Vec::new, |value| members(value, depth + 1)),
                    ),
                }
            }
        }
    }
    out
}
