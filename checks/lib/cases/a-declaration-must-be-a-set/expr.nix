{ lib, ... }: lib.mkPoagExpert "hello-py"
