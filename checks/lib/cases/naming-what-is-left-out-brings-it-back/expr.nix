{ known, ... }: {
  lock = known { include = [ "Cargo.lock" ]; };
  everyLock = known { include = [ "**/Cargo.lock" ]; };
  folder = known { include = [ "node_modules/m" ]; };
  result = known { include = [ "result" ]; };
  buildOutput = known {
    include = [
      "target/debug"
      "src/a.rs"
    ];
  };
  # Not these: they change whenever poag learns, or belong to another expert.
  never = known {
    include = [
      "poag.lock"
      "flake.lock"
      "sub"
      "README.md"
    ];
  };
  # A glob does not name what it happens to match.
  glob = known {
    include = [
      "*.lock"
      "**/*.js"
      "README.md"
    ];
  };
}
