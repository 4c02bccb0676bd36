# What every case of the library's tests is called with.
let
  lib = import ../../lib {
    mkApp =
      system:
      {
        dir,
        expert,
      }:
      "/app/${system}/${expert}/${dir}";
    mkRun = system: run: run // { inherit system; };
  };

  hello-rs = lib.mkPoagExpert {
    name = "hello-rs";
    src = ./fixtures/hello-rs;
    role = "Owns the Rust library.";
    provides.hello = {
      summary = "hello() -> &str";
      files = [ "src/lib.rs" ];
    };
  };

  minimal = {
    name = "hello-py";
    src = ./fixtures/hello-py;
    role = "Owns the Python package.";
  };
in
{
  inherit lib hello-rs minimal;

  # A valid declaration with some of its fields replaced.
  expert = fields: lib.mkPoagExpert (minimal // fields);

  fixtures = ./fixtures;

  # Several experts of one flake; what is given replaces parts of it.
  workspace =
    fields:
    lib.mkPoagFlake (
      {
        name = "workspace";
        src = ./fixtures/workspace;
        experts = {
          core = {
            src = ./fixtures/workspace/packages/core;
            role = "Owns the core.";
            provides.api = {
              summary = "price(items) -> Money";
              files = [ "src" ];
            };
          };
          plugin = {
            src = ./fixtures/workspace/packages/core/plugin;
            role = "Owns the plugin.";
          };
          cli = {
            src = ./fixtures/workspace/packages/cli;
            role = "Owns the command line.";
            neighbors.core.needs.api = "what it prints";
          };
        };
      }
      // fields
    );

  # A part of the library that is not public.
  internal = file: import (../../lib/internal + "/${file}.nix");

  # The files that an expert of the project in the fixtures knows.
  known =
    knowledge:
    builtins.attrNames
      (import ../../lib/internal/knowledge.nix (
        {
          name = "project";
          src = ./fixtures/project;
          folders = { };
          declaredIn = null;
          include = [ ];
          exclude = [ ];
          follows = _: false;
          refuseLink = _: throw;
          linkContext = _: "";
        }
        // knowledge
      )).files;

  # What a flake input looks like to the function `outputs`.
  flake =
    outputs:
    outputs
    // {
      _type = "flake";
      inherit outputs;
      inputs = { };
      outPath = toString ./fixtures/hello-rs;
    };
}
