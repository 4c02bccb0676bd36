# A C program that knows only include/hello.h links the shared library and gets its greetings.
{ pkgs, package }:
pkgs.runCommandCC "hello-rs-c-abi" { } ''
  cc -std=c99 -Wall -Wextra -Werror ${../tests/c/greet.c} \
    -I ${package}/include -L ${package}/lib -lhello_rs -Wl,-rpath,${package}/lib -o greet
  ./greet
  touch $out
''
