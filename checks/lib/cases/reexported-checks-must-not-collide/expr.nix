{ lib, ... }:
lib.reexportChecks {
  a.checks.x86_64-linux.b-c = 1;
  a-b.checks.x86_64-linux.c = 1;
}
