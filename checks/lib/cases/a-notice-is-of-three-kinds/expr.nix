{ expert, ... }:
expert {
  work.notify.me = {
    command = [ "mail" ];
    on = [ "dnoe" ];
  };
}
