{ expert, ... }:
expert {
  knowledge.include = [
    "src"
    1
  ];
}
