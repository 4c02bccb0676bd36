{ expert, ... }:
expert {
  work.notify.me = {
    url = "example.org";
    secretEnv = "S";
  };
}
