{
  default = {
    path = ./flake;
    description = "A flake with an expert";
  };
  subflakes = {
    path = ./subflakes;
    description = "A repository of flakes whose experts know each other";
  };
  flake-parts = {
    path = ./flake-parts;
    description = "A flake of flake-parts with an expert";
  };
}
