{
  expert,
  hello-rs,
  ...
}:
expert {
  neighbors.hello-rs = {
    expert = hello-rs;
    needs = [ "hello" ];
  };
}
