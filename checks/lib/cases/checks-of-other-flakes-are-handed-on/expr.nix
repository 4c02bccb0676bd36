{ lib, ... }:
lib.reexportChecks {
  hello-rs = {
    checks.x86_64-linux.test = 1;
    checks.aarch64-linux.test = 2;
  };
  hello-py.checks.x86_64-linux = {
    test = 3;
    poag-hello-py = 4;
  };
  without = { };
}
