{ lib, minimal, ... }: lib.mkPoagFlake (minimal // { output = "expert"; })
