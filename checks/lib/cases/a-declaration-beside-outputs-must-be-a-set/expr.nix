{ lib, ... }: lib.withExperts (_: 1) { } { }
