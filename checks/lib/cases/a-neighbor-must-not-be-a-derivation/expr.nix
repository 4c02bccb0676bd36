{ expert, ... }:
expert {
  neighbors.hello-rs.expert = {
    type = "derivation";
  };
}
