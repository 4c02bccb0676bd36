{ lib, ... }: lib.reexportChecks { hello-rs = "hello-rs"; }
