{ expert, ... }:
let
  hello-py = expert { neighbors.hello-py.expert = hello-py; };
in
hello-py
