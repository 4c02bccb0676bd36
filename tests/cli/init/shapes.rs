//! The shapes that flakes in the wild have: each is edited, and what stood there stands there still.

use super::init;
use crate::harness::Repository;

/// flake-utils and flake-parts as far as these flakes use them.
const UTILS: &str = r#"{
  outputs = _: {
    lib.eachDefaultSystem = outputs: builtins.mapAttrs (name: value: { x86_64-linux = value; aarch64-linux = value; }) (outputs "x86_64-linux");
  };
}
"#;
pub const PARTS: &str = r#"{
  outputs = _: {
    lib.mkFlake = { inputs }: given:
      let
        module = if builtins.isFunction given then given { } else given;
        types = {
          raw = null; path = null; lazyAttrsOf = _: null; listOf = _: null; nullOr = _: null; functionTo = _: null;
          either = _: _: null; submoduleWith = { modules, ... }: builtins.head modules;
        };
        poag =
          let read = value: if builtins.isPath value then read (import value) else if builtins.isFunction value then value { inherit inputs; } else value;
          in read module.poag;
        lib = { mkOption = option: option; inherit types; };
        load = one:
          let
            options = loaded.options.poag.type.options;
            defaulted = builtins.filter (name: options.${name} ? default) (builtins.attrNames options);
            defaults = builtins.listToAttrs (map (name: { inherit name; value = options.${name}.default; }) defaulted);
            loaded = one { inherit lib; config = { inherit (module) systems; poag = defaults // poag; }; inherit inputs; };
          in
          loaded.config.flake;
      in
      builtins.foldl' (all: one: all // load one) (module.flake or { }) (module.imports or [ ]);
  };
}
"#;

/// Name, expected shape, flake.nix.
const SHAPES: [(&str, &str, &str); 15] = [
    (
        "names",
        "front",
        "{\n  inputs.utils.url = \"path:../utils\";\n  outputs = { self, utils }: {\n    x = 1; # kept\n  };\n}\n",
    ),
    (
        "one-line",
        "front",
        "{ inputs = { utils.url = \"path:../utils\"; }; outputs = { self, utils }: { x = 1; }; }\n",
    ),
    (
        "whole-inputs",
        "front",
        "{\n  outputs = inputs: {\n    x = 1;\n  };\n}\n",
    ),
    (
        "bound-inputs",
        "front",
        "{\n  inputs = {\n    utils.url = \"path:../utils\"; # why\n  };\n\n  outputs =\n    inputs@{ self, ... }:\n    let\n      one = 1; # a comment\n    in\n    {\n      x = one;\n    };\n}\n",
    ),
    (
        "bound-behind",
        "front",
        "{\n  outputs = { self }@args: {\n    x = args.self;\n  };\n}\n",
    ),
    (
        "leading-commas",
        "front",
        "{\n  inputs = {\n    utils.url = \"path:../utils\";\n  };\n  outputs =\n    { self\n    , utils # kept\n    }:\n    {\n      x = 1;\n    };\n}\n",
    ),
    ("nothing", "front", "{\n  outputs = _: { };\n}\n"),
    ("ellipsis", "front", "{\n  outputs = { ... }: {\n  };\n}\n"),
    (
        "each-system",
        "front",
        "{\n  inputs.utils = {\n    url = \"path:../utils\";\n  };\n\n  # What it makes.\n  outputs = { self, utils }:\n    utils.lib.eachDefaultSystem (system: {\n      checks = { }; # none yet\n      apps = { };\n    });\n}\n",
    ),
    (
        "merged",
        "front",
        "{\n  inputs.utils.url = \"path:../utils\";\n  outputs = { self, utils, ... }: utils.lib.eachDefaultSystem (system: {\n    checks = { };\n  }) // {\n    x = 1;\n  };\n}\n",
    ),
    (
        "own-checks",
        "front",
        "{\n  outputs = { self }:\n    let\n      text = ''\n        kept as\n          it is\n      '';\n    in\n    {\n      checks.x86_64-linux = { };\n      x = text;\n    };\n}\n",
    ),
    (
        "imported",
        "front",
        "{\n  outputs = inputs: import ./outputs.nix inputs;\n}\n",
    ),
    (
        "parts",
        "flake-parts",
        "{\n  inputs.parts.url = \"path:../parts\";\n\n  outputs = inputs@{ parts, ... }:\n    parts.lib.mkFlake { inherit inputs; } {\n      imports = [ ];\n      systems = [ \"x86_64-linux\" ];\n    };\n}\n",
    ),
    (
        "parts-function",
        "flake-parts",
        "{\n  inputs.parts.url = \"path:../parts\";\n  outputs = { self, parts, ... }@inputs: parts.lib.mkFlake { inherit inputs; } ({ ... }: {\n    systems = [ \"x86_64-linux\" \"aarch64-linux\" ];\n  });\n}\n",
    ),
    (
        "shadowed",
        "front",
        "{\n  outputs = { self }:\n    let\n      poag = 1;\n    in\n    {\n      x = poag;\n    };\n}\n",
    ),
];

#[test]
fn every_shape_gets_an_expert_that_learns_and_keeps_its_own_lines() {
    // Elsewhere: Nix 2.26 cannot look into inputs of the same repository for the names of outputs.
    let elsewhere = Repository::new();
    elsewhere.write("utils/flake.nix", UTILS);
    elsewhere.write("parts/flake.nix", PARTS);
    elsewhere.commit("begin");
    let url = format!("git+file://{}?dir=", elsewhere.root.display());
    let repository = Repository::new();
    let shapes = SHAPES.map(|(name, shape, flake)| (name, shape, flake.replace("path:../", &url)));
    for (name, _, flake) in &shapes {
        repository.write(&format!("{name}/flake.nix"), flake);
        repository.write(
            &format!("{name}/outputs.nix"),
            "{ self, ... }: { x = 1; }\n",
        );
    }
    repository.commit("begin");
    for (name, shape, before) in &shapes {
        let json = super::proposals(&repository, name, &[]);
        assert_eq!(json["flakes"][0]["shape"], *shape, "{name}: {json:#}");
        init(&repository, name, &[]);
        let after = repository.read(&format!("{name}/flake.nix"));
        // Few lines change: what the outputs are stays where it was, behind the call in front of it.
        let lines: Vec<&str> = before.lines().collect();
        let kept = after.lines().filter(|line| lines.contains(line)).count();
        let changed = lines.len() - kept.min(lines.len());
        assert!(changed <= 3, "{name} changes {changed} lines:\n{after}");
        let call = "poag.lib.withExperts ./poag.nix";
        let module = after.contains("poag = ./poag.nix;");
        assert_eq!(after.contains(call), !module, "{name}:\n{after}");
        assert!(
            !after.lines().any(|line| line.ends_with(' ')),
            "{name}:\n{after}"
        );
        for comment in [
            "# kept",
            "# why",
            "# a comment",
            "# What it makes.",
            "# none yet",
        ] {
            assert_eq!(
                before.contains(comment),
                after.contains(comment),
                "{name}:\n{after}"
            );
        }
        let learned = repository
            .poag(name)
            .args(["learn", "--quiet"])
            .output()
            .unwrap();
        assert!(
            learned.status.success(),
            "{name}:\n{after}\n{}",
            crate::harness::text(&learned.stderr)
        );
        repository
            .poag(name)
            .args(["check", "--quiet"])
            .assert()
            .success();
        let again = repository
            .poag(name)
            .args(["init", "--yes", "--quiet"])
            .env("POAG_URL", "x:y")
            .assert();
        again
            .success()
            .stdout("./flake.nix has an expert already\n");
        assert_eq!(repository.read(&format!("{name}/flake.nix")), after);
        let whole = repository.nix(name, &["eval", "--json", ".#.", "--apply", "outputs: builtins.attrNames outputs.checks.x86_64-linux ++ builtins.attrNames outputs.apps.x86_64-linux"]);
        let names = crate::harness::text(&whole.stdout);
        assert_eq!(
            names.trim(),
            format!("[\"poag-{name}\",\"poag\"]"),
            "{}",
            crate::harness::text(&whole.stderr)
        );
    }
    // The old way, without a poag.nix.
    for (name, shape) in [
        ("names", "set"),
        ("parts", "flake-parts"),
        ("merged", "whole"),
    ] {
        let Some((_, _, flake)) = shapes.iter().find(|(shape, ..)| *shape == name) else {
            panic!("{name} is no shape");
        };
        let name = &format!("{name}-inline");
        repository.write(&format!("{name}/flake.nix"), flake);
        repository.git(&["add", name]);
        let json = super::proposals(&repository, name, &["--inline"]);
        assert_eq!(json["flakes"][0]["shape"], shape, "{name}: {json:#}");
        init(&repository, name, &["--inline"]);
        repository
            .poag(name)
            .args(["learn", "--quiet"])
            .assert()
            .success();
        assert_eq!(repository.verdict(name), None, "{name}");
    }
    // One of each kind, by nix itself.
    for name in ["bound-inputs", "each-system"] {
        assert_eq!(repository.verdict(name), None, "{name}");
    }
}
