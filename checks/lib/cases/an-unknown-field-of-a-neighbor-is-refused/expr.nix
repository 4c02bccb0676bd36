{
  expert,
  hello-rs,
  ...
}:
expert {
  neighbors.hello-rs = {
    expert = hello-rs;
    need.hello = "the text";
  };
}
