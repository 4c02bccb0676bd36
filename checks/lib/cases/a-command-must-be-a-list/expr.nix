{ expert, ... }:
expert {
  agent = {
    backend = "command";
    command = "my-agent --json";
  };
}
