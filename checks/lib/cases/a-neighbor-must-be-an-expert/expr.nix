{ expert, ... }:
expert {
  neighbors.hello-rs.expert = {
    name = "hello-rs";
  };
}
