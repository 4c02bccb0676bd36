{ expert, ... }:
expert {
  agent = {
    backend = "command";
    command = [ ];
  };
}
